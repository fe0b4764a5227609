// socket(2), socketpair(2): families, types, protocols and flags that there are not; which error
// comes first; the flags of the descriptors; a bad place leaves none open.
#include "tests/contracts/contract.h"

static void attempt(char const* what, int family, int type, int protocol)
{
    int const file = (int)show_ok(what, socket(family, type, protocol));
    if (file < 0) return;
    int const flags = fcntl(file, F_GETFL), mark = fcntl(file, F_GETFD);
    printf("  non-blocking %d, closes %d\n", (flags & O_NONBLOCK) != 0, mark);
    close(file);
}

int main(void)
{
    attempt("stream", AF_UNIX, SOCK_STREAM, 0);
    attempt("datagram", AF_UNIX, SOCK_DGRAM, 0);
    attempt("packets", AF_UNIX, SOCK_SEQPACKET, 0);
    attempt("raw", AF_UNIX, SOCK_RAW, 0);
    attempt("reliable", AF_UNIX, SOCK_RDM, 0);
    attempt("type 0", AF_UNIX, 0, 0);
    attempt("type 11", AF_UNIX, 11, 0);
    attempt("its own protocol", AF_UNIX, SOCK_STREAM, AF_UNIX);
    attempt("another protocol", AF_UNIX, SOCK_STREAM, 2);
    attempt("negative protocol", AF_UNIX, SOCK_STREAM, -1);
    attempt("non-blocking", AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    attempt("closing", AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    attempt("both", AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    attempt("unknown flag", AF_UNIX, SOCK_STREAM | 0x100, 0);
    attempt("unknown family", 99, SOCK_STREAM, 0);
    attempt("negative family", -1, SOCK_STREAM, 0);
    attempt("unknown family, bad type", 99, 99, 0);
    attempt("unspecified family", AF_UNSPEC, SOCK_STREAM, 0);
    int pair[2] = {-7, -7};
    show("pair of an unknown family", socketpair(99, SOCK_STREAM, 0, pair));
    show("pair of a bad type", socketpair(AF_UNIX, 11, 0, pair));
    show("pair of another protocol", socketpair(AF_UNIX, SOCK_STREAM, 5, pair));
    show("pair with an unknown flag", socketpair(AF_UNIX, SOCK_STREAM | 0x100, 0, pair));
    int const next = dup(0);
    close(next);
    show("pair to a bad place", syscall(SYS_socketpair, AF_UNIX, SOCK_STREAM, 0, 16L));
    int const after = dup(0);
    show("no descriptor is left", after == next);
    close(after);
    show("pair", socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair));
    printf("closes %d %d\n", fcntl(pair[0], F_GETFD), fcntl(pair[1], F_GETFD));
    return 0;
}
