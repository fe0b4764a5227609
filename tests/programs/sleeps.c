// No wait with a timeout ends before its time, and no clock goes back over one, in several processes.
#include "support.h"

#include <poll.h>
#include <stdbool.h>
#include <sys/select.h>

static long long now(clockid_t clock)
{
    struct timespec time;
    CHECK(clock_gettime(clock, &time) == 0);
    return time.tv_sec * 1000000000ll + time.tv_nsec;
}

enum { WAYS = 7 };
static char const* const names[WAYS] = {"nanosleep", "until a time", "until a date", "poll", "select", "futex", "usleep"};

static void wait_for(int way, long nanoseconds)
{
    struct timespec time = {0, nanoseconds};
    if (way == 0) CHECK(nanosleep(&time, NULL) == 0);
    if (way == 1 || way == 2) {
        clockid_t const clock = way == 1 ? CLOCK_MONOTONIC : CLOCK_REALTIME;
        long long const end = now(clock) + nanoseconds;
        time = (struct timespec){end / 1000000000, end % 1000000000};
        CHECK(clock_nanosleep(clock, TIMER_ABSTIME, &time, NULL) == 0);
        CHECK(now(clock) >= end);
    }
    if (way == 3) CHECK(poll(NULL, 0, (int)(nanoseconds / 1000000)) == 0);
    if (way == 4) {
        struct timeval limit = {0, nanoseconds / 1000};
        CHECK(select(0, NULL, NULL, NULL, &limit) == 0);
    }
    int word = 0;
    if (way == 5) CHECK(syscall(SYS_futex, &word, 0 /* FUTEX_WAIT */, 0, &time, NULL, 0) == -1 && errno == ETIMEDOUT);
    if (way == 6) CHECK(usleep((useconds_t)(nanoseconds / 1000)) == 0);
}

int main(void)
{
    static long const lengths[] = {1000000, 3000000, 20000000};
    fflush(stdout);
    for (int process = 0; process < 3; ++process) {
        if (fork() != 0) continue;
        for (int way = 0; way < WAYS; ++way) {
            for (int i = 0; i < 3; ++i) {
                long long const start = now(CLOCK_MONOTONIC), date = now(CLOCK_REALTIME);
                wait_for(way, lengths[i]);
                // A date and a time are read one after the other.
                if (now(CLOCK_MONOTONIC) - start < lengths[i] || now(CLOCK_REALTIME) - date < lengths[i]) _exit(way + 1);
                if (now(CLOCK_MONOTONIC) - start > 2000000000ll) _exit(way + 100);
            }
        }
        _exit(0);
    }
    int status, failures = 0;
    while (wait(&status) > 0) {
        if (status == 0) continue;
        ++failures;
        int const code = WEXITSTATUS(status);
        printf("%s: %s\n", code >= 100 ? "far too long" : "too short", names[(code >= 100 ? code - 100 : code - 1) % WAYS]);
    }
    long long last = now(CLOCK_MONOTONIC);
    int backward = 0;
    for (int i = 0; i < 20000; ++i) {
        long long const next = now(CLOCK_MONOTONIC);
        backward += next < last;
        last = next;
    }
    printf("%d of 3 failed, the clock went back %d times\n", failures, backward);
    return 0;
}
