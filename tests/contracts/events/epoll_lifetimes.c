// epoll(7), Questions and answers: an entry belongs to the open file, not to the descriptor: it
// stays until the last copy is closed; the same file under two descriptors is two entries; fork(2)
// shares the set; a set in a set tells that something is ready in it.
#include "tests/contracts/contract.h"

#include <sys/epoll.h>

static int set;

static void look(char const* what, int where)
{
    struct epoll_event events[8];
    int const count = epoll_wait(where, events, 8, 0);
    unsigned sum = 0;
    for (int i = 0; i < count; ++i) sum += events[i].data.u32;
    printf("%s: %d (%u)\n", what, count, sum);
    fflush(stdout);
}

static void add(int where, int file, unsigned data)
{
    struct epoll_event event = {.events = EPOLLIN, .data.u32 = data};
    show("add", epoll_ctl(where, EPOLL_CTL_ADD, file, &event));
}

int main(void)
{
    set = epoll_create1(0);
    int ends[2];
    require(set >= 0 && pipe(ends) == 0, "files");
    require(write(ends[1], "x", 1) == 1, "write");
    add(set, ends[0], 1);
    int const copy = dup(ends[0]);
    add(set, copy, 10);
    look("two entries", set);
    close(ends[0]);
    look("the descriptor is closed, the file is not", set);
    show("it cannot be removed by that", epoll_ctl(set, EPOLL_CTL_DEL, ends[0], NULL));
    close(copy);
    look("the last one is closed", set);
    require(pipe(ends) == 0, "pipe");
    add(set, ends[0], 2);
    int const outer = epoll_create1(0);
    add(outer, set, 100);
    look("outer, nothing", outer);
    require(write(ends[1], "x", 1) == 1, "write");
    look("outer, something in the inner", outer);
    look("inner", set);
    char byte;
    require(read(ends[0], &byte, 1) == 1, "read");
    look("outer, taken", outer);
    pid_t const child = fork_child();
    if (child == 0) {
        int more[2];
        require(pipe(more) == 0 && write(more[1], "x", 1) == 1, "pipe");
        add(set, more[0], 40);
        look("in the child", set);
        leave(0);
    }
    show_end("child", child);
    look("what it added went with it", set);
    close(set);
    look("a closed set in a set", outer);
    return 0;
}
