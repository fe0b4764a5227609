// futex(2), timeouts: a span for FUTEX_WAIT, a point of time for FUTEX_WAIT_BITSET, by the
// monotonic or the wall clock; ETIMEDOUT at the earliest when it is over; bad times are EINVAL
// whatever the word.
#include "tests/contracts/threads/futex.h"

static int word;

static long now(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return time.tv_sec * 1000000000 + time.tv_nsec;
}

static void span(char const* what, int operation, long seconds, long nanoseconds)
{
    struct timespec const time = {seconds, nanoseconds};
    long const before = now(CLOCK_MONOTONIC);
    long const result = futex(&word, operation | kPrivate, 0, &time, NULL, ~0u);
    int const error = errno;
    long const passed = now(CLOCK_MONOTONIC) - before;
    int const is_span = (operation & ~kRealTime) == kWait;
    int const is_early =
        is_span && error == ETIMEDOUT && passed < seconds * 1000000000 + nanoseconds;
    errno = error;
    show(what, result);
    if (is_early) printf("  too early\n");
}

static void point(char const* what, clockid_t clock, long offset)
{
    long const end = now(clock) + offset;
    struct timespec const time = {end / 1000000000, end % 1000000000};
    int const operation = kWaitBitset | kPrivate | (clock == CLOCK_REALTIME ? kRealTime : 0);
    show(what, futex(&word, operation, 0, &time, NULL, ~0u));
    if (now(clock) < end) printf("  too early\n");
}

int main(void)
{
    span("nothing", kWait, 0, 0);
    span("a nanosecond", kWait, 0, 1);
    span("a millisecond", kWait, 0, 1000000);
    span("by the wall clock", kWait | kRealTime, 0, 1000000);
    span("too many nanoseconds", kWait, 0, 1000000000);
    span("negative nanoseconds", kWait, 0, -1);
    span("negative seconds", kWait, -1, 0);
    struct timespec const bad = {0, -1};
    show("bad time, other value", futex(&word, kWait, 5, &bad, NULL, 0));
    struct timespec const fine = {0, 1000000};
    show("other value", futex(&word, kWait, 5, &fine, NULL, 0));
    show("time at a bad place", futex(&word, kWait, 0, (void*)16, NULL, 0));
    show("a wake does not look there", futex(&word, kWake, 1, (void*)16, NULL, 0));
    span("point 0", kWaitBitset, 0, 0);
    span("point 0 of the wall clock", kWaitBitset | kRealTime, 0, 0);
    span("negative point", kWaitBitset, -1, 0);
    point("now", CLOCK_MONOTONIC, 0);
    point("has been", CLOCK_MONOTONIC, -1000000);
    point("in a while", CLOCK_MONOTONIC, 2000000);
    point("now, wall clock", CLOCK_REALTIME, 0);
    point("has been, wall clock", CLOCK_REALTIME, -1000000);
    point("in a while, wall clock", CLOCK_REALTIME, 2000000);
    return 0;
}
