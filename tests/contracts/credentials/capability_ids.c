// capabilities(7), effect of user id changes: leaving root clears permitted, effective and ambient, unless one id stays 0 or
// PR_SET_KEEPCAPS; the effective id switches the effective set, fsuid the file part of it.
#include "tests/contracts/credentials/capabilities.h"
#include <sys/fsuid.h>

static void in_child(char const* what, void (*body)(void))
{
    pid_t const child = fork_child();
    if (child == 0) {
        printf("%s\n", what);
        body();
        leave(0);
    }
    show_end(what, child);
}

static void leave_root(void)
{
    require(set_sets(all_capabilities, all_capabilities, BIT(KILL)) == 0, "capset");
    show("ambient", prctl(AMBIENT, AMBIENT_RAISE, KILL, 0, 0));
    show("setresuid", setresuid(1000, 1000, 1000));
    show_sets("  now");
}

static void keep_saved(void)
{
    show("setresuid", setresuid(1000, 1000, 0));
    show_sets("  effective is gone");
    show("back", seteuid(0));
    show_sets("  effective is back");
    show("setuid", setuid(1000));
    show_sets("  for good");
}

static void keep_capabilities(void)
{
    show("keep", prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0));
    show("is kept", prctl(PR_GET_KEEPCAPS, 0, 0, 0, 0));
    show("setresuid", setresuid(1000, 1000, 1000));
    show_sets("  permitted stays");
    show("raise", set_sets(BIT(SETUID), BIT(SETUID) | BIT(CHOWN), 0));
    show("setuid as of right", setuid(77));
    show_sets("  another id");
    show("to root", setresuid(0, 0, 0));
    show_sets("  effective is all that is permitted");
    show("bad value", prctl(PR_SET_KEEPCAPS, 2, 0, 0, 0));
}

static void file_ids(void)
{
    setfsuid(1000);
    show_sets("  without the file capabilities");
    setfsuid(0);
    show_sets("  with them");
    show("seteuid", seteuid(1000));
    setfsuid(0);
    show_sets("  file capabilities alone");
}

static void become_root(void)
{
    require(setresuid(1000, 1000, 0) == 0 && set_sets(0, BIT(CHOWN), 0) == 0, "fewer");
    show("to root", seteuid(0));
    show_sets("  no more than permitted");
    show("setgid needs a right", setgid(5));
    show("setuid needs a right", setuid(5));
    show("setgroups needs a right", syscall(SYS_setgroups, 0, NULL));
}

int main(void)
{
    in_child("leave root", leave_root);
    in_child("keep the saved id", keep_saved);
    in_child("keep capabilities", keep_capabilities);
    in_child("file ids", file_ids);
    in_child("become root with few", become_root);
    return 0;
}
