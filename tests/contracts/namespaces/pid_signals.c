// Numbers of senders in siginfo: as the receiver's namespace has them, 0 for one outside of it.
#include "tests/contracts/namespaces/pid_support.h"

static siginfo_t wait_for(int number)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, number);
    siginfo_t info;
    memset(&info, 0, sizeof info);
    while (sigwaitinfo(&set, &info) < 0) continue;
    return info;
}

static void take(char const* what, int number)
{
    siginfo_t const info = wait_for(number);
    int const got = info.si_signo;
    printf("%s: %d code %d from %d\n", what, got, info.si_code, (int)info.si_pid);
    fflush(stdout);
}

int main(void)
{
    sigset_t all;
    sigemptyset(&all);
    sigaddset(&all, SIGUSR1);
    sigaddset(&all, SIGUSR2);
    sigaddset(&all, SIGCHLD);
    sigprocmask(SIG_BLOCK, &all, NULL);
    struct barrier const ready = barrier_make();
    pid_t const init = clone_init();
    if (init == 0) {
        take("from outside", SIGUSR1);
        take("queued from outside", SIGUSR2);
        pid_t const child = fork_child();
        if (child == 0) {
            prctl(PR_SET_PDEATHSIG, SIGUSR2);
            kill(1, SIGUSR1);
            take("from init", SIGUSR1);
            require(syscall(SYS_tgkill, 1, 1, SIGUSR2) == 0, "tgkill");
            pid_t const grandchild = fork_child();
            if (grandchild == 0) {
                prctl(PR_SET_PDEATHSIG, SIGUSR1);
                barrier_signal(&ready);
                // Init says it, as it prints at the same time.
                siginfo_t const death = wait_for(SIGUSR1);
                leave(death.si_code == SI_USER ? 40 + death.si_pid : 0);
            }
            barrier_wait(&ready);
            leave(6);
        }
        take("from a child", SIGUSR1);
        kill(child, SIGUSR1);
        take("tgkill of a child", SIGUSR2);
        take("its end", SIGCHLD);
        show_end("child", child);
        int status = 0;
        printf("orphan %d", (int)wait(&status));
        printf(", told of its parent's death: %s\n", status_text(status));
        show("kill outside", kill(parent_number() == 0 ? 30000 : 1, SIGUSR1));
        show("tgkill with another group", syscall(SYS_tgkill, 2, 1, SIGUSR1));
        leave(0);
    }
    kill(init, SIGUSR1);
    union sigval const value = {5};
    require(sigqueue(init, SIGUSR2, value) == 0, "sigqueue");
    siginfo_t info;
    sigset_t chld;
    sigemptyset(&chld);
    sigaddset(&chld, SIGCHLD);
    sigwaitinfo(&chld, &info);
    printf("its end: own number %d\n", info.si_pid == init);
    show_end("init", init);
    return 0;
}
