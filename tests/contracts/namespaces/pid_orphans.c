// Orphans go to process 1 of their namespace, or to the nearest subreaper in it.
#include "tests/contracts/namespaces/pid_support.h"

int main(void)
{
    prctl(PR_SET_CHILD_SUBREAPER, 1);
    pid_t const init = clone_init();
    if (init == 0) {
        for (int reaper = 0; reaper < 2; ++reaper) {
            struct barrier const go = barrier_make();
            pid_t const top = fork_child();
            if (top == 0) {
                if (reaper) prctl(PR_SET_CHILD_SUBREAPER, 1);
                pid_t const middle = fork_child();
                if (middle == 0) {
                    pid_t const orphan = fork_child();
                    if (orphan == 0) {
                        barrier_wait(&go);
                        printf("orphan %d of %ld\n", (int)getpid(), parent_number());
                        leave(4);
                    }
                    leave(0);
                }
                show_end("middle", middle);
                if (!reaper) leave(0);
                barrier_signal(&go);
                int status = 0;
                printf("taken by the subreaper: %d", (int)wait(&status));
                printf(" %s\n", status_text(status));
                leave(0);
            }
            show_end("top", top);
            if (reaper) continue;
            barrier_signal(&go);
            int status = 0;
            printf("taken by init: %d", (int)wait(&status));
            printf(" %s\n", status_text(status));
        }
        show("nobody is left", wait(NULL));
        leave(0);
    }
    show_end("init", init);
    show("nobody came here", wait(NULL));
    return 0;
}
