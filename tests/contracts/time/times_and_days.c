// times(2), gettimeofday(2), time(2): CPU times of the process and of children that were waited
// for; the three wall clocks agree; null pointers are fine where the manual says so.
#include "tests/contracts/contract.h"

#include <sys/time.h>
#include <sys/times.h>
#include <time.h>

static void spin(clock_t ticks)
{
    struct tms now;
    do {
        times(&now);
        for (int i = 0; i < 2000; ++i) __asm__ volatile("");
    } while (now.tms_utime + now.tms_stime < ticks);
}

int main(void)
{
    struct tms now;
    show("times", times(&now) != -1);
    printf("children %ld %ld\n", (long)now.tms_cutime, (long)now.tms_cstime);
    pid_t const child = fork_child();
    if (child == 0) {
        times(&now);
        show("a child has used nothing", now.tms_utime + now.tms_stime);
        spin(2);
        leave(0);
    }
    wait_for_state(child, 'Z');
    times(&now);
    show("not waited for", now.tms_cutime + now.tms_cstime);
    show_end("child", child);
    times(&now);
    show("waited for", now.tms_cutime + now.tms_cstime >= 2);
    clock_t const one = times(NULL);
    clock_t const two = times(NULL);
    show("without a place, never back", two >= one);
    show("to a bad place", syscall(SYS_times, 16L));
    struct timeval day;
    struct timespec wall;
    time_t const first = time(NULL);
    show("gettimeofday", gettimeofday(&day, NULL));
    clock_gettime(CLOCK_REALTIME, &wall);
    show("in order", first <= day.tv_sec && day.tv_sec <= wall.tv_sec);
    show("close", wall.tv_sec - first < 60);
    show("microseconds", day.tv_usec >= 0 && day.tv_usec < 1000000);
    time_t stored = 0;
    time_t const told = time(&stored);
    show("time stores", stored == told);
    struct timezone zone = {5, 5};
    show("both", syscall(SYS_gettimeofday, &day, &zone));
    printf("zone %d %d\n", zone.tz_minuteswest, zone.tz_dsttime);
    show("neither", syscall(SYS_gettimeofday, NULL, NULL));
    show("to a bad place", syscall(SYS_gettimeofday, 16L, NULL));
    show("time to a bad place", syscall(SYS_time, 16L));
    return 0;
}
