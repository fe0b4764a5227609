// pid_namespaces(7): when process 1 ends, SIGKILL ends all others, also those further in.
#include "tests/contracts/namespaces/pid_support.h"

int main(void)
{
    int ends[2];
    require(pipe(ends) == 0, "pipe");
    struct barrier const ready = barrier_make();
    pid_t const init = clone_init();
    if (init == 0) {
        close(ends[0]);
        for (int i = 0; i < 4; ++i) {
            pid_t const child = clone_child(i == 2 ? CLONE_NEWPID : 0);
            require(child >= 0, "clone");
            if (child == 0) {
                signal(SIGTERM, SIG_IGN);
                if (i == 3) {
                    sigset_t all;
                    sigfillset(&all);
                    sigprocmask(SIG_BLOCK, &all, NULL);
                }
                if (i == 1) kill(getpid(), SIGSTOP);
                pid_t const grandchild = fork_child();
                if (grandchild > 0) barrier_signal(&ready);
                for (;;) pause();
            }
            if (i == 1) {
                int status = 0;
                waitpid(child, &status, WUNTRACED);
                printf("%s\n", status_text(status));
                fflush(stdout);
            }
        }
        pid_t const zombie = fork_child();
        if (zombie == 0) leave(0);
        siginfo_t info;
        waitid(P_PID, (id_t)zombie, &info, WEXITED | WNOWAIT);
        for (int i = 0; i < 3; ++i) barrier_wait(&ready);
        leave(5);
    }
    close(ends[1]);
    show_end("init", init);
    // The end of file comes only when nobody has the other end any more.
    char byte;
    show("all have gone", read(ends[0], &byte, 1));
    return 0;
}
