// unix(7), SCM_RIGHTS: sockets that hold each other in their queues and that nobody else has are
// closed, with all that they hold; those that can be reached stay.
#include "tests/contracts/contract.h"

static void give(int socket, int file)
{
    union {
        char bytes[CMSG_SPACE(sizeof(int))];
        struct cmsghdr header;
    } control;
    memset(&control, 0, sizeof control);
    struct iovec vector = {"x", 1};
    struct msghdr message = {.msg_iov = &vector, .msg_iovlen = 1, .msg_control = &control};
    message.msg_controllen = sizeof control.bytes;
    struct cmsghdr* const header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(int));
    memcpy(CMSG_DATA(header), &file, sizeof file);
    require(sendmsg(socket, &message, 0) == 1, "sendmsg");
}

static int is_closed(int end)
{
    char byte;
    return read(end, &byte, 1) == 0;
}

int main(void)
{
    int ends[2], one[2], two[2];
    require(pipe2(ends, O_NONBLOCK) == 0, "pipe");
    require(socketpair(AF_UNIX, SOCK_STREAM, 0, one) == 0, "socketpair");
    // Its own other side is in its queue.
    give(one[0], ends[1]);
    give(one[0], one[1]);
    give(one[1], one[0]);
    close(ends[1]);
    show("held by sockets that are open", is_closed(ends[0]));
    close(one[0]);
    show("one side is open", is_closed(ends[0]));
    close(one[1]);
    // Linux collects a little later (net/unix/garbage.c): when sockets are closed or sent.
    for (int i = 0; i < 1000 && !is_closed(ends[0]); ++i) {
        require(socketpair(AF_UNIX, SOCK_STREAM, 0, one) == 0, "socketpair");
        give(one[0], one[1]);
        close(one[0]);
        close(one[1]);
    }
    show("nobody has them", is_closed(ends[0]));
    close(ends[0]);
    require(pipe2(ends, O_NONBLOCK) == 0, "pipe");
    require(socketpair(AF_UNIX, SOCK_DGRAM, 0, one) == 0, "socketpair");
    require(socketpair(AF_UNIX, SOCK_DGRAM, 0, two) == 0, "socketpair");
    give(one[0], two[1]);
    give(two[0], one[1]);
    give(two[0], ends[1]);
    close(ends[1]);
    close(one[1]);
    close(two[1]);
    close(two[0]);
    // By one[0] nothing can be received that is in one[1]'s queue: it is out of reach.
    for (int i = 0; i < 1000 && !is_closed(ends[0]); ++i) {
        int more[2];
        require(socketpair(AF_UNIX, SOCK_STREAM, 0, more) == 0, "socketpair");
        give(more[0], more[1]);
        close(more[0]);
        close(more[1]);
    }
    show("a circle of two", is_closed(ends[0]));
    return 0;
}
