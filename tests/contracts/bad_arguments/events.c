// Calls that wait for many things at once.
#include "tests/contracts/bad_arguments/sweep.h"

#include <poll.h>
#include <sys/select.h>
#include <sys/time.h>

static struct pollfd const files[2] = {{0, POLLIN, 0}, {1, POLLOUT, 0}};
static struct pollfd const no_files[3] = {{-1, POLLIN, 0}, {99, POLLIN, 0}, {INT_MAX, POLLIN, 0}};
static unsigned long const set[16] = {1};
static unsigned long const no_set[16] = {1UL << 60};
static struct timeval const at_once = {0, 0};
static struct timeval const wrong = {0, -1};
static struct timespec const now = {0, 0};
static struct timespec const too_many = {0, 1000000000};
static unsigned long const mask = 1UL << (SIGUSR1 - 1);
static struct {
    void const* mask;
    unsigned long size;
} const masked = {&mask, 8}, no_mask = {&mask, 9}, nowhere = {(void*)0x10, 8};
static struct epoll_event const event = {EPOLLIN, {0}};
static struct epoll_event const exclusive = {EPOLLIN | EPOLLEXCLUSIVE, {0}};

// Some files of /proc can be waited for, all at once.
enum { kOfProc = 1 << kProc };

static struct call const calls[] = {
    {"poll", SYS_poll, {IN(files), SIZE(2), NUM(0)}, 2},
    {"poll of nothing", SYS_poll, {IN(no_files), NUM(3), NUM(0)}, 3},
    {"ppoll", SYS_ppoll, {IN(files), NUM(2), IN(now), IN(mask), SIZE(8)}, 2},
    {"ppoll too many", SYS_ppoll, {IN(files), NUM(2), IN(too_many), NUM(0), NUM(8)}, 2},
    {"select", SYS_select, {SIZE(3), IN(set), IN(set), IN(set), IN(at_once)}, 2},
    {"select of nothing", SYS_select, {NUM(64), IN(no_set), NUM(0), NUM(0), IN(at_once)}, 2},
    {"select negative", SYS_select, {NUM(3), NUM(0), NUM(0), NUM(0), IN(wrong)}, 2},
    {"pselect6", SYS_pselect6, {SIZE(3), IN(set), IN(set), IN(set), IN(now), IN(masked)}, 2},
    {"pselect6 mask", SYS_pselect6, {NUM(3), NUM(0), NUM(0), NUM(0), IN(now), IN(no_mask)}, 2},
    {"pselect6 nowhere", SYS_pselect6, {NUM(3), NUM(0), NUM(0), NUM(0), IN(now), IN(nowhere)}, 2},
    {"epoll_create", SYS_epoll_create, {SIZE(1)}, 2},
    {"epoll_create1", SYS_epoll_create1, {FLAGS(0)}, 2},
    {"epoll_ctl", SYS_epoll_ctl, {FD(kEpoll), CODE(1, 4), FD_BUT(kPipeReader, kOfProc), IN(event)}, 3},
    {"epoll_ctl exclusive", SYS_epoll_ctl, {FD(kEpoll), CODE(1, 4), FD_BUT(kPipeReader, kOfProc), IN(exclusive)}, 3},
    {"epoll_wait", SYS_epoll_wait, {FD(kEpoll), OUT(24), SIZE(2), NUM(0)}, 3},
    {"epoll_pwait", SYS_epoll_pwait, {FD(kEpoll), OUT(24), SIZE(2), NUM(0), IN(mask), SIZE(8)}, 3},
    {"epoll_pwait2", SYS_epoll_pwait2, {FD(kEpoll), OUT(24), SIZE(2), IN(now), IN(mask), SIZE(8)}, 3},
    {"epoll_pwait2 too many", SYS_epoll_pwait2, {FD(kEpoll), OUT(24), NUM(2), IN(too_many), NUM(0), NUM(8)}, 3},
    {"eventfd", SYS_eventfd, {SIZE(0)}, 2},
    {"eventfd2", SYS_eventfd2, {SIZE(0), FLAGS(0)}, 2},
    {"inotify_init1", SYS_inotify_init1, {FLAGS(0)}, 2},
    {"inotify_add_watch", SYS_inotify_add_watch, {FD(kWatches), PATH("file"), FLAGS(IN_MODIFY)}, 3},
    {"inotify_rm_watch", SYS_inotify_rm_watch, {FD(kWatches), CODE(99, 2)}, 3},
};
SWEEP(calls)
