// Calls that move bytes from one descriptor to another.
#include "tests/contracts/bad_arguments/sweep.h"

static char bytes[16] = "sixteen bytes..";
static struct iovec const segments[2] = {{bytes, 4}, {bytes + 4, 8}};
static struct iovec const nowhere[2] = {{bytes, 4}, {(void*)0x10, 8}};
static long offset = 2;
static long negative = -1;
static long largest = LONG_MAX;

static struct call const calls[] = {
    {"sendfile", SYS_sendfile, {FD(kPipeWriter), FD(kReadOnly), IN(offset), SIZE(8)}, 0},
    {"sendfile at the position", SYS_sendfile, {FD(kWriteOnly), FD(kReadOnly), NUM(0), NUM(8)}, 0},
    {"sendfile before the start", SYS_sendfile, {FD(kWriteOnly), FD(kReadOnly), IN(negative), NUM(8)}, 0},
    {"sendfile at the largest", SYS_sendfile, {NUM(0), NUM(0), IN(largest), NUM(8)}, 0},
    {"copy_file_range", SYS_copy_file_range, {FD(kReadOnly), IN(offset), FD(kMemory), IN(offset), SIZE(8), FLAGS(0)}, 0},
    {"copy_file_range at positions", SYS_copy_file_range, {FD(kReadOnly), NUM(0), FD(kMemory), NUM(0), SIZE(8), NUM(0)}, 0},
    {"splice", SYS_splice, {FD(kReadOnly), IN(offset), FD(kPipeWriter), NUM(0), SIZE(8), FLAGS(2)}, 0},
    {"splice from a pipe", SYS_splice, {FD(kPipeReader), NUM(0), FD(kWriteOnly), IN(offset), SIZE(2), FLAGS(2)}, 0},
    {"splice with two offsets", SYS_splice, {FD(kPipeReader), IN(offset), FD(kPipeWriter), IN(offset), NUM(2), NUM(2)}, 0},
    {"tee", SYS_tee, {FD(kPipeReader), FD(kPipeWriter), SIZE(8), FLAGS(2)}, 0},
    {"vmsplice", SYS_vmsplice, {FD(kPipeWriter), IN(segments), SIZE(2), FLAGS_BUT(2, 8)}, 0},
    {"vmsplice nowhere", SYS_vmsplice, {FD(kPipeWriter), IN(nowhere), NUM(2), NUM(2)}, 0},
};
SWEEP(calls)
