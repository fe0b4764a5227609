// Calls about time.
#include "tests/contracts/bad_arguments/sweep.h"

#include <sys/time.h>
#include <time.h>

static struct timespec const soon = {0, 1};
static struct timespec const wrong = {0, 1000000000};
static struct timespec const negative = {-1, 0};
static struct timespec const negative_part = {0, -1};
static struct itimerval const far = {{0, 0}, {1000, 0}};
static struct itimerval const wrong_far = {{0, 0}, {0, 1000000}};
static struct itimerval const negative_far = {{0, 0}, {-1, 0}};
static struct itimerspec const later = {{0, 0}, {1000, 0}};
static struct itimerspec const wrong_later = {{0, 0}, {0, 1000000000}};
static struct itimerspec const negative_later = {{0, -1}, {1, 0}};
static struct sigevent const by_signal = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
static struct sigevent const no_signal = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = 65};
static struct sigevent const no_way = {.sigev_notify = 77, .sigev_signo = SIGUSR1};

static struct call const calls[] = {
    {"nanosleep", SYS_nanosleep, {IN(soon), OUT(16)}, 3},
    {"nanosleep too many", SYS_nanosleep, {IN(wrong), OUT(16)}, 3},
    {"nanosleep negative", SYS_nanosleep, {IN(negative), OUT(16)}, 3},
    {"nanosleep negative part", SYS_nanosleep, {IN(negative_part), NUM(0)}, 3},
    // Not clock 2, the process's CPU time, which passes only while something runs.
    // Clocks 8 and 9 need a battery clock that can wake the machine: not every machine has one.
    {"clock_nanosleep", SYS_clock_nanosleep, {CODE_BUT(1, 6, 8), FLAGS(0), IN(soon), OUT(16)}, 3},
    {"clock_nanosleep more", SYS_clock_nanosleep, {CODE(16, -1), NUM(0), IN(soon), NUM(0)}, 3},
    {"clock_nanosleep too many", SYS_clock_nanosleep, {NUM(1), NUM(0), IN(wrong), NUM(0)}, 3},
    {"clock_gettime", SYS_clock_gettime, {CODE(0, 6), OUT(16)}, 3},
    {"clock_gettime more", SYS_clock_gettime, {CODE(16, -1), OUT(16)}, 3},
    {"clock_gettime of nobody", SYS_clock_gettime, {NUM((-999999L * 8) | 2), OUT(16)}, 3},
    {"clock_getres", SYS_clock_getres, {CODE(0, 6), OUT(16)}, 3},
    {"clock_getres more", SYS_clock_getres, {CODE(16, -1), OUT(16)}, 3},
    {"gettimeofday", SYS_gettimeofday, {OUT(16), OUT(8)}, 3},
    {"time", SYS_time, {OUT(8)}, 2},
    {"getitimer", SYS_getitimer, {CODE(0, 3), OUT(32)}, 3},
    {"setitimer", SYS_setitimer, {CODE(1, 3), IN(far), OUT(32)}, 1},
    {"setitimer too many", SYS_setitimer, {CODE(1, 3), IN(wrong_far), NUM(0)}, 1},
    {"setitimer negative", SYS_setitimer, {NUM(1), IN(negative_far), NUM(0)}, 1},
    {"alarm", SYS_alarm, {SIZE(1000)}, 0},
    {"timer_create", SYS_timer_create, {CODE(0, 6), IN(by_signal), OUT(4)}, 3},
    {"timer_create signal", SYS_timer_create, {NUM(0), IN(no_signal), OUT(4)}, 3},
    {"timer_create way", SYS_timer_create, {NUM(0), IN(no_way), OUT(4)}, 3},
    {"timer_settime", SYS_timer_settime, {CODE(99, 1), FLAGS(0), IN(later), OUT(32)}, 3},
    {"timer_gettime", SYS_timer_gettime, {CODE(99, 1), OUT(32)}, 3},
    {"timer_getoverrun", SYS_timer_getoverrun, {CODE(99, 1)}, 3},
    {"timer_delete", SYS_timer_delete, {CODE(99, 1)}, 3},
    {"timerfd_create", SYS_timerfd_create, {CODE(1, 7), FLAGS(0)}, 2},
    {"timerfd_settime", SYS_timerfd_settime, {FD(kTimer), FLAGS(0), IN(later), OUT(32)}, 3},
    {"timerfd_settime too many", SYS_timerfd_settime, {FD(kTimer), NUM(0), IN(wrong_later), OUT(32)}, 3},
    {"timerfd_settime negative", SYS_timerfd_settime, {FD(kTimer), NUM(0), IN(negative_later), OUT(32)}, 3},
    {"timerfd_gettime", SYS_timerfd_gettime, {FD(kTimer), OUT(32)}, 3},
};
SWEEP(calls)
