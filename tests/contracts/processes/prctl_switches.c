// prctl(2): PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS, PR_SET_TIMERSLACK, PR_CAPBSET_READ: what they
// take, give back and refuse, and what fork(2) copies.
#include "tests/contracts/contract.h"

#include <sys/prctl.h>

static void tell(char const* what)
{
    printf("%s: dumpable %d no new rights %d slack %d\n",
           what,
           prctl(PR_GET_DUMPABLE),
           prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0),
           prctl(PR_GET_TIMERSLACK));
    fflush(stdout);
}

int main(int count, char** words)
{
    if (count > 1) {
        tell(words[1]);
        return 0;
    }
    tell("at first");
    show("dumpable 0", prctl(PR_SET_DUMPABLE, 0));
    show("dumpable 2, which only the kernel sets", prctl(PR_SET_DUMPABLE, 2));
    show("dumpable -1", prctl(PR_SET_DUMPABLE, -1L));
    show("slack", prctl(PR_SET_TIMERSLACK, 12345));
    tell("changed");
    pid_t child = fork_child();
    if (child == 0) {
        tell("in a child");
        show("slack back to that of the parent", prctl(PR_SET_TIMERSLACK, 0));
        show("no new rights 0", prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0));
        show("no new rights 2", prctl(PR_SET_NO_NEW_PRIVS, 2, 0, 0, 0));
        show("no new rights with more", prctl(PR_SET_NO_NEW_PRIVS, 1, 1, 0, 0));
        show("no new rights", prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0));
        show("asked with more", prctl(PR_GET_NO_NEW_PRIVS, 1, 0, 0, 0));
        tell("in a child");
        execl("/proc/self/exe", "again", "after exec", NULL);
        leave(1);
    }
    show_end("exec", child);
    tell("parent");
    show("capability 0", prctl(PR_CAPBSET_READ, 0));
    show("capability 63", prctl(PR_CAPBSET_READ, 63));
    show("capability -1", prctl(PR_CAPBSET_READ, -1L));
    show("unknown", prctl(0x7000, 0, 0, 0, 0));
    show("unknown", prctl(-1, 0, 0, 0, 0));
    show("timing", prctl(PR_GET_TIMING));
    show("timing by timestamps", prctl(PR_SET_TIMING, 1));
    show("timing by statistics", prctl(PR_SET_TIMING, 0));
    return 0;
}
