// prctl(2) PR_CAPBSET_DROP, capabilities(7): what was dropped from the bounding set an exec of root does not give, and
// inheritable cannot take; dropping needs CAP_SETPCAP.
#include "tests/contracts/credentials/capabilities.h"

static void show_bounding(char const* what)
{
    printf("%s: without %s\n", what, set_text(all_capabilities & ~bounding_set()));
}

int main(int count, char** words)
{
    if (count > 1) {
        struct sets sets;
        get_sets(&sets);
        printf("%s: lost %s\n", words[1], set_text(all_capabilities & ~sets.permitted));
        show_bounding("  bounding");
        return 0;
    }
    show_bounding("first");
    show("read beyond the last", prctl(PR_CAPBSET_READ, 64, 0, 0, 0));
    show("drop beyond the last", prctl(PR_CAPBSET_DROP, 64, 0, 0, 0));
    show("drop", prctl(PR_CAPBSET_DROP, MKNOD, 0, 0, 0));
    show("drop again", prctl(PR_CAPBSET_DROP, MKNOD, 0, 0, 0));
    show("read", prctl(PR_CAPBSET_READ, MKNOD, 0, 0, 0));
    show("still permitted", mknod("node", S_IFCHR | 0600, 0x103));
    show("inheritable", set_sets(all_capabilities, all_capabilities, BIT(MKNOD)));
    show("another inheritable", set_sets(all_capabilities, all_capabilities, BIT(KILL)));
    pid_t child = fork_child();
    if (child == 0) {
        execl("/proc/self/exe", "program", "after an exec", NULL);
        leave(1);
    }
    show_end("child", child);
    child = fork_child();
    if (child == 0) {
        require(set_sets(all_capabilities & ~BIT(SETPCAP), all_capabilities & ~BIT(SETPCAP), 0) == 0, "capset");
        show("drop without the right", prctl(PR_CAPBSET_DROP, KILL, 0, 0, 0));
        show("read without it", prctl(PR_CAPBSET_READ, KILL, 0, 0, 0));
        leave(0);
    }
    show_end("child", child);
    child = fork_child();
    if (child == 0) {
        require(setresuid(1000, 1000, 1000) == 0, "setresuid");
        show("drop as another", prctl(PR_CAPBSET_DROP, KILL, 0, 0, 0));
        show_bounding("inherited");
        leave(0);
    }
    show_end("child", child);
    return 0;
}
