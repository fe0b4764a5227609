// Calls about descriptors and what is behind them.
#include "tests/contracts/bad_arguments/sweep.h"

#include <sys/file.h>
#include <sys/ioctl.h>
#include <termios.h>

static struct flock const lock = {.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_len = 10};
static struct flock const no_type = {.l_type = 9, .l_whence = SEEK_SET, .l_len = 10};
static struct flock const no_whence = {.l_type = F_RDLCK, .l_whence = 9, .l_len = 10};
static struct flock const before = {.l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = -1};
static struct flock const with_pid = {.l_type = F_RDLCK, .l_len = 10, .l_pid = 1};
static int const owner[2] = {1, 1};

static struct call const calls[] = {
    // close_range only far above: it would close what the line is printed to.
    {"close", SYS_close, {FD(kReadWrite)}, 3},
    {"close_range", SYS_close_range, {NUM(100), CODE(200, 101), FLAGS_BUT(0, 6)}, 3},
    {"lseek", SYS_lseek, {FD(kReadWrite), OFFSET(5), CODE(0, 5)}, 2},
    {"lseek from the end", SYS_lseek, {FD(kReadWrite), OFFSET(5), NUM(SEEK_END)}, 2},
    {"lseek to data", SYS_lseek, {FD(kReadWrite), OFFSET(5), NUM(SEEK_DATA)}, 2},
    {"lseek to a hole", SYS_lseek, {FD(kReadWrite), OFFSET(5), NUM(SEEK_HOLE)}, 2},
    {"dup", SYS_dup, {FD(kReadWrite)}, 2},
    {"dup2", SYS_dup2, {FD(kReadWrite), CODE(50, 0)}, 2},
    {"dup2 to too many", SYS_dup2, {FD(kReadWrite), NUM(1024)}, 2},
    {"dup3", SYS_dup3, {FD(kReadWrite), NUM(50), FLAGS(0)}, 3},
    {"dup3 to too many", SYS_dup3, {FD(kReadWrite), NUM(1024), NUM(0)}, 3},
    // F_NOTIFY (1026) and F_GETOWNER_UIDS (17) may not be there.
    {"fcntl", SYS_fcntl, {FD(kReadWrite), CODE_BUT(F_GETFD, 45, 0x40000), NUM(0)}, 0},
    {"fcntl F_DUPFD", SYS_fcntl, {FD(kReadWrite), NUM(F_DUPFD), SIZE(30)}, 2},
    {"fcntl F_DUPFD_CLOEXEC", SYS_fcntl, {FD(kReadWrite), NUM(F_DUPFD_CLOEXEC), SIZE(30)}, 2},
    {"fcntl F_SETFD", SYS_fcntl, {FD(kReadWrite), NUM(F_SETFD), FLAGS(1)}, 1},
    {"fcntl F_GETFL", SYS_fcntl, {FD(kReadWrite), NUM(F_GETFL), NUM(0)}, 3},
    {"fcntl F_SETFL", SYS_fcntl, {FD(kReadWrite), NUM(F_SETFL), FLAGS(0)}, 1},
    {"fcntl F_GETLK", SYS_fcntl, {FD(kReadWrite), NUM(F_GETLK), IN(lock)}, 3},
    {"fcntl F_SETLK", SYS_fcntl, {FD(kReadWrite), NUM(F_SETLK), IN(lock)}, 1},
    {"fcntl F_SETLK without a type", SYS_fcntl, {FD(kReadWrite), NUM(F_SETLK), IN(no_type)}, 1},
    {"fcntl F_SETLK without a whence", SYS_fcntl, {FD(kReadWrite), NUM(F_SETLK), IN(no_whence)}, 1},
    {"fcntl F_SETLK before the start", SYS_fcntl, {FD(kReadWrite), NUM(F_SETLK), IN(before)}, 1},
    {"fcntl F_OFD_SETLK", SYS_fcntl, {FD(kReadWrite), NUM(F_OFD_SETLK), IN(lock)}, 1},
    {"fcntl F_OFD_SETLK with a pid", SYS_fcntl, {FD(kReadWrite), NUM(F_OFD_SETLK), IN(with_pid)}, 1},
    {"fcntl F_OFD_GETLK", SYS_fcntl, {FD(kReadWrite), NUM(F_OFD_GETLK), IN(lock)}, 1},
    // Not 2 GiB: what refuses it depends on rights and on memory.
    {"fcntl F_GETPIPE_SZ", SYS_fcntl, {FD(kPipeReader), NUM(F_GETPIPE_SZ), NUM(0)}, 3},
    {"fcntl F_SETPIPE_SZ", SYS_fcntl, {FD(kPipeReader), NUM(F_SETPIPE_SZ), SIZE_BUT(4096, 0xc0)}, 1},
    {"fcntl F_SETOWN_EX", SYS_fcntl, {FD(kReadWrite), NUM(15), IN(owner)}, 3},
    {"fcntl F_GETOWN_EX", SYS_fcntl, {FD(kReadWrite), NUM(16), OUT(8)}, 3},
    {"fcntl F_ADD_SEALS", SYS_fcntl, {FD(kMemory), NUM(F_ADD_SEALS), FLAGS(0)}, 1},
    {"fcntl F_GET_SEALS", SYS_fcntl, {FD(kMemory), NUM(F_GET_SEALS), NUM(0)}, 3},
    // Not of an epoll, which has got calls of its own (6.9).
    {"ioctl FIONREAD", SYS_ioctl, {FD_BUT(kPipeReader, 1 << kEpoll), NUM(FIONREAD), OUT(4)}, 3},
    {"ioctl FIONBIO", SYS_ioctl, {FD(kReadWrite), NUM(FIONBIO), IN(owner)}, 3},
    {"ioctl FIOCLEX", SYS_ioctl, {FD(kReadWrite), NUM(FIOCLEX), NUM(0)}, 3},
    {"ioctl TCGETS", SYS_ioctl, {FD_BUT(kNull, 1 << kEpoll), NUM(TCGETS), OUT(60)}, 3},
    {"ioctl TIOCGWINSZ", SYS_ioctl, {FD_BUT(kNull, 1 << kEpoll), NUM(TIOCGWINSZ), OUT(8)}, 3},
    {"ioctl of nothing", SYS_ioctl, {FD_BUT(kReadWrite, 1 << kEpoll), NUM(0x12345678), NUM(0)}, 3},
    {"flock", SYS_flock, {FD(kReadWrite), CODE(LOCK_SH, 20)}, 1},
    {"fsync", SYS_fsync, {FD(kReadWrite)}, 3},
    {"fdatasync", SYS_fdatasync, {FD(kReadWrite)}, 3},
    {"syncfs", SYS_syncfs, {FD(kReadWrite)}, 3},
    {"ftruncate", SYS_ftruncate, {FD(kReadWrite), OFFSET(10)}, 1},
    {"fallocate", SYS_fallocate, {FD(kReadWrite), FLAGS_BUT(0, 0x78), OFFSET(0), OFFSET(10)}, 1},
    {"fallocate of nothing", SYS_fallocate, {FD(kReadWrite), NUM(0), NUM(0), NUM(0)}, 1},
    {"fadvise64", SYS_fadvise64, {FD(kReadWrite), OFFSET(0), OFFSET(10), CODE(0, 8)}, 3},
    {"readahead", SYS_readahead, {FD(kReadWrite), OFFSET(0), SIZE(10)}, 3},
    {"sync_file_range", SYS_sync_file_range, {FD(kReadWrite), OFFSET(0), OFFSET(10), FLAGS(0)}, 3},
    {"fstat", SYS_fstat, {FD(kReadWrite), OUT(144)}, 3},
    {"fstatfs", SYS_fstatfs, {FD(kReadWrite), OUT(120)}, 3},
    {"fchdir", SYS_fchdir, {FD(kDirectory)}, 1},
    {"fchmod", SYS_fchmod, {FD_BUT(kReadWrite, kOfMachine), FLAGS(0600)}, 1},
    {"fchown", SYS_fchown, {FD_BUT(kReadWrite, kOfMachine), USER(0), USER(0)}, 1},
    {"pipe", SYS_pipe, {OUT(8)}, 3},
    // Not O_NOTIFICATION_PIPE, which not every Linux has (CONFIG_WATCH_QUEUE).
    {"pipe2", SYS_pipe2, {OUT(8), FLAGS_BUT(0, 0x80)}, 3},
};
SWEEP(calls)
