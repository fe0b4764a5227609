// timerfd: what is left, how often it has run out, absolute times, errors, events.
#include "support.h"

#include <poll.h>
#include <stdbool.h>
#include <sys/epoll.h>
#include <sys/timerfd.h>

static void show(char const* what, long result)
{
    if (result < 0) printf("%s: %s\n", what, error_name(errno));
    else printf("%s: %ld\n", what, result);
}

static int set(int timer, int flags, long first_ms, long interval_ms)
{
    struct itimerspec const value = {{interval_ms / 1000, interval_ms % 1000 * 1000000}, {first_ms / 1000, first_ms % 1000 * 1000000}};
    return timerfd_settime(timer, flags, &value, NULL);
}

static void show_left(char const* what, int timer)
{
    struct itimerspec value;
    CHECK(timerfd_gettime(timer, &value) == 0);
    long const left = value.it_value.tv_sec * 1000 + value.it_value.tv_nsec / 1000000;
    printf("%s: %s, interval %ld ms\n", what, left == 0 ? "nothing left" : left > 50000 ? "long" : "some time left", value.it_interval.tv_sec * 1000 + value.it_interval.tv_nsec / 1000000);
}

static void get(char const* what, int timer)
{
    uint64_t value = 99;
    ssize_t const size = read(timer, &value, sizeof value);
    if (size < 0) printf("%s: %s\n", what, error_name(errno));
    else printf("%s: %zd bytes, %llu\n", what, size, (unsigned long long)value);
}

static bool is_ready(int timer)
{
    struct pollfd entry = {timer, POLLIN | POLLOUT, 0};
    return poll(&entry, 1, 0) == 1 && entry.revents == POLLIN;
}

static void on_alarm(int number) { (void)number; }

int main(void)
{
    show("clock", timerfd_create(77, 0));
    show("cpu clock", timerfd_create(CLOCK_PROCESS_CPUTIME_ID, 0));
    show("flags", timerfd_create(CLOCK_MONOTONIC, 1));
    int const timer = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    CHECK(timer >= 0);
    printf("flags %o, %d\n", fcntl(timer, F_GETFL), fcntl(timer, F_GETFD));
    get("not set", timer);
    show_left("not set", timer);
    show("settime: flags", set(timer, 8, 1, 0));
    struct itimerspec bad = {{0, 1000000000}, {1, 0}};
    show("settime: interval", timerfd_settime(timer, 0, &bad, NULL));
    bad = (struct itimerspec){{0, 0}, {-1, 0}};
    show("settime: negative", timerfd_settime(timer, 0, &bad, NULL));
    show("settime: address", syscall(SYS_timerfd_settime, timer, 0, (void*)16, NULL));
    show("settime: no timer", set(0, 0, 1, 0));
    show("gettime: bad descriptor", timerfd_gettime(99, &bad));
    uint64_t small = 0;
    show("read of 7", read(timer, &small, 7));
    show("write", write(timer, &small, 8));

    CHECK(set(timer, 0, 100000, 30) == 0);
    show_left("set", timer);
    get("early", timer);
    struct itimerspec const once = {{0, 0}, {0, 20000000}};
    struct itimerspec old;
    CHECK(timerfd_settime(timer, 0, &once, &old) == 0);
    printf("old interval %ld ms, left %d\n", old.it_interval.tv_nsec / 1000000, old.it_value.tv_sec >= 99);
    printf("ready %d\n", is_ready(timer));
    usleep(60000);
    printf("ready %d\n", is_ready(timer));
    get("once", timer);
    get("again", timer);
    show_left("over", timer);

    // Periodic: read late, then in time.
    CHECK(set(timer, 0, 20, 100000) == 0);
    usleep(60000);
    show_left("periodic", timer);
    get("periodic", timer);
    CHECK(set(timer, 0, 1, 1) == 0);
    usleep(50000);
    uint64_t count = 0;
    CHECK(read(timer, &count, sizeof count) == sizeof count);
    printf("many: %d\n", count >= 40);
    CHECK(set(timer, 0, 0, 5) == 0);
    show_left("stopped", timer);
    usleep(20000);
    get("stopped", timer);

    // Absolute times.
    struct timespec now;
    CHECK(clock_gettime(CLOCK_MONOTONIC, &now) == 0);
    CHECK(set(timer, TFD_TIMER_ABSTIME, now.tv_sec * 1000 + 100000, 0) == 0);
    show_left("absolute", timer);
    CHECK(set(timer, TFD_TIMER_ABSTIME, 1, 0) == 0);
    get("past", timer);
    int const wall = timerfd_create(CLOCK_REALTIME, 0);
    CHECK(clock_gettime(CLOCK_REALTIME, &now) == 0);
    CHECK(set(wall, TFD_TIMER_ABSTIME, now.tv_sec * 1000 + 100000, 0) == 0);
    show_left("wall clock", wall);
    CHECK(set(wall, TFD_TIMER_ABSTIME, now.tv_sec * 1000 - 5000, 0) == 0);
    get("wall clock, past", wall);

    // Waiting: until it runs out, until a signal.
    CHECK(set(wall, 0, 20, 0) == 0);
    get("blocking", wall);
    struct sigaction const action = {.sa_handler = on_alarm};
    struct itimerval const soon = {{0, 0}, {0, 10000}};
    CHECK(sigaction(SIGALRM, &action, NULL) == 0);
    CHECK(setitimer(ITIMER_REAL, &soon, NULL) == 0);
    get("interrupted", wall);
    int const group = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN | EPOLLET};
    CHECK(epoll_ctl(group, EPOLL_CTL_ADD, timer, &event) == 0);
    CHECK(set(timer, 0, 20, 20) == 0);
    show("event", epoll_wait(group, &event, 1, -1));
    usleep(50000);
    show("unread, no other event", epoll_wait(group, &event, 1, 0));
    CHECK(read(timer, &count, sizeof count) == sizeof count);
    show("next event", epoll_wait(group, &event, 1, -1));
    char path[64], target[64] = "";
    snprintf(path, sizeof path, "/proc/self/fd/%d", timer);
    CHECK(readlink(path, target, sizeof target - 1) > 0);
    printf("%s\n", target);
    // Closed while it runs.
    close(timer);
    close(wall);
    usleep(50000);
    return 0;
}
