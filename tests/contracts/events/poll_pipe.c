// poll(2): POLLIN with data, POLLHUP when the writer is gone, POLLERR at a pipe without a reader,
// POLLNVAL for a closed descriptor; negative descriptors are passed over.
#include "tests/contracts/contract.h"
#include <poll.h>

static void look(char const* what, int file)
{
    struct pollfd set = {file, POLLIN | POLLOUT, 0};
    show(what, poll(&set, 1, 0));
    printf("  revents 0x%x\n", set.revents);
}

int main(void)
{
    int ends[2];
    require(pipe(ends) == 0, "pipe");
    look("empty, reading end", ends[0]);
    look("empty, writing end", ends[1]);
    require(write(ends[1], "x", 1) == 1, "write");
    look("one byte", ends[0]);
    close(ends[1]);
    look("one byte, no writer", ends[0]);
    char byte;
    require(read(ends[0], &byte, 1) == 1, "read");
    look("empty, no writer", ends[0]);
    require(pipe(ends) == 0, "pipe");
    close(ends[0]);
    look("no reader", ends[1]);
    look("closed", ends[0]);
    look("negative", -5);
    show("too many", poll(NULL, 1 << 30, 0));
    show("unmapped", syscall(SYS_poll, 16, 1, 0));
    return 0;
}
