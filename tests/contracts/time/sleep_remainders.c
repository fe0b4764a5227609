// nanosleep(2), clock_nanosleep(2): a handler ends the sleep with EINTR and the rest is told,
// SA_RESTART or not; a stop and continuation does not; an absolute sleep tells no rest; clocks that
// are refused.
#include "tests/contracts/contract.h"

#include <time.h>

static volatile sig_atomic_t seen;
static void on_signal(int number) { seen = number; }

static pid_t send_when_asleep(int number)
{
    pid_t const parent = getpid();
    pid_t const child = fork_child();
    if (child == 0) {
        wait_for_state(parent, 'S');
        kill(parent, number);
        leave(0);
    }
    return child;
}

static long sleep_raw(clockid_t clock, int flags, long seconds, struct timespec* rest)
{
    struct timespec const time = {seconds, 0};
    return syscall(SYS_clock_nanosleep, clock, flags, &time, rest);
}

static void tell(char const* what, struct timespec const* rest)
{
    printf("%s: %s\n", what, rest->tv_sec == 77 ? "not told" : rest->tv_sec > 900 ? "most" : "?");
    fflush(stdout);
}

int main(void)
{
    for (int i = 0; i < 2; ++i) {
        struct sigaction const action = {.sa_handler = on_signal,
                                         .sa_flags = i == 1 ? SA_RESTART : 0};
        sigaction(SIGUSR1, &action, NULL);
        struct timespec rest = {77, 0};
        pid_t child = send_when_asleep(SIGUSR1);
        show("relative", sleep_raw(CLOCK_MONOTONIC, 0, 1000, &rest));
        tell("  rest", &rest);
        show_end("  child", child);
        rest.tv_sec = 77;
        child = send_when_asleep(SIGUSR1);
        struct timespec const time = {1000, 0};
        show("nanosleep", syscall(SYS_nanosleep, &time, &rest));
        tell("  rest", &rest);
        show_end("  child", child);
        child = send_when_asleep(SIGUSR1);
        show("nanosleep, nowhere to tell", syscall(SYS_nanosleep, &time, NULL));
        show_end("  child", child);
        struct timespec now;
        clock_gettime(CLOCK_MONOTONIC, &now);
        rest.tv_sec = 77;
        child = send_when_asleep(SIGUSR1);
        show("absolute", sleep_raw(CLOCK_MONOTONIC, TIMER_ABSTIME, now.tv_sec + 1000, &rest));
        tell("  rest", &rest);
        show_end("  child", child);
    }
    pid_t const sleeper = fork_child();
    if (sleeper == 0) {
        struct timespec const time = {0, 30000000};
        struct timespec before, after;
        clock_gettime(CLOCK_MONOTONIC, &before);
        show("stopped and continued", nanosleep(&time, NULL));
        clock_gettime(CLOCK_MONOTONIC, &after);
        long const passed =
            (after.tv_sec - before.tv_sec) * 1000000000 + after.tv_nsec - before.tv_nsec;
        show("  all of it", passed >= 30000000);
        leave(0);
    }
    wait_for_state(sleeper, 'S');
    kill(sleeper, SIGSTOP);
    wait_for_state(sleeper, 'T');
    kill(sleeper, SIGCONT);
    show_end("sleeper", sleeper);
    show("wall clock, has passed", sleep_raw(CLOCK_REALTIME, TIMER_ABSTIME, 1, NULL));
    show("boot clock, nothing", sleep_raw(CLOCK_BOOTTIME, 0, 0, NULL));
    show("own CPU time of the thread", sleep_raw(CLOCK_THREAD_CPUTIME_ID, 0, 1, NULL));
    show("coarse clock", sleep_raw(CLOCK_MONOTONIC_COARSE, 0, 1, NULL));
    show("unknown clock", sleep_raw(77, 0, 1, NULL));
    show("negative", sleep_raw(CLOCK_MONOTONIC, 0, -1, NULL));
    show("absolute, negative", sleep_raw(CLOCK_MONOTONIC, TIMER_ABSTIME, -1, NULL));
    show("from a bad place", syscall(SYS_nanosleep, 16L, NULL));
    return 0;
}
