// getsockname(2), getpeername(2), recvfrom(2): names as they were given, with their sizes; a short
// place cuts the name and tells its whole size; who has none has a size of two, or none at all.
#include "tests/contracts/sockets/local.h"

static void own(char const* what, int file)
{
    struct sockaddr_un address;
    socklen_t size = sizeof address;
    if (show(what, getsockname(file, (struct sockaddr*)&address, &size)) == 0) {
        show_name("  own", &address, size);
    }
    size = sizeof address;
    if (show("  peer", getpeername(file, (struct sockaddr*)&address, &size)) == 0) {
        show_name("  peer", &address, size);
    }
}

int main(void)
{
    int const listener = local_socket(SOCK_STREAM);
    own("new", listener);
    require(bind_to(listener, "./socket") == 0 && listen(listener, 5) == 0, "listen");
    own("listening", listener);
    int const client = local_socket(SOCK_STREAM);
    require(bind_to(client, "@client") == 0, "bind");
    require(connect_to(client, "socket") == 0, "connect");
    own("connected", client);
    struct sockaddr_un address;
    socklen_t size = sizeof address;
    int const server = accept(listener, (struct sockaddr*)&address, &size);
    require(server >= 0, "accept");
    show_name("accepted from", &address, size);
    own("accepted", server);
    int const nameless = local_socket(SOCK_STREAM);
    require(connect_to(nameless, "socket") == 0, "connect");
    size = sizeof address;
    require(accept(listener, (struct sockaddr*)&address, &size) >= 0, "accept");
    show_name("accepted from nobody", &address, size);
    size = 5;
    memset(&address, 'x', sizeof address);
    show("short", getpeername(client, (struct sockaddr*)&address, &size));
    printf("  whole size %u, byte behind %c\n", size, ((char*)&address)[5]);
    size = 0;
    show("no room", getsockname(client, (struct sockaddr*)&address, &size));
    printf("  whole size %u\n", size);
    size = (socklen_t)-1;
    show("negative room", getsockname(client, (struct sockaddr*)&address, &size));
    size = sizeof address;
    show("a bad place", getsockname(client, (void*)16, &size));
    show("a bad place of the size", getsockname(client, (struct sockaddr*)&address, (void*)16));
    show("no socket", getsockname(0, (struct sockaddr*)&address, &size));
    int pair[2];
    require(socketpair(AF_UNIX, SOCK_DGRAM, 0, pair) == 0, "socketpair");
    own("pair", pair[0]);
    close(server);
    own("the peer has gone", client);
    int const receiver = local_socket(SOCK_DGRAM), sender = local_socket(SOCK_DGRAM);
    require(bind_to(receiver, "@receiver") == 0 && connect_to(sender, "@receiver") == 0, "bind");
    char byte;
    require(send(sender, "a", 1, 0) == 1, "send");
    size = sizeof address;
    show("from nobody", recvfrom(receiver, &byte, 1, 0, (struct sockaddr*)&address, &size));
    show_name("  sender", &address, size);
    require(bind_to(sender, "sender") == 0 && send(sender, "a", 1, 0) == 1, "send");
    size = sizeof address;
    show("from a name", recvfrom(receiver, &byte, 1, 0, (struct sockaddr*)&address, &size));
    show_name("  sender", &address, size);
    return 0;
}
