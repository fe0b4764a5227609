// timer_create(2), timer_settime(2), timer_getoverrun(2): a timer's signal says whose it is and what
// came along; of a periodic one whose signal waits the missed periods are counted; a signal of its
// own beside an equal one that waits; deleted timers say nothing more.
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static sigset_t mask;

static void show(char const* what, long result)
{
    printf("%s: %s\n", what, result < 0 ? strerror(errno) : "ok");
}

static int make(int clock, int notify, int number, int value)
{
    struct sigevent event;
    memset(&event, 0, sizeof(event));
    event.sigev_notify = notify;
    event.sigev_signo = number;
    event.sigev_value.sival_int = value;
    *((int*)&event + 4) = notify == 4 ? gettid() : 0;
    int timer = -1;
    long const result = syscall(SYS_timer_create, clock, &event, &timer);
    if (result < 0) printf("timer_create: %s\n", strerror(errno));
    return timer;
}

static void start(int timer, long first, long interval)
{
    struct itimerspec const times = {{0, interval}, {0, first}};
    syscall(SYS_timer_settime, timer, 0, &times, NULL);
}

static void take(char const* what, int timer)
{
    siginfo_t info;
    memset(&info, 0, sizeof(info));
    int const number = sigwaitinfo(&mask, &info);
    printf("%s: signal %d code %d value %d own %d\n", what, number, info.si_code,
           info.si_value.sival_int, info.si_timerid == timer);
}

int main(void)
{
    setvbuf(stdout, NULL, _IONBF, 0);
    sigemptyset(&mask);
    sigaddset(&mask, SIGUSR1);
    sigaddset(&mask, SIGRTMIN);
    sigprocmask(SIG_BLOCK, &mask, NULL);
    int const once = make(CLOCK_MONOTONIC, SIGEV_SIGNAL, SIGUSR1, 41);
    start(once, 1000, 0);
    take("once", once);
    printf("overrun %ld\n", syscall(SYS_timer_getoverrun, once));
    int const own = make(CLOCK_REALTIME, 4, SIGRTMIN, 42);
    start(own, 1000000, 0);
    take("for this thread", own);
    int const often = make(CLOCK_BOOTTIME, SIGEV_SIGNAL, SIGUSR1, 43);
    start(often, 1000000, 1000000);
    struct timespec const pause = {0, 30000000};
    nanosleep(&pause, NULL);
    take("often", often);
    printf("missed many: %d\n", syscall(SYS_timer_getoverrun, often) >= 20);
    take("again", often);
    show("delete", syscall(SYS_timer_delete, often));
    sigset_t pending;
    sigpending(&pending);
    printf("still pending: %d\n", sigismember(&pending, SIGUSR1));
    kill(getpid(), SIGUSR1);
    start(once, 1, 0);
    nanosleep(&pause, NULL);
    take("of kill", -1);
    take("of the timer", once);
    int const cpu = make(CLOCK_PROCESS_CPUTIME_ID, SIGEV_SIGNAL, SIGRTMIN, 44);
    start(cpu, 5000000, 0);
    do {
        sigpending(&pending);
    } while (sigismember(&pending, SIGRTMIN) == 0);
    take("cpu time", cpu);
    int const thread = make(CLOCK_THREAD_CPUTIME_ID, SIGEV_SIGNAL, SIGRTMIN, 45);
    start(thread, 5000000, 0);
    do {
        sigpending(&pending);
    } while (sigismember(&pending, SIGRTMIN) == 0);
    take("thread time", thread);
    return 0;
}
