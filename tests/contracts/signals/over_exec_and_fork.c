// execve(2), fork(2), signal(7): exec sets handlers to the default, keeps what is ignored, the mask
// and what is pending; a child has the mask and the actions, and nothing pending.
#include "tests/contracts/contract.h"

static void on_signal(int number) { (void)number; }

static void tell(char const* what)
{
    sigset_t mask, pending;
    sigprocmask(SIG_BLOCK, NULL, &mask);
    sigpending(&pending);
    int const all[] = {SIGHUP, SIGUSR1, SIGUSR2, SIGTERM, 40};
    printf("%s:", what);
    for (int i = 0; i < 5; ++i) {
        struct sigaction action;
        sigaction(all[i], NULL, &action);
        printf(" %d %s%s%s",
               all[i],
               action.sa_handler == SIG_DFL   ? "default"
               : action.sa_handler == SIG_IGN ? "ignored"
                                              : "handled",
               sigismember(&mask, all[i]) ? " blocked" : "",
               sigismember(&pending, all[i]) ? " pending" : "");
    }
    printf("\n");
    fflush(stdout);
}

int main(int count, char** words)
{
    (void)words;
    if (count > 1) {
        tell("after exec");
        sigset_t set;
        sigemptyset(&set);
        sigaddset(&set, 40);
        siginfo_t info;
        struct timespec const at_once = {0, 0};
        for (int i = 0; i < 3; ++i) {
            int const got = sigtimedwait(&set, &info, &at_once);
            printf("queued: %d value %d\n", got, got > 0 ? info.si_value.sival_int : 0);
        }
        return 0;
    }
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_ONSTACK | SA_RESTART};
    sigaction(SIGUSR1, &action, NULL);
    sigaction(SIGUSR2, &action, NULL);
    sigaction(40, &action, NULL);
    action.sa_handler = SIG_IGN;
    sigaction(SIGHUP, &action, NULL);
    sigset_t mask;
    sigemptyset(&mask);
    sigaddset(&mask, SIGUSR1);
    sigaddset(&mask, SIGTERM);
    sigaddset(&mask, 40);
    sigprocmask(SIG_SETMASK, &mask, NULL);
    raise(SIGUSR1);
    kill(getpid(), SIGTERM);
    sigqueue(getpid(), 40, (union sigval){.sival_int = 1});
    sigqueue(getpid(), 40, (union sigval){.sival_int = 2});
    tell("at first");
    pid_t const child = fork_child();
    if (child == 0) {
        tell("in a child");
        leave(0);
    }
    show_end("child", child);
    execl("/proc/self/exe", "again", "x", NULL);
    return 1;
}
