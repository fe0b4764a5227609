// clock_gettime(2), clock_getres(2), clock_settime(2): which clocks there are; how they stand to
// each other; CPU time goes on by work, not by sleep; what is refused.
#include "tests/contracts/contract.h"

#include <time.h>

static long long nanoseconds(clockid_t clock)
{
    struct timespec now;
    require(clock_gettime(clock, &now) == 0, "clock_gettime");
    return now.tv_sec * 1000000000ll + now.tv_nsec;
}

int main(void)
{
    struct timespec time;
    for (int clock = 0; clock < 13; ++clock) {
        // The alarm clocks need a device.
        if (clock == 8 || clock == 9) continue;
        printf("clock %d\n", clock);
        show("  get", syscall(SYS_clock_gettime, clock, &time));
        show("  resolution", syscall(SYS_clock_getres, clock, &time));
        show("  resolution to nowhere", syscall(SYS_clock_getres, clock, NULL));
    }
    show("negative", syscall(SYS_clock_gettime, -1, &time));
    show("far", syscall(SYS_clock_gettime, 77, &time));
    show("to a bad place", syscall(SYS_clock_gettime, 0, 16L));
    show("resolution to a bad place", syscall(SYS_clock_getres, 0, 16L));
    clock_getres(CLOCK_MONOTONIC, &time);
    printf("resolution %ld %ld\n", (long)time.tv_sec, time.tv_nsec);
    long long const one = nanoseconds(CLOCK_MONOTONIC), two = nanoseconds(CLOCK_MONOTONIC);
    show("never back", two >= one);
    show("since boot is no less", nanoseconds(CLOCK_BOOTTIME) >= two);
    show("coarse is behind", nanoseconds(CLOCK_MONOTONIC_COARSE) <= nanoseconds(CLOCK_MONOTONIC));
    show("wall clock coarse", nanoseconds(CLOCK_REALTIME_COARSE) <= nanoseconds(CLOCK_REALTIME));
    show("after the year 2000", nanoseconds(CLOCK_REALTIME) > 946684800ll * 1000000000);
    long long const used = nanoseconds(CLOCK_PROCESS_CPUTIME_ID);
    show("has used some", used > 0);
    show("the thread no more",
         nanoseconds(CLOCK_THREAD_CPUTIME_ID) <= nanoseconds(CLOCK_PROCESS_CPUTIME_ID));
    time = (struct timespec){0, 20000000};
    nanosleep(&time, NULL);
    long long const after = nanoseconds(CLOCK_PROCESS_CPUTIME_ID);
    show("a sleep of 20 ms costs less", after - used < 20000000);
    clockid_t clock = 0;
    show("of this process", clock_getcpuclockid(0, &clock));
    show("  runs", nanoseconds(clock) >= after);
    printf("of nobody: %s\n", error_name(clock_getcpuclockid(99999, &clock)));
    pid_t const child = fork_child();
    if (child == 0) {
        show("a child begins anew", nanoseconds(CLOCK_PROCESS_CPUTIME_ID) < used + 1000000000);
        require(setresuid(1000, 1000, 1000) == 0, "setresuid");
        time = (struct timespec){1, 0};
        show("a user sets the clock", syscall(SYS_clock_settime, CLOCK_REALTIME, &time));
        show("a user sets another", syscall(SYS_clock_settime, CLOCK_MONOTONIC, &time));
        leave(0);
    }
    show_end("child", child);
    time = (struct timespec){1, 1000000000};
    show("set, nanoseconds", syscall(SYS_clock_settime, CLOCK_REALTIME, &time));
    show("set, unknown", syscall(SYS_clock_settime, 77, &time));
    time = (struct timespec){1, 0};
    show("set the monotonic one", syscall(SYS_clock_settime, CLOCK_MONOTONIC, &time));
    show("set from a bad place", syscall(SYS_clock_settime, CLOCK_REALTIME, 16L));
    return 0;
}
