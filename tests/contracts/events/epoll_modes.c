// epoll(7): level-triggered entries are told each time, edge-triggered ones when something new
// comes, one-shot ones once until they are armed again; more ready ones than room take turns.
#include "tests/contracts/contract.h"

#include <sys/epoll.h>

static int set;

static void look(char const* what)
{
    struct epoll_event events[8];
    int const count = epoll_wait(set, events, 8, 0);
    printf("%s: %d", what, count);
    for (int i = 0; i < count; ++i) printf(" [%u %#x]", events[i].data.u32, events[i].events);
    printf("\n");
    fflush(stdout);
}

static void control(char const* what, int operation, int file, unsigned events)
{
    struct epoll_event event = {.events = events, .data.u32 = events == 0 ? 0 : 7};
    show(what, epoll_ctl(set, operation, file, &event));
}

static void put(int file) { require(write(file, "x", 1) == 1, "write"); }
static void get(int file)
{
    char byte;
    require(read(file, &byte, 1) == 1, "read");
}

int main(void)
{
    set = epoll_create1(EPOLL_CLOEXEC);
    int ends[2];
    require(set >= 0 && pipe(ends) == 0, "files");
    control("level", EPOLL_CTL_ADD, ends[0], EPOLLIN);
    look("nothing");
    put(ends[1]);
    look("a byte");
    look("still");
    control("edge", EPOLL_CTL_MOD, ends[0], EPOLLIN | EPOLLET);
    look("changing it tells anew");
    look("once");
    put(ends[1]);
    look("another byte");
    get(ends[0]);
    look("less is no news");
    put(ends[1]);
    put(ends[1]);
    look("two at once");
    control("one shot", EPOLL_CTL_MOD, ends[0], EPOLLIN | EPOLLONESHOT);
    look("armed");
    put(ends[1]);
    look("not any more");
    control("armed again", EPOLL_CTL_MOD, ends[0], EPOLLIN | EPOLLONESHOT);
    look("told again");
    control("no events", EPOLL_CTL_MOD, ends[0], 0);
    look("nothing asked for");
    close(ends[1]);
    look("hang-up is told all the same");
    control("gone", EPOLL_CTL_DEL, ends[0], 0);
    look("gone");
    int pipes[3][2];
    for (unsigned i = 0; i < 3; ++i) {
        require(pipe(pipes[i]) == 0, "pipe");
        struct epoll_event event = {.events = EPOLLIN, .data.u32 = i};
        require(epoll_ctl(set, EPOLL_CTL_ADD, pipes[i][0], &event) == 0, "add");
        put(pipes[i][1]);
    }
    unsigned turns = 0;
    for (int i = 0; i < 6; ++i) {
        struct epoll_event one;
        require(epoll_wait(set, &one, 1, 0) == 1, "wait");
        turns = turns * 10 + one.data.u32 + 1;
    }
    show("one place for three, in turns", turns);
    return 0;
}
