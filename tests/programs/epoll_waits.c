// epoll_wait(2) that sleeps until something happens: in a pipe, and in a set inside of a set.
#include "support.h"

#include <sys/epoll.h>

// A process that writes a byte after a while.
static pid_t writes_later(int file)
{
    fflush(stdout);
    pid_t const child = fork();
    CHECK(child >= 0);
    if (child != 0) return child;
    struct timespec const time = {0, 50000000};
    nanosleep(&time, NULL);
    CHECK(write(file, "x", 1) == 1);
    // Nothing else may end the wait.
    for (;;) pause();
}

static void add(int set, int file, unsigned data)
{
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = data};
    CHECK(epoll_ctl(set, EPOLL_CTL_ADD, file, &event) == 0);
}

static void waits(char const* name, int set, int writer)
{
    pid_t const child = writes_later(writer);
    struct epoll_event event = {0};
    int const count = epoll_wait(set, &event, 1, -1);
    printf("%s: %d, events %x of %u\n", name, count, event.events, event.data.u32);
    kill(child, SIGKILL);
    CHECK(waitpid(child, NULL, 0) == child);
}

int main(void)
{
    int ends[2];
    char byte;
    CHECK(pipe(ends) == 0);
    int const inner = epoll_create1(0), outer = epoll_create1(0);
    add(inner, ends[0], 1);
    waits("a pipe", inner, ends[1]);
    CHECK(read(ends[0], &byte, 1) == 1);
    add(outer, inner, 2);
    waits("a set", outer, ends[1]);
    return 0;
}
