// Calls with a timeout that are stopped and continued half-way: they end when they first would
// have, without an error (signal(7), restart_syscall(2)).

#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// futex(2); musl has no header for them.
enum { FUTEX_WAIT_PRIVATE = 0 | 128, FUTEX_WAIT_BITSET_PRIVATE = 9 | 128 };

enum { kTimeoutMs = 400, kStoppedMs = 250, kLateMs = 550 };

static long milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void pause_for(long duration)
{
    struct timespec const time = {duration / 1000, duration % 1000 * 1000000};
    nanosleep(&time, NULL);
}

static long by_poll(void) { return poll(NULL, 0, kTimeoutMs); }

static long by_select(void)
{
    struct timeval time = {0, kTimeoutMs * 1000};
    return select(0, NULL, NULL, NULL, &time);
}

static long by_nanosleep(void)
{
    struct timespec const time = {0, kTimeoutMs * 1000000L};
    return nanosleep(&time, NULL);
}

static long by_clock_nanosleep(void)
{
    struct timespec const time = {0, kTimeoutMs * 1000000L};
    return clock_nanosleep(CLOCK_MONOTONIC, 0, &time, NULL);
}

static long by_futex(void)
{
    int word = 0;
    struct timespec const time = {0, kTimeoutMs * 1000000L};
    return syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, &time, NULL, 0);
}

static long by_futex_bitset(void)
{
    int word = 0;
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    time.tv_nsec += kTimeoutMs * 1000000L;
    if (time.tv_nsec >= 1000000000L) {
        time.tv_nsec -= 1000000000L;
        ++time.tv_sec;
    }
    return syscall(SYS_futex, &word, FUTEX_WAIT_BITSET_PRIVATE, 0, &time, NULL, -1);
}

static void wait_stopped(char const* name, long (*call)(void))
{
    fflush(stdout);
    pid_t const child = fork();
    if (child == 0) {
        long const began = milliseconds();
        long const result = call();
        long const took = milliseconds() - began;
        printf("%s: result %ld, not early %d, not late %d\n",
               name,
               result,
               took >= kTimeoutMs,
               took < kLateMs);
        fflush(stdout);
        _exit(0);
    }
    pause_for(kTimeoutMs / 4);
    kill(child, SIGSTOP);
    waitpid(child, NULL, WUNTRACED);
    pause_for(kStoppedMs);
    kill(child, SIGCONT);
    waitpid(child, NULL, 0);
}

int main(void)
{
    wait_stopped("poll", by_poll);
    wait_stopped("select", by_select);
    wait_stopped("nanosleep", by_nanosleep);
    wait_stopped("clock_nanosleep", by_clock_nanosleep);
    wait_stopped("futex", by_futex);
    wait_stopped("futex until", by_futex_bitset);
    // Nothing to go on with.
    printf("restart_syscall: %ld\n", syscall(SYS_restart_syscall));
    return 0;
}
