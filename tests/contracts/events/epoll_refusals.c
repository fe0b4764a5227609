// epoll_ctl(2), epoll_wait(2), epoll_create(2): EPERM for files and folders, EEXIST, ENOENT, EBADF,
// EINVAL for itself and for what is no epoll; EPOLLEXCLUSIVE's rules; ELOOP for circles and deep
// nests.
#include "tests/contracts/contract.h"

#include <sys/epoll.h>

static long control(int set, int operation, int file, unsigned events)
{
    struct epoll_event event = {.events = events};
    return epoll_ctl(set, operation, file, &event);
}

int main(void)
{
    int const set = epoll_create1(0);
    int ends[2];
    require(set >= 0 && pipe(ends) == 0, "files");
    make_file("file", "x");
    show("create with size 0", syscall(SYS_epoll_create, 0));
    show("create with size -1", syscall(SYS_epoll_create, -1));
    show("create with flags", epoll_create1(1));
    show("a file", control(set, EPOLL_CTL_ADD, open("file", O_RDONLY), EPOLLIN));
    show("a folder", control(set, EPOLL_CTL_ADD, open("/work", O_RDONLY), EPOLLIN));
    show("null", control(set, EPOLL_CTL_ADD, open("/dev/null", O_RDONLY), EPOLLIN));
    show("a place", control(set, EPOLL_CTL_ADD, open("file", O_PATH), EPOLLIN));
    show("closed", control(set, EPOLL_CTL_ADD, 99, EPOLLIN));
    show("closed set", control(99, EPOLL_CTL_ADD, ends[0], EPOLLIN));
    show("no set", control(ends[0], EPOLL_CTL_ADD, ends[1], EPOLLIN));
    show("itself", control(set, EPOLL_CTL_ADD, set, EPOLLIN));
    show("add", control(set, EPOLL_CTL_ADD, ends[0], EPOLLIN));
    show("add again", control(set, EPOLL_CTL_ADD, ends[0], EPOLLIN));
    show("change what is not there", control(set, EPOLL_CTL_MOD, ends[1], EPOLLIN));
    show("remove what is not there", control(set, EPOLL_CTL_DEL, ends[1], EPOLLIN));
    show("unknown operation", control(set, 9, ends[0], EPOLLIN));
    show("event at a bad place", syscall(SYS_epoll_ctl, set, EPOLL_CTL_MOD, ends[0], 16L));
    show("remove needs none", syscall(SYS_epoll_ctl, set, EPOLL_CTL_DEL, ends[0], 16L));
    unsigned const exclusive = 1u << 28;
    show("exclusive", control(set, EPOLL_CTL_ADD, ends[0], EPOLLIN | exclusive));
    show("change an exclusive one", control(set, EPOLL_CTL_MOD, ends[0], EPOLLIN));
    show("exclusive by a change", control(set, EPOLL_CTL_MOD, ends[0], EPOLLIN | exclusive));
    show("exclusive, one shot",
         control(set, EPOLL_CTL_ADD, ends[1], EPOLLOUT | exclusive | EPOLLONESHOT));
    show("exclusive, edge", control(set, EPOLL_CTL_ADD, ends[1], EPOLLOUT | exclusive | EPOLLET));
    int const inner = epoll_create1(0);
    show("exclusive set", control(set, EPOLL_CTL_ADD, inner, EPOLLIN | exclusive));
    show("a set in a set", control(set, EPOLL_CTL_ADD, inner, EPOLLIN));
    show("a circle", control(inner, EPOLL_CTL_ADD, set, EPOLLIN));
    int chain = set;
    int added = 1;
    for (int i = 0; i < 8; ++i) {
        int const next = epoll_create1(0);
        if (control(next, EPOLL_CTL_ADD, chain, EPOLLIN) != 0) {
            show("nested too deep", -1);
            break;
        }
        ++added;
        chain = next;
    }
    show("levels", added);
    struct epoll_event event;
    show("wait for none", epoll_wait(set, &event, 0, 0));
    show("wait for -1", syscall(SYS_epoll_wait, set, &event, -1, 0));
    show("wait in no set", epoll_wait(ends[0], &event, 1, 0));
    show("wait in a closed one", epoll_wait(99, &event, 1, 0));
    show("nothing is told to a bad place", syscall(SYS_epoll_wait, inner, 16L, 1, 0));
    require(write(ends[1], "x", 1) == 1, "write");
    show("something is not", syscall(SYS_epoll_wait, set, 16L, 1, 0));
    show("beyond user memory", syscall(SYS_epoll_wait, set, -16L, 1, 0));
    show("read a set", read(set, &event, sizeof event));
    return 0;
}
