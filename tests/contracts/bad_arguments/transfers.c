// Calls that move bytes through descriptors.
#include "tests/contracts/bad_arguments/sweep.h"

static char bytes[16] = "sixteen bytes..";
static struct iovec const segments[2] = {{bytes, 4}, {bytes + 4, 8}};
static struct iovec const too_long[2] = {{bytes, 4}, {bytes, (size_t)-1}};
static struct iovec const nowhere[2] = {{bytes, 4}, {(void*)0x10, 8}};
static struct iovec const first_nowhere[2] = {{(void*)0x10, 4}, {bytes, 8}};
static struct iovec const kernel[1] = {{(void*)0xffff800000000000, 4}};
static struct iovec const empty[2] = {{(void*)0x10, 0}, {NULL, 0}};

static struct call const calls[] = {
    {"read", SYS_read, {FD(kReadWrite), OUT(8), SIZE(8)}, 3},
    {"read of a pipe", SYS_read, {FD(kPipeReader), OUT(8), SIZE(8)}, 3},
    {"write", SYS_write, {FD(kReadWrite), IN(bytes), SIZE(16)}, 0},
    {"pread64", SYS_pread64, {FD(kReadWrite), OUT(8), SIZE(8), OFFSET(2)}, 2},
    // Not to /proc: whether its files have places to write to depends on the file.
    {"pwrite64", SYS_pwrite64, {FD_BUT(kReadWrite, 1 << kProc), IN(bytes), SIZE(8), OFFSET(2)}, 0},
    {"readv", SYS_readv, {FD(kReadWrite), IN(segments), SIZE(2)}, 2},
    {"writev", SYS_writev, {FD(kReadWrite), IN(segments), SIZE(2)}, 0},
    {"readv too long", SYS_readv, {FD(kReadWrite), IN(too_long), NUM(2)}, 3},
    {"readv nowhere", SYS_readv, {FD(kReadWrite), IN(nowhere), NUM(2)}, 3},
    {"readv first nowhere", SYS_readv, {FD(kReadWrite), IN(first_nowhere), NUM(2)}, 3},
    {"readv kernel", SYS_readv, {FD(kReadWrite), IN(kernel), NUM(1)}, 3},
    {"readv empty", SYS_readv, {FD(kReadWrite), IN(empty), NUM(2)}, 3},
    {"writev too long", SYS_writev, {FD(kReadWrite), IN(too_long), NUM(2)}, 1},
    {"writev nowhere", SYS_writev, {FD(kReadWrite), IN(nowhere), NUM(2)}, 1},
    {"writev first nowhere", SYS_writev, {FD(kReadWrite), IN(first_nowhere), NUM(2)}, 1},
    {"writev empty", SYS_writev, {FD(kReadWrite), IN(empty), NUM(2)}, 1},
    {"preadv", SYS_preadv, {FD(kReadWrite), IN(segments), SIZE(2), OFFSET(2)}, 2},
    {"pwritev", SYS_pwritev, {FD_BUT(kReadWrite, 1 << kProc), IN(segments), SIZE(2), OFFSET(2)}, 0},
    // Not the flags that came after 6.1: RWF_NOAPPEND, RWF_ATOMIC, RWF_DONTCACHE, RWF_NOSIGNAL.
    {"preadv2", SYS_preadv2, {FD(kReadWrite), IN(segments), SIZE(2), OFFSET(2), NUM(0), FLAGS_BUT(0, 0x168)}, 2},
    {"pwritev2", SYS_pwritev2, {FD_BUT(kReadWrite, 1 << kProc), IN(segments), SIZE(2), OFFSET(2), NUM(0), FLAGS_BUT(0, 0x1e0)}, 0},
    {"getdents", SYS_getdents, {FD(kDirectory), OUT(1024), SIZE(1024)}, 2},
    {"getdents64", SYS_getdents64, {FD(kDirectory), OUT(1024), SIZE(1024)}, 2},
};
SWEEP(calls)
