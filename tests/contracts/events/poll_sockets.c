// poll(2): POLLIN, POLLOUT, POLLHUP, POLLRDHUP and POLLERR of local sockets as their ends are shut
// down and closed; what was not asked for is told of errors and hang-ups only.
#include "tests/contracts/contract.h"

#include <poll.h>

static void look(char const* what, int file, short events)
{
    struct pollfd set = {file, events, 0};
    int const count = poll(&set, 1, 0);
    printf("%s: %d", what, count);
    static struct {
        short bit;
        char const* name;
    } const names[] = {{POLLIN, "IN"},
                       {POLLOUT, "OUT"},
                       {POLLHUP, "HUP"},
                       {POLLERR, "ERR"},
                       {POLLNVAL, "NVAL"},
                       {POLLRDHUP, "RDHUP"},
                       {POLLPRI, "PRI"}};
    for (int i = 0; i < 7; ++i) {
        if (set.revents & names[i].bit) printf(" %s", names[i].name);
    }
    printf("\n");
    fflush(stdout);
}

static void all(char const* what, int type)
{
    short const wanted = POLLIN | POLLOUT | POLLRDHUP;
    int pair[2];
    printf("%s\n", what);
    require(socketpair(AF_UNIX, type, 0, pair) == 0, "socketpair");
    look("  new", pair[0], wanted);
    require(write(pair[1], "x", 1) == 1, "write");
    look("  a byte", pair[0], wanted);
    look("  asked for nothing", pair[0], 0);
    show("  shut down for writing there", shutdown(pair[1], SHUT_WR));
    look("  a byte and the end", pair[0], wanted);
    look("  the other side", pair[1], wanted);
    char byte;
    require(read(pair[0], &byte, 1) == 1, "read");
    look("  the end", pair[0], wanted);
    show("  shut down for writing here", shutdown(pair[0], SHUT_WR));
    look("  both directions", pair[0], wanted);
    look("  nothing asked, both directions", pair[0], 0);
    close(pair[1]);
    look("  closed there", pair[0], wanted);
    close(pair[0]);
    require(socketpair(AF_UNIX, type, 0, pair) == 0, "socketpair");
    require(write(pair[0], "unread", 6) == 6, "write");
    close(pair[1]);
    look("  closed there with something unread", pair[0], wanted);
    close(pair[0]);
}

int main(void)
{
    all("stream", SOCK_STREAM);
    all("packets", SOCK_SEQPACKET);
    all("datagrams", SOCK_DGRAM);
    int const alone = socket(AF_UNIX, SOCK_STREAM, 0);
    look("not connected", alone, POLLIN | POLLOUT | POLLRDHUP);
    look("datagrams, not connected", socket(AF_UNIX, SOCK_DGRAM, 0), POLLIN | POLLOUT);
    require(listen(alone, 1) == -1, "listen without a name");
    return 0;
}
