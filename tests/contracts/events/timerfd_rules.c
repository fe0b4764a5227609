// timerfd_create(2): a span or a point of time, once or again and again; reads count what has
// passed; EAGAIN before; settings that are refused; what is left.
#include "tests/contracts/contract.h"

#include <poll.h>
#include <sys/timerfd.h>
#include <time.h>

static struct itimerspec const off;

static long set(int file, int flags, long first, long interval)
{
    struct itimerspec const wanted = {{interval / 1000000000, interval % 1000000000},
                                      {first / 1000000000, first % 1000000000}};
    return timerfd_settime(file, flags, &wanted, NULL);
}

static void raw(char const* what, int file, long seconds, long nanoseconds)
{
    struct itimerspec const wanted = {{0, 0}, {seconds, nanoseconds}};
    show(what, timerfd_settime(file, 0, &wanted, NULL));
}

static uint64_t wait_for(int file)
{
    struct pollfd entry = {file, POLLIN, 0};
    uint64_t count = 0;
    require(poll(&entry, 1, -1) == 1, "poll");
    require(read(file, &count, sizeof count) == sizeof count, "read");
    return count;
}

static void left(char const* what, int file)
{
    struct itimerspec now;
    show(what, timerfd_gettime(file, &now));
    printf("  first %s, then %s\n",
           now.it_value.tv_sec + now.it_value.tv_nsec ? "some" : "none",
           now.it_interval.tv_sec + now.it_interval.tv_nsec ? "some" : "none");
    fflush(stdout);
}

int main(void)
{
    int const file = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    uint64_t count = 0;
    show("not set", read(file, &count, sizeof count));
    left("not set", file);
    show("set far away", set(file, 0, 1000000000000, 0));
    show("not yet", read(file, &count, sizeof count));
    left("running", file);
    show("short read", read(file, &count, 7));
    struct itimerspec old;
    show("off, with the old", timerfd_settime(file, 0, &off, &old));
    printf("  old %ld more than 900\n", (long)(old.it_value.tv_sec > 900));
    left("off", file);
    show("once", set(file, 0, 1000000, 0));
    printf("count %d\n", wait_for(file) == 1);
    show("over", read(file, &count, sizeof count));
    left("over", file);
    show("point that has passed", set(file, TFD_TIMER_ABSTIME, 1, 0));
    printf("count %d\n", wait_for(file) == 1);
    show("point that has passed, again and again", set(file, TFD_TIMER_ABSTIME, 1, 1000000));
    printf("many %d\n", wait_for(file) > 0);
    left("again and again", file);
    show("interval without a first is off", set(file, 0, 0, 1000000));
    left("off", file);
    raw("nanoseconds", file, 0, 1000000000);
    raw("negative nanoseconds", file, 0, -1);
    raw("negative seconds", file, -1, 0);
    show("unknown flag", set(file, 8, 1000000, 0));
    show("no setting", syscall(SYS_timerfd_settime, file, 0, NULL, NULL));
    show("old to a bad place", syscall(SYS_timerfd_settime, file, 0, &off, 16L));
    show("get to a bad place", syscall(SYS_timerfd_gettime, file, 16L));
    show("no timer", set(1, 0, 1, 0));
    show("closed", set(99, 0, 1, 0));
    show("clock of CPU time", timerfd_create(CLOCK_PROCESS_CPUTIME_ID, 0));
    show("unknown clock", timerfd_create(77, 0));
    show("unknown flags of creation", timerfd_create(CLOCK_MONOTONIC, 1));
    show("write", write(file, &count, sizeof count));
    return 0;
}
