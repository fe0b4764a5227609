// shutdown(2): each half of each kind of socket: what both sides can still do, and what they get.
#include "tests/contracts/sockets/local.h"

static void both(char const* what, int const* pair)
{
    char byte;
    printf("  %s\n", what);
    show("    send here", send(pair[0], "a", 1, MSG_NOSIGNAL | MSG_DONTWAIT));
    show("    send there", send(pair[1], "b", 1, MSG_NOSIGNAL | MSG_DONTWAIT));
    show("    receive here", recv(pair[0], &byte, 1, MSG_DONTWAIT));
    show("    receive there", recv(pair[1], &byte, 1, MSG_DONTWAIT));
}

int main(void)
{
    int const types[] = {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET};
    char const* const names[] = {"stream", "datagram", "packets"};
    char const* const hows[] = {"SHUT_RD", "SHUT_WR", "SHUT_RDWR"};
    for (int i = 0; i < 3; ++i) {
        printf("%s\n", names[i]);
        for (int how = 0; how < 3; ++how) {
            int pair[2];
            require(socketpair(AF_UNIX, types[i], 0, pair) == 0, "socketpair");
            require(send(pair[1], "before", 6, 0) == 6, "send");
            show("  shutdown", shutdown(pair[0], how));
            both(hows[how], pair);
            show("  again", shutdown(pair[0], how));
            close(pair[0]);
            close(pair[1]);
        }
    }
    int pair[2];
    require(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0, "socketpair");
    show("how 3", shutdown(pair[0], 3));
    show("how -1", shutdown(pair[0], -1));
    show("no socket", shutdown(1, SHUT_RD));
    show("closed", shutdown(99, SHUT_RD));
    show("not connected", shutdown(local_socket(SOCK_STREAM), SHUT_RD));
    show("datagrams, not connected", shutdown(local_socket(SOCK_DGRAM), SHUT_RD));
    int const listener = local_socket(SOCK_STREAM);
    require(bind_to(listener, "@listener") == 0 && listen(listener, 1) == 0, "listen");
    show("a listener", shutdown(listener, SHUT_RD));
    show("connect to it", connect_to(local_socket(SOCK_STREAM | SOCK_NONBLOCK), "@listener"));
    show("accept", accept(listener, NULL, NULL));
    close(pair[1]);
    show("the other side has gone", shutdown(pair[0], SHUT_RDWR));
    return 0;
}
