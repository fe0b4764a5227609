// pid_namespaces(7): numbers within begin at 1; the parent outside is 0; groups and sessions from
// outside are 0; those made inside have numbers of their own.
#include "tests/contracts/namespaces/pid_support.h"

static void show_all(char const* what)
{
    printf("%s: pid %d, tid %ld, parent %ld\n",
           what,
           (int)getpid(),
           syscall(SYS_gettid),
           parent_number());
    fflush(stdout);
}

int main(void)
{
    pid_t const init = clone_init();
    if (init == 0) {
        show_all("init");
        show("group", getpgrp());
        show("session", getsid(0));
        show("getpgid(1)", getpgid(1));
        show("getpgid(2)", getpgid(2));
        for (int i = 0; i < 3; ++i) {
            pid_t const child = fork_child();
            if (child == 0) {
                show_all("child");
                show("group", getpgrp());
                if (i == 1) show("setpgid", setpgid(0, 0));
                if (i == 2) show("setsid", setsid());
                show("group now", getpgrp());
                show("session now", getsid(0));
                leave(10 + i);
            }
            printf("fork: %d\n", (int)child);
            show_end("child", child);
        }
        show("setsid", setsid());
        show("group", getpgrp());
        show("session", getsid(1));
        leave(7);
    }
    show_end("init", init);
    return 0;
}
