// With many descriptors open.
#define _GNU_SOURCE
#include "guest/user/growth/growth.h"

#include <fcntl.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

static int first, total, set, ready;

static void open_many(int count)
{
    set = epoll_create1(0);
    ready = eventfd(1, 0);
    struct epoll_event event = {.events = EPOLLIN};
    must(set >= 0 && ready >= 0, "eventfd");
    must(epoll_ctl(set, EPOLL_CTL_ADD, ready, &event) == 0, "epoll_ctl");
    first = eventfd(0, 0);
    must(first >= 0, "eventfd");
    for (int i = 1; i < count; ++i) must(dup(first) == first + i, "dup");
    for (int i = 0; i < count; ++i) {
        event.data.fd = first + i;
        must(epoll_ctl(set, EPOLL_CTL_ADD, first + i, &event) == 0, "epoll_ctl");
    }
    total = count;
}

static int middle(int round) { return first + round * 7919 % total; }

static void open_one(int round)
{
    (void)round;
    int const descriptor = open("/dev/null", O_RDONLY);
    must(descriptor >= 0, "open");
    close(descriptor);
}

static void duplicate(int round)
{
    int const descriptor = dup(middle(round));
    must(descriptor >= 0, "dup");
    close(descriptor);
}

static void fill_hole(int round)
{
    int const hole = middle(round);
    close(hole);
    must(open("/dev/null", O_RDONLY) == hole, "open");
}

void make_pipe(int round)
{
    (void)round;
    int ends[2];
    must(pipe(ends) == 0, "pipe");
    close(ends[0]);
    close(ends[1]);
}

static void wait_for_one(int round)
{
    (void)round;
    struct epoll_event event;
    must(epoll_wait(set, &event, 1, 0) == 1, "epoll_wait");
}

static void watch_one(int round)
{
    (void)round;
    int const descriptor = eventfd(0, 0);
    struct epoll_event event = {.events = EPOLLIN};
    must(epoll_ctl(set, EPOLL_CTL_ADD, descriptor, &event) == 0, "epoll_ctl");
    close(descriptor);
}

struct operation const descriptor_operations[] = {
    {"open", open_many, open_one},
    {"dup", NULL, duplicate},
    {"pipe", NULL, make_pipe},
    {"epoll_wait", NULL, wait_for_one},
    {"epoll_add", NULL, watch_one},
    {"fill_hole", NULL, fill_hole},
    {NULL, NULL, NULL},
};
