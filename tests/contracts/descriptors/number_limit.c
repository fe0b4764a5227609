// getrlimit(2) RLIMIT_NOFILE: the limit is one above the highest new number; what is open beyond it
// stays open. open(2): with EMFILE nothing is created.
#include "tests/contracts/contract.h"
#include <sys/resource.h>

static void set_limit(rlim_t soft)
{
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = soft;
    show("setrlimit", setrlimit(RLIMIT_NOFILE, &limit));
}

int main(void)
{
    int const file = open("f", O_RDWR | O_CREAT, 0600);
    require(file >= 0 && dup2(file, 50) == 50 && write(50, "text", 4) == 4, "files");
    int ends[2] = {-1, -1};
    set_limit((rlim_t)file + 1);
    show("open", open("f", O_RDONLY));
    show("creat", open("new", O_WRONLY | O_CREAT, 0600));
    show("it is not there", access("new", F_OK));
    show("dup", dup(file));
    show("dup2 to 50", dup2(file, 50));
    show("50 still works", pwrite(50, "T", 1, 0));
    show("dup2 of 50", dup2(50, file));
    show("pipe", pipe(ends));
    show("socketpair", socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
    show("epoll_create", syscall(SYS_epoll_create1, 0));
    show("eventfd", syscall(SYS_eventfd2, 0, 0));
    show("memfd_create", syscall(SYS_memfd_create, "m", 0));
    printf("ends untouched: %d %d\n", ends[0], ends[1]);
    set_limit((rlim_t)file + 2);
    show("pipe with one place", pipe(ends));
    show("the place is free again", dup(file) == file + 1);
    show("no such limit", syscall(SYS_prlimit64, 0, 99, NULL, NULL));
    struct rlimit const wrong = {10, 5};
    show("soft above hard", setrlimit(RLIMIT_NOFILE, &wrong));
    set_limit(0);
    show("no place at all", dup(50));
    show("close", close(50));
    return 0;
}
