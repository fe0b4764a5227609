// unix(7), SOCK_DGRAM: each send is one message, also an empty one; sending by name and by
// connection; a connected one takes messages of its peer only; what is too long, to nobody, to the
// wrong type.
#include "tests/contracts/sockets/local.h"

static long send_by_name(int file, char const* name, char const* text)
{
    struct sockaddr_un address;
    socklen_t const size = local_address(&address, name);
    return sendto(file, text, strlen(text), MSG_DONTWAIT, (struct sockaddr*)&address, size);
}

static void get(char const* what, int file)
{
    char text[32] = {0};
    show(what, recv(file, text, sizeof text - 1, MSG_DONTWAIT));
    printf("  \"%s\"\n", text);
    fflush(stdout);
}

int main(void)
{
    int const one = local_socket(SOCK_DGRAM), two = local_socket(SOCK_DGRAM);
    int const third = local_socket(SOCK_DGRAM);
    require(bind_to(one, "@one") == 0 && bind_to(two, "@two") == 0, "bind");
    show("send to nobody", send(third, "x", 1, 0));
    show("by name", send_by_name(third, "@one", "first"));
    show("by name", send_by_name(third, "@one", ""));
    show("by name", send_by_name(two, "@one", "second"));
    get("first", one);
    get("empty", one);
    get("second", one);
    get("no more", one);
    show("a name that is not there", send_by_name(third, "@nobody", "x"));
    show("connect", connect_to(one, "@two"));
    show("send", send(one, "to two", 6, 0));
    get("came", two);
    show("its peer sends", send_by_name(two, "@one", "allowed"));
    show("another sends", send_by_name(third, "@one", "refused"));
    get("the peer's", one);
    show("connect again, to itself", connect_to(one, "@one"));
    struct sockaddr const none = {.sa_family = AF_UNSPEC};
    show("dissolve", connect(one, &none, sizeof none));
    show("send then", send(one, "x", 1, 0));
    show("anybody sends again", send_by_name(third, "@one", "again"));
    get("came", one);
    int const stream = local_socket(SOCK_STREAM);
    require(bind_to(stream, "@stream") == 0 && listen(stream, 1) == 0, "listen");
    show("to a stream", send_by_name(third, "@stream", "x"));
    show("connect to a stream", connect_to(third, "@stream"));
    int const size = 4608;
    require(setsockopt(third, SOL_SOCKET, SO_SNDBUF, &size, sizeof size) == 0, "setsockopt");
    static char large[300000];
    struct sockaddr_un address;
    socklen_t const length = local_address(&address, "@one");
    show("too long", sendto(third, large, sizeof large, 0, (struct sockaddr*)&address, length));
    show("connect", connect_to(third, "@two"));
    close(two);
    show("the peer has gone", send(third, "x", 1, MSG_NOSIGNAL));
    show("no connection any more", send(third, "x", 1, MSG_NOSIGNAL));
    show("out of band", send(third, "x", 1, MSG_OOB));
    return 0;
}
