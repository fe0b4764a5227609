// prctl(2), PR_SET_PDEATHSIG: the signal comes when the parent ends; it is not inherited by a
// child, is kept by execve(2), and an orphan that sets it late gets none.
#include "tests/contracts/contract.h"

#include <sys/prctl.h>

static int current(void)
{
    int value = -1;
    require(prctl(PR_GET_PDEATHSIG, &value) == 0, "PR_GET_PDEATHSIG");
    return value;
}

int main(int count, char** words)
{
    if (count > 1) {
        printf("%s: %d\n", words[1], current());
        return 0;
    }
    show("at first", current());
    show("signal 65", prctl(PR_SET_PDEATHSIG, 65));
    show("negative", prctl(PR_SET_PDEATHSIG, -1L));
    show("a bad place", prctl(PR_GET_PDEATHSIG, 16));
    show("set", prctl(PR_SET_PDEATHSIG, SIGUSR1));
    show("is", current());
    pid_t child = fork_child();
    if (child == 0) {
        show("in a child", current());
        prctl(PR_SET_PDEATHSIG, SIGUSR2);
        execl("/proc/self/exe", "again", "after exec", NULL);
        leave(1);
    }
    show_end("exec", child);
    struct barrier const ready = barrier_make();
    struct barrier const told = barrier_make();
    child = fork_child();
    if (child == 0) {
        pid_t const parent = getpid();
        pid_t const orphan = fork_child();
        if (orphan == 0) {
            sigset_t set;
            sigemptyset(&set);
            sigaddset(&set, SIGUSR2);
            sigprocmask(SIG_BLOCK, &set, NULL);
            prctl(PR_SET_PDEATHSIG, SIGUSR2);
            barrier_signal(&ready);
            siginfo_t info;
            int const got = sigwaitinfo(&set, &info);
            printf("orphan: signal %s, code %d, sender is %s\n",
                   got == SIGUSR2 ? "USR2" : "other",
                   info.si_code,
                   info.si_pid == parent ? "the parent" : "another");
            show("set by an orphan", prctl(PR_SET_PDEATHSIG, SIGKILL));
            barrier_signal(&told);
            leave(0);
        }
        barrier_wait(&ready);
        leave(3);
    }
    barrier_wait(&told);
    show_end("parent", child);
    show("cleared", prctl(PR_SET_PDEATHSIG, 0));
    show("is", current());
    return 0;
}
