// O_ASYNC on local sockets: data, connections, room, the other end's end.
#include "tests/contracts/signals/io_support.h"

#include <sys/un.h>

static int pair[2];

static void make_pair(int type)
{
    require(socketpair(AF_UNIX, type | SOCK_NONBLOCK, 0, pair) == 0, "socketpair");
    ask(pair[0], QUEUED);
}

static void close_pair(void)
{
    close(pair[0]);
    close(pair[1]);
}

int main(void)
{
    block_all();
    char bytes[4096];
    memset(bytes, 'x', sizeof bytes);
    int const types[] = {SOCK_STREAM, SOCK_SEQPACKET, SOCK_DGRAM};
    for (int i = 0; i < 3; ++i) {
        make_pair(types[i]);
        printf("type %d\n", types[i]);
        require(write(pair[1], "a", 1) == 1 && write(pair[1], "b", 1) == 1, "write");
        show_signals("two messages");
        require(read(pair[0], bytes, 1) == 1, "read");
        show_signals("a read");
        require(write(pair[0], "c", 1) == 1, "write");
        show_signals("one's own write");
        require(read(pair[1], bytes, 1) == 1, "read");
        show_signals("taken, room was never missed");
        shutdown(pair[1], SHUT_WR);
        show_signals("no more comes");
        shutdown(pair[1], SHUT_RD);
        show_signals("shut down");
        close(pair[1]);
        show_signals("closed");
        close(pair[0]);
    }
    // Room again, once it was missed.
    make_pair(SOCK_STREAM);
    while (write(pair[0], bytes, sizeof bytes) > 0)
        ;
    show_signals("full");
    while (read(pair[1], bytes, sizeof bytes) > 0)
        ;
    show_signals("room again");
    close_pair();
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "socket"};
    int const listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    require(bind(listener, (struct sockaddr*)&address, sizeof address) == 0, "bind");
    require(listen(listener, 4) == 0, "listen");
    ask(listener, QUEUED);
    int const client = socket(AF_UNIX, SOCK_STREAM, 0);
    ask(client, QUEUED);
    require(connect(client, (struct sockaddr*)&address, sizeof address) == 0, "connect");
    show_signals("a connection");
    int const server = accept(listener, NULL, NULL);
    require(server >= 0, "accept");
    show_signals("accepted");
    close(server);
    show_signals("the server closes");
    close(client);
    show_signals("the client closes");
    // A read that waits is told by its return alone, if it began when the file was to tell.
    for (int asks_first = 0; asks_first < 2; ++asks_first) {
        require(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0, "socketpair");
        if (asks_first) ask(pair[0], QUEUED);
        pid_t const child = fork_child();
        if (child == 0) {
            char byte;
            require(read(pair[0], &byte, 1) == 1, "read");
            leave(0);
        }
        wait_for_state(child, 'S');
        if (!asks_first) ask(pair[0], QUEUED);
        require(write(pair[1], "a", 1) == 1, "write");
        show_end("child", child);
        show_signals(asks_first ? "somebody waited" : "somebody waited before");
        if (!asks_first) close_pair();
    }
    require(write(pair[1], "a", 1) == 1, "write");
    show_signals("nobody waits");
    return 0;
}
