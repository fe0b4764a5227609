// connect(2), listen(2), accept(2): what there is no connection to, and in which order; a full
// backlog is EAGAIN for who does not wait; what is connected cannot be again; accepting where
// nobody listens.
#include "tests/contracts/sockets/local.h"

int main(void)
{
    int const stream = local_socket(SOCK_STREAM);
    show("no such name", connect_to(stream, "missing"));
    make_file("file", "x");
    show("a file", connect_to(stream, "file"));
    show("no abstract name", connect_to(stream, "@missing"));
    int const listener = local_socket(SOCK_STREAM);
    show("listen without a name", listen(listener, 1));
    show("bind", bind_to(listener, "socket"));
    show("nobody listens yet", connect_to(stream, "socket"));
    show("accept, nobody listens", accept(listener, NULL, NULL));
    show("listen", listen(listener, 0));
    show("listen again", listen(listener, 1));
    show("another type", connect_to(local_socket(SOCK_SEQPACKET), "socket"));
    show("another type", connect_to(local_socket(SOCK_DGRAM), "socket"));
    show("connect", connect_to(stream, "socket"));
    show("connect again", connect_to(stream, "socket"));
    show("connect a listener", connect_to(listener, "socket"));
    show("listen on a connection", listen(stream, 1));
    int const datagram = local_socket(SOCK_DGRAM);
    show("listen for datagrams", listen(datagram, 1));
    show("accept datagrams", accept(datagram, NULL, NULL));
    int waiting = 0;
    int error = 0;
    for (int i = 0; i < 10; ++i) {
        int const more = local_socket(SOCK_STREAM | SOCK_NONBLOCK);
        if (connect_to(more, "socket") != 0) {
            error = errno;
            break;
        }
        ++waiting;
    }
    printf("more in the backlog: %d, then %s\n", waiting, error_name(error));
    int const accepted = (int)show_ok("accept", accept4(listener, NULL, NULL, SOCK_CLOEXEC));
    show("  closes", fcntl(accepted, F_GETFD));
    show("accept with an unknown flag", syscall(SYS_accept4, listener, NULL, NULL, 1 << 20));
    show("to a bad place", accept(listener, (void*)16, (void*)24));
    show("no socket", accept(1, NULL, NULL));
    show("closed", accept(99, NULL, NULL));
    fcntl(listener, F_SETFL, O_NONBLOCK);
    int taken = 0;
    while (accept(listener, NULL, NULL) >= 0) ++taken;
    printf("taken %d, then %s\n", taken, error_name(errno));
    show("no permission to write", chmod("socket", 0400));
    pid_t const child = fork_child();
    if (child == 0) {
        require(setresuid(1000, 1000, 1000) == 0, "setresuid");
        show("a user without it", connect_to(local_socket(SOCK_STREAM), "socket"));
        leave(0);
    }
    show_end("child", child);
    close(listener);
    show("the listener is gone", connect_to(local_socket(SOCK_STREAM), "socket"));
    return 0;
}
