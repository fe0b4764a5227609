// socketpair(2), unix(7), send(2): what one end writes the other reads; after a close reading is end
// of file and writing EPIPE with SIGPIPE unless MSG_NOSIGNAL.
#include "tests/contracts/contract.h"

int main(void)
{
    int ends[2];
    char text[8] = {0};
    show("socketpair", socketpair(AF_UNIX, SOCK_STREAM, 0, ends));
    show("write", write(ends[0], "hello", 5));
    show("peek", recv(ends[1], text, 2, MSG_PEEK));
    show("read", read(ends[1], text, sizeof text));
    printf("%s\n", text);
    show("nothing there", recv(ends[1], text, 1, MSG_DONTWAIT));
    close(ends[1]);
    show("end of file", read(ends[0], text, 1));
    show("send", send(ends[0], "x", 1, MSG_NOSIGNAL));
    pid_t const child = fork_child();
    if (child == 0) {
        write(ends[0], "x", 1);
        leave(0);
    }
    show_end("write without a reader", child);
    show("AF_UNSPEC", socketpair(AF_UNSPEC, SOCK_STREAM, 0, ends));
    show("bad type", socketpair(AF_UNIX, 77, 0, ends));
    show("bad protocol", socketpair(AF_UNIX, SOCK_STREAM, 7, ends));
    return 0;
}
