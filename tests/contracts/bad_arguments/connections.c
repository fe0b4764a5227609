// Calls about local sockets. Other families than AF_UNIX are not tried: the kernel has none.
#include "tests/contracts/bad_arguments/sweep.h"

static char bytes[16] = "sixteen bytes..";
static struct iovec const segments[2] = {{bytes, 4}, {bytes + 4, 8}};
static struct iovec const nowhere[2] = {{bytes, 4}, {(void*)0x10, 8}};
static struct sockaddr_un const name = {AF_UNIX, "bound"};
static struct sockaddr_un const peer = {AF_UNIX, "nobody"};
static struct sockaddr_un const other_family = {AF_INET, "bound"};
static struct msghdr const message = {.msg_iov = (void*)segments, .msg_iovlen = 2};
static struct msghdr const to_nowhere = {.msg_iov = (void*)nowhere, .msg_iovlen = 2};
static struct msghdr const no_segments = {.msg_iov = (void*)0x10, .msg_iovlen = 2};
static struct msghdr const many = {.msg_iov = (void*)segments, .msg_iovlen = 1025};
static struct msghdr const control = {.msg_iov = (void*)segments, .msg_iovlen = 2,
                                      .msg_control = (void*)0x10, .msg_controllen = 64};
static struct msghdr const address = {.msg_name = (void*)0x10, .msg_namelen = 16,
                                      .msg_iov = (void*)segments, .msg_iovlen = 2};
static struct mmsghdr const messages[2] = {{{.msg_iov = (void*)segments, .msg_iovlen = 2}, 0},
                                         {{.msg_iov = (void*)segments, .msg_iovlen = 2}, 0}};
static int const one = 1;
static int const length = 64;
static int const no_length = -1;
static struct timespec const at_once = {0, 0};

// MSG_DONTWAIT, and not MSG_WAITALL and MSG_NOSIGNAL (which decides about the child's life).
// MSG_OOB is left out: not every Linux has it on local sockets (CONFIG_AF_UNIX_OOB).
enum { kNow = 0x40, kQuiet = 0x4040, kOutOfBand = 1 };

static struct call const calls[] = {
    {"socket", SYS_socket, {NUM(AF_UNIX), CODE(SOCK_STREAM, 11), CODE(0, 2)}, 2},
    {"socket flags", SYS_socket, {NUM(AF_UNIX), FLAGS_BUT(SOCK_STREAM, 0xf), NUM(0)}, 2},
    {"socketpair", SYS_socketpair, {NUM(AF_UNIX), CODE(SOCK_STREAM, 11), CODE(0, 2), OUT(8)}, 3},
    {"bind", SYS_bind, {FD(kUnbound), IN(name), SIZE(20)}, 1},
    {"bind of another family", SYS_bind, {FD(kUnbound), IN(other_family), NUM(20)}, 1},
    {"listen", SYS_listen, {FD(kListening), CODE(5, 0)}, 3},
    {"connect", SYS_connect, {FD(kUnbound), IN(peer), SIZE(20)}, 3},
    {"connect of another family", SYS_connect, {FD(kUnbound), IN(other_family), NUM(20)}, 3},
    {"accept", SYS_accept, {FD(kListening), OUT(110), IN(length)}, 3},
    {"accept4", SYS_accept4, {FD(kListening), OUT(110), IN(length), FLAGS(0)}, 3},
    {"getsockname", SYS_getsockname, {FD(kListening), OUT(110), IN(length)}, 3},
    {"getsockname length", SYS_getsockname, {FD(kListening), OUT(110), IN(no_length)}, 3},
    {"getpeername", SYS_getpeername, {FD(kStream), OUT(110), IN(length)}, 3},
    {"sendto", SYS_sendto, {FD(kStream), IN(bytes), SIZE(16), FLAGS_BUT(kQuiet, kQuiet | kOutOfBand), NUM(0), NUM(0)}, 2},
    {"sendto a name", SYS_sendto, {FD(kDatagram), IN(bytes), NUM(16), NUM(kQuiet), IN(peer), SIZE(20)}, 2},
    {"recvfrom", SYS_recvfrom, {FD(kStream), OUT(8), SIZE(8), FLAGS_BUT(kNow, 0x140 | kOutOfBand), OUT(110), IN(length)}, 2},
    {"recvfrom length", SYS_recvfrom, {FD(kStream), OUT(8), NUM(8), NUM(kNow), OUT(110), IN(no_length)}, 2},
    {"sendmsg", SYS_sendmsg, {FD(kStream), IN(message), FLAGS_BUT(kQuiet, kQuiet | kOutOfBand)}, 2},
    {"sendmsg to nowhere", SYS_sendmsg, {FD(kStream), IN(to_nowhere), NUM(kQuiet)}, 2},
    {"sendmsg no segments", SYS_sendmsg, {FD(kStream), IN(no_segments), NUM(kQuiet)}, 2},
    {"sendmsg many", SYS_sendmsg, {FD(kStream), IN(many), NUM(kQuiet)}, 2},
    {"sendmsg control", SYS_sendmsg, {FD(kStream), IN(control), NUM(kQuiet)}, 2},
    {"sendmsg address", SYS_sendmsg, {FD(kStream), IN(address), NUM(kQuiet)}, 2},
    {"recvmsg", SYS_recvmsg, {FD(kStream), IN(message), FLAGS_BUT(kNow, 0x140 | kOutOfBand)}, 2},
    {"recvmsg to nowhere", SYS_recvmsg, {FD(kStream), IN(to_nowhere), NUM(kNow)}, 2},
    {"recvmsg no segments", SYS_recvmsg, {FD(kStream), IN(no_segments), NUM(kNow)}, 2},
    {"recvmsg many", SYS_recvmsg, {FD(kStream), IN(many), NUM(kNow)}, 2},
    {"recvmsg control", SYS_recvmsg, {FD(kStream), IN(control), NUM(kNow)}, 2},
    {"recvmsg address", SYS_recvmsg, {FD(kStream), IN(address), NUM(kNow)}, 2},
    {"sendmmsg", SYS_sendmmsg, {FD(kStream), IN(messages), SIZE(2), NUM(kQuiet)}, 2},
    {"recvmmsg", SYS_recvmmsg, {FD(kStream), IN(messages), SIZE(2), NUM(kNow), IN(at_once)}, 2},
    {"shutdown", SYS_shutdown, {FD(kStream), CODE(0, 3)}, 3},
    {"setsockopt", SYS_setsockopt, {FD(kStream), CODE(SOL_SOCKET, 0), NUM(SO_PASSCRED), IN(one), SIZE(4)}, 3},
    {"setsockopt of nothing", SYS_setsockopt, {FD(kStream), NUM(SOL_SOCKET), CODE(9999, -1), IN(one), NUM(4)}, 3},
    {"getsockopt", SYS_getsockopt, {FD(kStream), CODE(SOL_SOCKET, 0), NUM(SO_TYPE), OUT(4), IN(length)}, 3},
    {"getsockopt length", SYS_getsockopt, {FD(kStream), NUM(SOL_SOCKET), NUM(SO_TYPE), OUT(4), IN(no_length)}, 3},
    {"getsockopt of nothing", SYS_getsockopt, {FD(kStream), NUM(SOL_SOCKET), CODE(9999, -1), OUT(4), IN(length)}, 3},
};
SWEEP(calls)
