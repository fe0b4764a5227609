// Calls about signals. Not tried: kill and its kin with a number that is somebody's, pause and
// rt_sigreturn (no arguments), rt_sigsuspend with a mask that it would wait with.
#include "tests/contracts/bad_arguments/sweep.h"

struct action {
    void (*handler)(int);
    unsigned long flags;
    void (*restorer)(void);
    unsigned long mask;
};
static struct action const action = {SIG_IGN, 0, NULL, 0};
static unsigned long const mask = 1UL << (SIGUSR1 - 1);
static siginfo_t const info = {.si_signo = SIGUSR1, .si_code = SI_QUEUE};
static siginfo_t const from_kernel = {.si_signo = SIGUSR1, .si_code = SI_KERNEL};
static stack_t const stack = {(void*)0x10000, 0, 8192};
static stack_t const small = {(void*)0x10000, 0, 100};
static stack_t const no_flags = {(void*)0x10000, 77, 8192};
static struct timespec const at_once = {0, 0};
static struct timespec const wrong = {0, 1000000000};
static struct timespec const negative = {-1, 0};

static struct call const calls[] = {
    {"rt_sigaction", SYS_rt_sigaction, {CODE(SIGUSR1, 65), IN(action), OUT(32), SIZE(8)}, 1},
    {"rt_sigprocmask", SYS_rt_sigprocmask, {CODE(0, 3), IN(mask), OUT(8), SIZE(8)}, 1},
    {"rt_sigprocmask of nothing", SYS_rt_sigprocmask, {CODE(0, 3), NUM(0), OUT(8), NUM(8)}, 1},
    {"rt_sigpending", SYS_rt_sigpending, {OUT(8), SIZE(8)}, 3},
    {"rt_sigtimedwait", SYS_rt_sigtimedwait, {IN(mask), OUT(128), IN(at_once), SIZE(8)}, 3},
    {"rt_sigtimedwait too many", SYS_rt_sigtimedwait, {IN(mask), OUT(128), IN(wrong), NUM(8)}, 3},
    {"rt_sigtimedwait negative", SYS_rt_sigtimedwait, {IN(mask), OUT(128), IN(negative), NUM(8)}, 3},
    {"rt_sigsuspend", SYS_rt_sigsuspend, {NUM(0x10), SIZE(9)}, 1},
    {"rt_sigqueueinfo", SYS_rt_sigqueueinfo, {TASK(999998), CODE(SIGUSR1, 65), IN(info)}, 3},
    {"rt_sigqueueinfo of the kernel", SYS_rt_sigqueueinfo, {NUM(999998), NUM(SIGUSR1), IN(from_kernel)}, 3},
    {"rt_tgsigqueueinfo", SYS_rt_tgsigqueueinfo, {TASK(999998), TASK(999998), CODE(SIGUSR1, 65), IN(info)}, 3},
    {"kill", SYS_kill, {NUM(999998), CODE(0, 65)}, 3},
    {"kill of the lowest", SYS_kill, {NUM(INT_MIN), CODE(0, 65)}, 3},
    {"tkill", SYS_tkill, {TASK(999998), CODE(0, 65)}, 3},
    {"tgkill", SYS_tgkill, {TASK(999998), TASK(999998), CODE(0, 65)}, 3},
    {"sigaltstack", SYS_sigaltstack, {IN(stack), OUT(24)}, 1},
    {"sigaltstack small", SYS_sigaltstack, {IN(small), NUM(0)}, 1},
    {"sigaltstack flags", SYS_sigaltstack, {IN(no_flags), NUM(0)}, 1},
    {"signalfd", SYS_signalfd, {FD(kSignals), IN(mask), SIZE(8)}, 2},
    {"signalfd4", SYS_signalfd4, {FD(kMinusOne), IN(mask), SIZE(8), FLAGS(0)}, 2},
    // Not PIDFD_THREAD (6.9).
    {"pidfd_open", SYS_pidfd_open, {TASK(999998), FLAGS_BUT(0, 0x80)}, 2},
    {"pidfd_send_signal", SYS_pidfd_send_signal, {FD(kReadWrite), CODE(0, 65), IN(info), FLAGS(0)}, 3},
    {"pidfd_getfd", SYS_pidfd_getfd, {FD(kReadWrite), NUM(0), FLAGS(0)}, 3},
};
SWEEP(calls)
