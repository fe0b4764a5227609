// epoll, eventfd, socket pairs.
#include "families.h"

#include <stdint.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

static void time_epoll(struct run* run, int set, int counter)
{
    struct epoll_event event = {.events = EPOLLIN, .data = {.fd = counter}};
    if (epoll_ctl(set, EPOLL_CTL_ADD, counter, &event) != 0) return fail(run, "epoll_ctl");
    start(run);
    for (unsigned i = 0; i < run->iterations; ++i) {
        if (epoll_wait(set, &event, 1, 0) != 0) return fail(run, "epoll_wait");
    }
    stop(run);
}

void run_epoll_wait(struct run* run)
{
    int const counter = eventfd(0, EFD_CLOEXEC);
    if (counter < 0) return fail(run, "eventfd");
    int const set = epoll_create1(EPOLL_CLOEXEC);
    if (set < 0) {
        fail(run, "epoll_create1");
    } else {
        time_epoll(run, set, counter);
        close(set);
    }
    close(counter);
}

void run_eventfd(struct run* run)
{
    int const counter = eventfd(0, EFD_CLOEXEC);
    if (counter < 0) return fail(run, "eventfd");
    uint64_t value = 1;
    start(run);
    for (unsigned i = 0; i < run->iterations; ++i) {
        if (write(counter, &value, sizeof value) != sizeof value ||
            read(counter, &value, sizeof value) != sizeof value) {
            fail(run, "8 bytes through an eventfd");
            break;
        }
    }
    if (!has_failed(run)) stop(run);
    close(counter);
}

void run_socketpair(struct run* run)
{
    start(run);
    for (unsigned i = 0; i < run->iterations; ++i) {
        int pair[2];
        if (socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0) return fail(run, "socketpair");
        if (close(pair[0]) != 0 || close(pair[1]) != 0) return fail(run, "close");
    }
    stop(run);
}
