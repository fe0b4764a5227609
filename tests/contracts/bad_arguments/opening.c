// Calls that open files by name or ask about them.
#include "tests/contracts/bad_arguments/sweep.h"

struct how {
    unsigned long flags, mode, resolve;
};
static struct how const how = {O_RDWR, 0, 0};
static struct how const no_flags = {1UL << 40, 0, 0};
static struct how const no_mode = {O_CREAT | O_RDWR, 010000, 0};
static struct how const no_create = {O_RDWR, 0600, 0};
static struct how const no_resolve = {O_RDWR, 0, 0x80};

static struct call const calls[] = {
    // O_NONBLOCK throughout: a FIFO's other end would never come.
    {"open", SYS_open, {PATH("file"), FLAGS_BUT(O_RDWR | O_NONBLOCK, O_NONBLOCK), FLAGS(0600)}, 2},
    {"open to read", SYS_open, {PATH("file"), NUM(O_RDONLY | O_NONBLOCK), NUM(0)}, 2},
    {"open to create", SYS_open, {PATH("new"), FLAGS_BUT(O_RDWR | O_CREAT | O_NONBLOCK, O_NONBLOCK), FLAGS(0600)}, 0},
    {"open to create alone", SYS_open, {PATH("new"), NUM(O_RDWR | O_CREAT | O_EXCL | O_NONBLOCK), NUM(0600)}, 0},
    {"open a folder", SYS_open, {PATH("folder"), FLAGS(O_RDONLY | O_DIRECTORY), NUM(0)}, 2},
    {"open a place", SYS_open, {PATH("file"), FLAGS(O_PATH), NUM(0)}, 2},
    {"open without following", SYS_open, {PATH("file"), NUM(O_RDONLY | O_NOFOLLOW | O_NONBLOCK), NUM(0)}, 2},
    {"open without a name", SYS_open, {PATH("folder"), FLAGS(O_TMPFILE | O_RDWR), NUM(0600)}, 0},
    {"openat", SYS_openat, {AT, PATH("file"), FLAGS_BUT(O_RDWR | O_NONBLOCK, O_NONBLOCK), FLAGS(0600)}, 2},
    {"openat of all", SYS_openat, {AT, PATH("/"), NUM(O_RDONLY), NUM(0)}, 2},
    {"openat2", SYS_openat2, {AT, NUM("file"), IN(how), SIZE(24)}, 2},
    {"openat2 flags", SYS_openat2, {AT, NUM("file"), IN(no_flags), NUM(24)}, 2},
    {"openat2 mode", SYS_openat2, {NUM(AT_FDCWD), NUM("new"), IN(no_mode), NUM(24)}, 2},
    {"openat2 mode for nothing", SYS_openat2, {NUM(AT_FDCWD), NUM("file"), IN(no_create), NUM(24)}, 2},
    {"openat2 resolve", SYS_openat2, {NUM(AT_FDCWD), NUM("file"), IN(no_resolve), NUM(24)}, 2},
    {"creat", SYS_creat, {NUM("new"), FLAGS(0600)}, 0},
    {"stat", SYS_stat, {PATH("file"), OUT(144)}, 3},
    {"lstat", SYS_lstat, {PATH("file"), OUT(144)}, 3},
    {"newfstatat", SYS_newfstatat, {AT, PATH("file"), OUT(144), FLAGS(0)}, 3},
    {"newfstatat of the descriptor", SYS_newfstatat, {FD(kReadWrite), NUM(""), OUT(144), FLAGS(AT_EMPTY_PATH)}, 3},
    {"statx", SYS_statx, {AT, PATH("file"), FLAGS(0), FLAGS(0x7ff), OUT(256)}, 3},
    {"statx of the descriptor", SYS_statx, {FD(kReadWrite), NUM(""), NUM(AT_EMPTY_PATH), NUM(0x7ff), OUT(256)}, 3},
    {"access", SYS_access, {PATH("file"), CODE(0, 8)}, 3},
    {"faccessat", SYS_faccessat, {AT, PATH("file"), CODE(0, 8)}, 3},
    {"faccessat2", SYS_faccessat2, {AT, PATH("file"), CODE(0, 8), FLAGS(0)}, 3},
    {"readlink", SYS_readlink, {PATH("link"), OUT(8), SIZE(8)}, 2},
    {"readlinkat", SYS_readlinkat, {AT, PATH("link"), OUT(8), SIZE(8)}, 2},
    {"readlinkat of the descriptor", SYS_readlinkat, {FD(kReadWrite), NUM(""), OUT(8), NUM(8)}, 2},
    {"statfs", SYS_statfs, {PATH("file"), OUT(120)}, 3},
    {"chdir", SYS_chdir, {PATH("folder")}, 1},
    {"chroot", SYS_chroot, {PATH("folder")}, 1},
    {"getcwd", SYS_getcwd, {OUT(64), SIZE(64)}, 2},
};
SWEEP(calls)
