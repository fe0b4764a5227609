// sigaction(2), "The siginfo_t argument": what kill(2), tgkill(2), sigqueue(3), raise(3), the end
// of a child and a timer say of themselves.
#include "tests/contracts/contract.h"

#include <sys/time.h>

static siginfo_t last;
static volatile sig_atomic_t count;

static void on_signal(int number, siginfo_t* info, void* context)
{
    (void)number;
    (void)context;
    last = *info;
    ++count;
}

static void tell(char const* what)
{
    char const* const sender = last.si_pid == getpid() ? "self"
                               : last.si_pid == 0      ? "0"
                                                       : "another";
    printf("%s: %d times, signal %d errno %d code %d sender %s uid %d",
           what,
           (int)count,
           last.si_signo,
           last.si_errno,
           last.si_code,
           sender,
           (int)last.si_uid);
    printf(" value %d\n", last.si_value.sival_int);
    fflush(stdout);
    count = 0;
    memset(&last, 0, sizeof last);
}

int main(void)
{
    struct sigaction const action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO};
    for (int number = 1; number < 32; ++number) {
        if (number != SIGKILL && number != SIGSTOP) sigaction(number, &action, NULL);
    }
    kill(getpid(), SIGUSR1);
    tell("kill");
    syscall(SYS_tgkill, getpid(), syscall(SYS_gettid), SIGUSR1);
    tell("tgkill");
    syscall(SYS_tkill, syscall(SYS_gettid), SIGUSR2);
    tell("tkill");
    raise(SIGTERM);
    tell("raise");
    sigqueue(getpid(), SIGUSR1, (union sigval){.sival_int = 1234});
    tell("sigqueue");
    pid_t child = fork_child();
    if (child == 0) {
        kill(getppid(), SIGHUP);
        _exit(0);
    }
    // Two signals, in any order: the last one counts.
    waitpid(child, NULL, 0);
    while (count < 2) syscall(SYS_sched_yield);
    show("both came", count);
    count = 0;
    child = fork_child();
    if (child == 0) _exit(7);
    waitpid(child, NULL, 0);
    while (count < 1) syscall(SYS_sched_yield);
    printf("child: code %d status %d pid %s\n",
           last.si_code,
           last.si_status,
           last.si_pid == child ? "right" : "wrong");
    count = 0;
    child = fork_child();
    if (child == 0) {
        for (;;) pause();
    }
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    while (count < 1) syscall(SYS_sched_yield);
    printf("killed: code %d status %d pid %s\n",
           last.si_code,
           last.si_status,
           last.si_pid == child ? "right" : "wrong");
    count = 0;
    struct itimerval const soon = {{0, 0}, {0, 1000}};
    setitimer(ITIMER_REAL, &soon, NULL);
    while (count < 1) syscall(SYS_sched_yield);
    printf("timer: signal %d code %d\n", last.si_signo, last.si_code);
    count = 0;
    int ends[2];
    require(pipe(ends) == 0, "pipe");
    close(ends[0]);
    show("write", write(ends[1], "x", 1));
    tell("pipe");
    return 0;
}
