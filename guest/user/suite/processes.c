// Children: made, ended, waited for.
#include "families.h"

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

void run_fork_exit(struct run* run)
{
    start(run);
    for (unsigned i = 0; i < run->iterations; ++i) {
        pid_t const child = fork();
        if (child == 0) _exit(0);
        if (child < 0) return fail(run, "fork");
        int status = 0;
        if (waitpid(child, &status, 0) != child) return fail(run, "waitpid");
        if (status != 0) return fail_because(run, "the child failed");
    }
    stop(run);
}

void run_waitid(struct run* run)
{
    siginfo_t information;
    start(run);
    for (unsigned i = 0; i < run->iterations; ++i) {
        // waitid(2): without children the answer is ECHILD.
        if (waitid(P_ALL, 0, &information, WEXITED | WNOHANG) == 0) {
            return fail_because(run, "there is a child");
        }
        if (errno != ECHILD) return fail(run, "waitid");
    }
    stop(run);
}
