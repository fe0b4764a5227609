// epoll(7), EPOLLET with inotify(7): each event that is queued is an edge, the one that says that
// the queue is full as well; what is lost after it is none.
#include "tests/contracts/contract.h"

#include <sys/epoll.h>
#include <sys/inotify.h>

static int set;

static void show_edge(char const* what)
{
    struct epoll_event event = {0};
    show(what, epoll_wait(set, &event, 1, 0));
}

int main(void)
{
    FILE* const limit_file = fopen("/proc/sys/fs/inotify/max_queued_events", "r");
    long limit = 16384;
    if (limit_file != NULL)
        require(fscanf(limit_file, "%ld", &limit) == 1, "limit of the queue");
    int const queue = inotify_init1(IN_NONBLOCK);
    require(queue >= 0, "inotify_init1");
    set = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN | EPOLLET};
    require(epoll_ctl(set, EPOLL_CTL_ADD, queue, &event) == 0, "epoll_ctl");
    make_file("file", "");
    require(inotify_add_watch(queue, "file", IN_MODIFY | IN_ATTRIB) >= 0, "inotify_add_watch");
    int const file = open("file", O_WRONLY);
    show_edge("nothing yet");
    fchmod(file, 0600);
    show_edge("first event");
    show_edge("the same again");
    fchmod(file, 0600);
    show_edge("merged with the first");
    // Two kinds in turn, so that none is merged.
    for (long queued = 1; queued < limit; ++queued) {
        if (queued % 2 == 1)
            require(write(file, "x", 1) == 1, "write");
        else
            fchmod(file, 0600);
    }
    show_edge("queue is full");
    if (limit % 2 == 1)
        require(write(file, "x", 1) == 1, "write");
    else
        fchmod(file, 0600);
    show_edge("first that is lost");
    require(write(file, "x", 1) == 1, "write");
    fchmod(file, 0600);
    show_edge("more are lost");
    return 0;
}
