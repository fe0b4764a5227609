// Calls that change what files are, and ask for more of it.
#include "tests/contracts/bad_arguments/sweep.h"

#include <sys/time.h>

static struct timespec const times[2] = {{1000, 0}, {2000, 0}};
static struct timespec const now_and_none[2] = {{0, UTIME_NOW}, {0, UTIME_OMIT}};
static struct timespec const none[2] = {{0, UTIME_OMIT}, {0, UTIME_OMIT}};
static struct timespec const wrong[2] = {{1000, 1000000000}, {2000, 0}};
static struct timespec const negative[2] = {{1000, -1}, {2000, 0}};
static struct timeval const old_times[2] = {{1000, 0}, {2000, 0}};
static struct timeval const wrong_times[2] = {{1000, 1000000}, {2000, 0}};
static long const oldest_times[2] = {1000, 2000};

static struct call const calls[] = {
    {"chmod", SYS_chmod, {PATH("file"), FLAGS(0600)}, 1},
    {"fchmodat", SYS_fchmodat, {AT, PATH("file"), FLAGS(0600)}, 1},
    {"chown", SYS_chown, {PATH("file"), USER(0), USER(0)}, 1},
    {"lchown", SYS_lchown, {PATH("file"), USER(0), USER(0)}, 1},
    {"fchownat", SYS_fchownat, {AT, PATH("file"), USER(0), USER(0), FLAGS(0)}, 1},
    {"fchownat of the descriptor", SYS_fchownat, {FD_BUT(kReadWrite, kOfMachine), NUM(""), NUM(0), NUM(0), NUM(AT_EMPTY_PATH)}, 1},
    {"utime", SYS_utime, {PATH("file"), IN(oldest_times)}, 1},
    {"utimes", SYS_utimes, {PATH("file"), IN(old_times)}, 1},
    {"utimes too many", SYS_utimes, {PATH("file"), IN(wrong_times)}, 1},
    {"futimesat", SYS_futimesat, {AT, PATH("file"), IN(old_times)}, 1},
    {"utimensat", SYS_utimensat, {AT, PATH("file"), IN(times), FLAGS(0)}, 1},
    {"utimensat of the descriptor", SYS_utimensat, {FD_BUT(kReadWrite, kOfMachine), NUM(0), IN(times), FLAGS(0)}, 1},
    {"utimensat now and none", SYS_utimensat, {AT, PATH("file"), IN(now_and_none), NUM(0)}, 1},
    {"utimensat none", SYS_utimensat, {AT, PATH("file"), IN(none), NUM(0)}, 1},
    {"utimensat too many", SYS_utimensat, {AT, PATH("file"), IN(wrong), NUM(0)}, 1},
    {"utimensat negative", SYS_utimensat, {NUM(AT_FDCWD), PATH("file"), IN(negative), NUM(0)}, 1},
    {"umask", SYS_umask, {FLAGS(022)}, 1},
};
SWEEP(calls)
