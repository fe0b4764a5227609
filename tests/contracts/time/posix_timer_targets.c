// timer_create(2): SIGEV_SIGNAL with and without a signal of its own, SIGEV_NONE, SIGEV_THREAD_ID;
// the old setting of timer_settime(2); an absolute time that has passed; CPU-time clocks.
#include "tests/contracts/contract.h"

#include <time.h>

struct event {
    union sigval value;
    int signo, notify, tid;
    int padding[11];
};

static siginfo_t last;
static volatile sig_atomic_t count;

static void on_signal(int number, siginfo_t* info, void* context)
{
    (void)number;
    (void)context;
    last = *info;
    ++count;
}

static int create(char const* what, int clock, struct event const* event)
{
    int id = -1;
    show(what, syscall(SYS_timer_create, clock, event, &id));
    return id;
}

static void set(char const* what, int id, int flags, long first, long interval)
{
    struct itimerspec const wanted = {{0, interval}, {first / 1000000000, first % 1000000000}};
    show(what, syscall(SYS_timer_settime, id, flags, &wanted, NULL));
}

static void wait_for_one(char const* what)
{
    while (count == 0) syscall(SYS_getppid);
    printf("%s: signal %d code %d value %d\n",
           what,
           last.si_signo,
           last.si_code,
           last.si_value.sival_int);
    fflush(stdout);
    count = 0;
}

int main(void)
{
    struct sigaction const action = {.sa_sigaction = on_signal, .sa_flags = SA_SIGINFO};
    sigaction(SIGALRM, &action, NULL);
    sigaction(SIGUSR1, &action, NULL);
    struct event event = {.value.sival_int = 31, .signo = SIGUSR1, .notify = 0 /* SIGEV_SIGNAL */};
    int id = create("signal", CLOCK_MONOTONIC, &event);
    set("soon", id, 0, 1000000, 0);
    wait_for_one("rings");
    set("point that has passed", id, TIMER_ABSTIME, 1, 0);
    wait_for_one("rings");
    int const usual = create("no event", CLOCK_REALTIME, NULL);
    set("soon", usual, 0, 1000000, 0);
    while (count == 0) syscall(SYS_getppid);
    printf("usual: signal %d, value is its number %d\n",
           last.si_signo,
           last.si_value.sival_int == usual);
    count = 0;
    event.notify = 4 /* SIGEV_THREAD_ID */;
    event.tid = (int)syscall(SYS_gettid);
    event.value.sival_int = 32;
    id = create("thread", CLOCK_MONOTONIC, &event);
    set("soon", id, 0, 1000000, 0);
    wait_for_one("rings");
    event.tid = 99999;
    create("thread that is not there", CLOCK_MONOTONIC, &event);
    event.tid = getppid();
    create("thread of another process", CLOCK_MONOTONIC, &event);
    event = (struct event){.value.sival_int = 33, .signo = SIGUSR1};
    id = create("CPU time", CLOCK_PROCESS_CPUTIME_ID, &event);
    set("soon", id, 0, 2000000, 0);
    wait_for_one("rings");
    id = create("CPU time of the thread", CLOCK_THREAD_CPUTIME_ID, &event);
    set("soon", id, 0, 2000000, 0);
    wait_for_one("rings");
    struct itimerspec const far = {{5, 0}, {1000, 0}};
    struct itimerspec const off = {{0, 0}, {0, 0}};
    struct itimerspec old;
    show("far", syscall(SYS_timer_settime, id, 0, &far, NULL));
    show("off", syscall(SYS_timer_settime, id, 0, &off, &old));
    printf("old: most %d, interval %ld\n", old.it_value.tv_sec > 900, (long)old.it_interval.tv_sec);
    show("old to a bad place", syscall(SYS_timer_settime, id, 0, &off, 16L));
    show("no setting", syscall(SYS_timer_settime, id, 0, NULL, NULL));
    show("event at a bad place", syscall(SYS_timer_create, CLOCK_MONOTONIC, 16L, &id));
    show("number to a bad place", syscall(SYS_timer_create, CLOCK_MONOTONIC, &event, 16L));
    return 0;
}
