// prctl(2) PR_CAP_AMBIENT: only what is permitted and inheritable can be raised; losing either lowers it; an exec keeps
// it, one of a set-user program does not.
#include "tests/contracts/credentials/capabilities.h"

int main(int count, char** words)
{
    if (count > 1) {
        show_sets(words[1]);
        return 0;
    }
    show("not inheritable", prctl(AMBIENT, AMBIENT_RAISE, KILL, 0, 0));
    show("inheritable", set_sets(all_capabilities, all_capabilities, BIT(KILL) | BIT(CHOWN)));
    show("raise", prctl(AMBIENT, AMBIENT_RAISE, KILL, 0, 0));
    show("raise another", prctl(AMBIENT, AMBIENT_RAISE, CHOWN, 0, 0));
    show("is set", prctl(AMBIENT, AMBIENT_IS_SET, KILL, 0, 0));
    show("lower", prctl(AMBIENT, AMBIENT_LOWER, CHOWN, 0, 0));
    show("is set", prctl(AMBIENT, AMBIENT_IS_SET, CHOWN, 0, 0));
    show("beyond the last", prctl(AMBIENT, AMBIENT_RAISE, 63, 0, 0));
    show("unknown", prctl(AMBIENT, 9, KILL, 0, 0));
    show("more arguments", prctl(AMBIENT, AMBIENT_RAISE, KILL, 1, 0));
    show("clear with an argument", prctl(AMBIENT, AMBIENT_CLEAR, KILL, 0, 0));
    show_sets("now");
    show("no longer inheritable", set_sets(all_capabilities, all_capabilities, 0));
    show_sets("lowered");
    show("again", set_sets(all_capabilities, all_capabilities, BIT(KILL)));
    show("raise", prctl(AMBIENT, AMBIENT_RAISE, KILL, 0, 0));
    show("clear", prctl(AMBIENT, AMBIENT_CLEAR, 0, 0, 0));
    show_sets("cleared");
    pid_t child = fork_child();
    if (child == 0) {
        require(prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) == 0 && setresuid(1000, 1000, 1000) == 0, "ids");
        require(set_sets(BIT(KILL) | BIT(CHOWN), BIT(KILL) | BIT(CHOWN), BIT(KILL)) == 0, "capset");
        show("raise", prctl(AMBIENT, AMBIENT_RAISE, KILL, 0, 0));
        show_sets("before the exec");
        execl("/proc/self/exe", "program", "after the exec", NULL);
        leave(1);
    }
    show_end("child", child);
    child = fork_child();
    if (child == 0) {
        require(setresuid(1000, 1000, 1000) == 0, "ids");
        execl("/proc/self/exe", "program", "without any", NULL);
        leave(1);
    }
    show_end("child", child);
    child = fork_child();
    if (child == 0) {
        require(set_sets(0, 0, 0) == 0, "capset");
        show_sets("root without any");
        execl("/proc/self/exe", "program", "after the exec", NULL);
        leave(1);
    }
    show_end("child", child);
    return 0;
}
