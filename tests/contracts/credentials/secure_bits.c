// capabilities(7), securebits: NOROOT, NO_SETUID_FIXUP and KEEP_CAPS, their locks, and an exec that clears KEEP_CAPS.
#include "tests/contracts/credentials/capabilities.h"

enum { NOROOT = 1, NOROOT_LOCKED = 2, NO_FIXUP = 4, NO_FIXUP_LOCKED = 8, KEEP = 16, KEEP_LOCKED = 32, NO_AMBIENT = 64 };

static void set(char const* what, int bits) { show(what, prctl(PR_SET_SECUREBITS, bits, 0, 0, 0)); }

int main(int count, char** words)
{
    if (count > 1) {
        show_sets(words[1]);
        printf("bits %x\n", (unsigned)prctl(PR_GET_SECUREBITS, 0, 0, 0, 0));
        return 0;
    }
    show("at first", prctl(PR_GET_SECUREBITS, 0, 0, 0, 0));
    set("unknown bit", 1 << 20);
    pid_t child = fork_child();
    if (child == 0) {
        set("keep capabilities", KEEP);
        show("seen by the other call", prctl(PR_GET_KEEPCAPS, 0, 0, 0, 0));
        execl("/proc/self/exe", "program", "after an exec", NULL);
        leave(1);
    }
    show_end("child", child);
    child = fork_child();
    if (child == 0) {
        set("no root", NOROOT);
        execl("/proc/self/exe", "program", "root is nobody", NULL);
        leave(1);
    }
    show_end("child", child);
    child = fork_child();
    if (child == 0) {
        set("no fixup", NO_FIXUP);
        show("setresuid", setresuid(1000, 1000, 1000));
        show_sets("all stay");
        leave(0);
    }
    show_end("child", child);
    child = fork_child();
    if (child == 0) {
        set("locked", NOROOT | NOROOT_LOCKED);
        set("clear it", NOROOT_LOCKED);
        set("unlock it", NOROOT);
        set("another", NOROOT | NOROOT_LOCKED | NO_FIXUP);
        set("keep, locked", NOROOT | NOROOT_LOCKED | NO_FIXUP | KEEP_LOCKED);
        show("keep by the other call", prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0));
        leave(0);
    }
    show_end("child", child);
    child = fork_child();
    if (child == 0) {
        set("no ambient", NO_AMBIENT);
        require(set_sets(all_capabilities, all_capabilities, BIT(KILL)) == 0, "capset");
        show("raise", prctl(AMBIENT, AMBIENT_RAISE, KILL, 0, 0));
        leave(0);
    }
    show_end("child", child);
    child = fork_child();
    if (child == 0) {
        require(setresuid(1000, 1000, 1000) == 0, "setresuid");
        set("unprivileged", 0);
        set("unprivileged, one", NOROOT);
        show("keep by the other call", prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0));
        leave(0);
    }
    show_end("child", child);
    return 0;
}
