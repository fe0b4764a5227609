// socket(7), getsockopt(2), setsockopt(2): types and defaults that hold for local sockets, sizes of
// buffers doubled and bounded, timeouts, sizes of values, what is refused; a receive timeout ends a
// read.
#include "tests/contracts/contract.h"

#include <sys/ioctl.h>
#include <sys/time.h>

static int pair[2];

static void get(char const* what, int option)
{
    int value = -1;
    socklen_t size = sizeof value;
    show(what, getsockopt(pair[0], SOL_SOCKET, option, &value, &size));
    printf("  %d of %u\n", value, size);
    fflush(stdout);
}

static void set(char const* what, int option, int value)
{
    show(what, setsockopt(pair[0], SOL_SOCKET, option, &value, sizeof value));
    get("  now", option);
}

int main(void)
{
    require(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0, "socketpair");
    get("type", SO_TYPE);
    get("domain", SO_DOMAIN);
    get("protocol", SO_PROTOCOL);
    get("error", SO_ERROR);
    get("listens", SO_ACCEPTCONN);
    set("pass credentials", SO_PASSCRED, 5);
    set("send buffer", SO_SNDBUF, 10000);
    set("tiny send buffer", SO_SNDBUF, 1);
    set("receive buffer", SO_RCVBUF, 10000);
    set("tiny receive buffer", SO_RCVBUF, 0);
    set("keep alive", SO_KEEPALIVE, 1);
    set("low water", SO_RCVLOWAT, 0);
    set("send low water", SO_SNDLOWAT, 5);
    set("type cannot be set", SO_TYPE, 1);
    set("nor the error", SO_ERROR, 1);
    set("unknown", 9999, 1);
    char byte = 1;
    show("a short value", setsockopt(pair[0], SOL_SOCKET, SO_PASSCRED, &byte, 1));
    show("negative size", setsockopt(pair[0], SOL_SOCKET, SO_PASSCRED, &byte, (socklen_t)-1));
    show("a bad place", setsockopt(pair[0], SOL_SOCKET, SO_PASSCRED, (void*)16, 4));
    int value = 0x01010101;
    socklen_t size = 1;
    show("a short answer", getsockopt(pair[0], SOL_SOCKET, SO_TYPE, &value, &size));
    printf("  %#x of %u\n", (unsigned)value, size);
    size = 100;
    show("more room", getsockopt(pair[0], SOL_SOCKET, SO_TYPE, &value, &size));
    printf("  of %u\n", size);
    size = (socklen_t)-1;
    show("negative room", getsockopt(pair[0], SOL_SOCKET, SO_TYPE, &value, &size));
    size = 4;
    show("answer to a bad place", getsockopt(pair[0], SOL_SOCKET, SO_TYPE, (void*)16, &size));
    show("another level", getsockopt(pair[0], 6, 1, &value, &size));
    show("no socket", getsockopt(1, SOL_SOCKET, SO_TYPE, &value, &size));
    struct timeval time = {0, 2000};
    show("receive timeout", setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time));
    show("it ends", read(pair[0], &byte, 1));
    time = (struct timeval){0, 1000000};
    show("bad microseconds", setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time));
    show("short", setsockopt(pair[0], SOL_SOCKET, SO_RCVTIMEO, &time, 4));
    require(write(pair[1], "hello", 5) == 5, "write");
    value = -1;
    show("FIONREAD", ioctl(pair[0], FIONREAD, &value));
    show("  bytes", value);
    show("SIOCOUTQ", ioctl(pair[1], 0x5411, &value) == 0 && value > 0);
    return 0;
}
