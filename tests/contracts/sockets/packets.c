// unix(7), SOCK_SEQPACKET: a connection that keeps the borders of messages; an empty message is no
// end; what does not fit is lost and told (MSG_TRUNC); several vectors make one message; the end is
// a zero.
#include "tests/contracts/sockets/local.h"

static void get(char const* what, int file, size_t size)
{
    char text[32] = {0};
    struct iovec vectors[2] = {{text, size / 2}, {text + size / 2, size - size / 2}};
    struct msghdr message = {.msg_iov = vectors, .msg_iovlen = 2};
    show(what, recvmsg(file, &message, MSG_DONTWAIT));
    printf("  \"%s\" cut %d end %d\n",
           text,
           (message.msg_flags & MSG_TRUNC) != 0,
           (message.msg_flags & MSG_EOR) != 0);
    fflush(stdout);
}

int main(void)
{
    int const listener = local_socket(SOCK_SEQPACKET);
    require(bind_to(listener, "socket") == 0 && listen(listener, 5) == 0, "listen");
    int const client = local_socket(SOCK_SEQPACKET);
    show("send before", send(client, "x", 1, MSG_NOSIGNAL));
    char byte;
    show("receive before", recv(client, &byte, 1, MSG_DONTWAIT));
    show("connect", connect_to(client, "socket"));
    int const server = accept(listener, NULL, NULL);
    require(server >= 0, "accept");
    struct iovec const parts[3] = {{"one", 3}, {"", 0}, {"two", 3}};
    show("several parts", writev(client, parts, 3));
    show("empty", send(client, "", 0, 0));
    show("another", send(client, "three", 5, MSG_EOR));
    get("one message", server, 20);
    get("empty", server, 20);
    get("too little room", server, 4);
    get("nothing is left of it", server, 20);
    show("write of nothing", write(client, "", 0));
    get("is a message or none", server, 20);
    struct sockaddr_un address;
    socklen_t const size = local_address(&address, "socket");
    show("to a name", sendto(client, "x", 1, 0, (struct sockaddr*)&address, size));
    get("came", server, 20);
    show("last", send(client, "last", 4, 0));
    close(client);
    get("before the end", server, 20);
    get("the end", server, 20);
    show("send to nobody", send(server, "x", 1, MSG_NOSIGNAL));
    return 0;
}
