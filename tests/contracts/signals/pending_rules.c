// signal(7): standard signals are kept once each, real-time ones as often as they come, in order,
// lowest number first; stop signals and SIGCONT cancel each other; what becomes ignored is pending
// no more.
#include "tests/contracts/contract.h"

static int seen[32];
static int count;

static void on_signal(int number, siginfo_t* info, void* context)
{
    (void)context;
    if (count < 32) seen[count++] = number * 100 + info->si_value.sival_int;
}

static void tell(char const* what)
{
    printf("%s:", what);
    // As if all were taken one after the other: a handler blocks all others.
    for (int i = 0; i < count; ++i) printf(" %d", seen[i]);
    printf("\n");
    fflush(stdout);
    count = 0;
}

static int is_pending(int number)
{
    sigset_t pending;
    sigpending(&pending);
    return sigismember(&pending, number);
}

static void queue(int number, int value)
{
    require(sigqueue(getpid(), number, (union sigval){.sival_int = value}) == 0, "sigqueue");
}

int main(void)
{
    struct sigaction action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO};
    sigfillset(&action.sa_mask);
    int const all[] = {SIGUSR1, SIGUSR2, SIGTERM, 40, 41, 50, SIGCONT};
    for (int i = 0; i < 7; ++i) sigaction(all[i], &action, NULL);
    sigset_t everything, nothing;
    sigfillset(&everything);
    sigemptyset(&nothing);
    sigprocmask(SIG_SETMASK, &everything, NULL);
    queue(SIGUSR1, 1);
    queue(SIGUSR1, 2);
    kill(getpid(), SIGUSR1);
    sigprocmask(SIG_SETMASK, &nothing, NULL);
    tell("a standard one, three times");
    sigprocmask(SIG_SETMASK, &everything, NULL);
    queue(50, 1);
    queue(41, 2);
    queue(40, 3);
    queue(41, 4);
    queue(40, 5);
    queue(SIGTERM, 6);
    queue(SIGUSR1, 7);
    sigprocmask(SIG_SETMASK, &nothing, NULL);
    tell("many at once");
    sigprocmask(SIG_SETMASK, &everything, NULL);
    kill(getpid(), SIGTSTP);
    show("SIGTSTP is pending", is_pending(SIGTSTP));
    kill(getpid(), SIGCONT);
    show("after SIGCONT", is_pending(SIGTSTP));
    show("SIGCONT is pending", is_pending(SIGCONT));
    kill(getpid(), SIGTTIN);
    show("after SIGTTIN", is_pending(SIGCONT));
    show("SIGTTIN is pending", is_pending(SIGTTIN));
    kill(getpid(), SIGCONT);
    queue(40, 8);
    queue(40, 9);
    kill(getpid(), SIGUSR2);
    struct sigaction const ignored = {.sa_handler = SIG_IGN};
    sigaction(40, &ignored, NULL);
    sigaction(SIGUSR2, &ignored, NULL);
    show("real-time one, ignored now", is_pending(40));
    show("standard one, ignored now", is_pending(SIGUSR2));
    kill(getpid(), SIGUSR2);
    show("ignored and blocked stays", is_pending(SIGUSR2));
    sigaction(SIGUSR2, &action, NULL);
    sigprocmask(SIG_SETMASK, &nothing, NULL);
    tell("the action of now counts");
    show("size of the set", syscall(SYS_rt_sigpending, &nothing, 9));
    show("less than a set", syscall(SYS_rt_sigpending, &nothing, 4));
    show("at a bad place", syscall(SYS_rt_sigpending, 16L, 8));
    return 0;
}
