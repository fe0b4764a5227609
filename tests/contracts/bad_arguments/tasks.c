// Calls about processes and threads. Not tried: exit and exit_group (any argument is good), fork and
// vfork (none), clone with flags that would run on (a stack that is bad only hurts the child).
#include "tests/contracts/bad_arguments/sweep.h"

#include <sched.h>
#include <sys/prctl.h>
#include <sys/resource.h>

static char const* const words[] = {"program", NULL};
static char const* const bad_words[] = {"program", (char const*)0x10, NULL};
static char const* const no_words[] = {NULL};
static struct {
    unsigned long flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
} const arguments = {0, 0, 0, 0, 65, 0, 0, 0};
static struct rlimit const limits = {100, 50};
static int const priority = 1;
static int const no_priority = 0;
static unsigned long const processors = 1;
static unsigned long const no_processors = 0;
static struct {
    unsigned size, policy;
    unsigned long flags;
    int nice;
    unsigned priority;
    unsigned long runtime, deadline, period;
} const attributes = {48, 0, 0, 1, 0, 0, 0, 0}, no_policy = {48, 99, 0, 0, 0, 0, 0, 0},
  small = {20, 0, 0, 0, 0, 0, 0, 0};
static struct timespec const at_once = {0, 1};
static struct timespec const wrong = {0, 1000000000};
static int const word = 7;

static struct call const calls[] = {
    {"execve", SYS_execve, {PATH("file"), IN(words), IN(words)}, 3},
    {"execve words", SYS_execve, {NUM("missing"), IN(bad_words), IN(words)}, 3},
    {"execve variables", SYS_execve, {NUM("missing"), IN(words), IN(bad_words)}, 3},
    {"execve no words", SYS_execve, {NUM("missing"), IN(no_words), IN(no_words)}, 3},
    // Not AT_EXECVE_CHECK (6.14).
    {"execveat", SYS_execveat, {AT, PATH("file"), IN(words), IN(words), FLAGS_BUT(0, 0x10000)}, 3},
    {"execveat of the descriptor", SYS_execveat, {FD(kReadWrite), NUM(""), IN(words), IN(words), NUM(AT_EMPTY_PATH)}, 3},
    {"clone signal", SYS_clone, {NUM(65), NUM(0)}, kForks},
    {"clone3", SYS_clone3, {IN(arguments), SIZE(64)}, kForks},
    {"wait4", SYS_wait4, {TASK(-1), OUT(4), FLAGS(WNOHANG), OUT(144)}, 3},
    {"waitid", SYS_waitid, {CODE(P_ALL, 4), TASK(0), OUT(128), FLAGS(WEXITED | WNOHANG), OUT(144)}, 3},
    {"waitid of a descriptor", SYS_waitid, {NUM(3), FD(kReadWrite), OUT(128), NUM(WEXITED | WNOHANG), NUM(0)}, 3},
    {"set_tid_address", SYS_set_tid_address, {OUT(4)}, 2},
    {"set_robust_list", SYS_set_robust_list, {OUT(24), SIZE(24)}, 3},
    {"get_robust_list", SYS_get_robust_list, {TASK(0), OUT(8), OUT(8)}, 3},
    {"futex wake", SYS_futex, {OUT(4), NUM(1), SIZE(1)}, 3},
    {"futex wait", SYS_futex, {IN(word), NUM(0), NUM(7), IN(at_once)}, 3},
    {"futex wait too many", SYS_futex, {IN(word), NUM(0), NUM(7), IN(wrong)}, 3},
    // Not the kinds that inherit priorities (6 to 8, 11 to 13), which the kernel does not have.
    {"futex kinds", SYS_futex, {OUT(4), CODE_BUT(1, 16, 0x7380), NUM(1), NUM(0x10), OUT(4), NUM(0)}, 3},
    {"futex flags", SYS_futex, {OUT(4), FLAGS_BUT(1, 0x1f), NUM(1)}, 3},
    {"futex requeue", SYS_futex, {OUT(4), NUM(3), SIZE(1), SIZE(1), OUT(4)}, 3},
    {"futex compare", SYS_futex, {IN(word), NUM(4), NUM(1), NUM(1), OUT(4), NUM(7)}, 3},
    {"getpgid", SYS_getpgid, {TASK(999998)}, 2},
    {"getsid", SYS_getsid, {TASK(999998)}, 2},
    {"setpgid", SYS_setpgid, {TASK(999998), TASK(0)}, 1},
    {"setpgid to", SYS_setpgid, {NUM(0), TASK(0)}, 1},
    {"getpriority", SYS_getpriority, {CODE(0, 3), TASK(0)}, 2},
    {"setpriority", SYS_setpriority, {CODE(0, 3), TASK(999998), NUM(0)}, 1},
    {"getrlimit", SYS_getrlimit, {CODE(7, 17), OUT(16)}, 3},
    {"setrlimit", SYS_setrlimit, {CODE(7, 17), IN(limits)}, 1},
    {"prlimit64", SYS_prlimit64, {TASK(999998), CODE(7, 17), NUM(0), OUT(16)}, 1},
    {"prlimit64 of itself", SYS_prlimit64, {NUM(0), CODE(7, 17), IN(limits), OUT(16)}, 1},
    {"getrusage", SYS_getrusage, {CODE(0, 2), OUT(144)}, 3},
    {"times", SYS_times, {OUT(32)}, 2},
    {"sysinfo", SYS_sysinfo, {OUT(112)}, 3},
    {"uname", SYS_uname, {OUT(390)}, 3},
    {"getcpu", SYS_getcpu, {OUT(4), OUT(4), OUT(4)}, 3},
    {"sched_getparam", SYS_sched_getparam, {TASK(0), OUT(4)}, 3},
    {"sched_setparam", SYS_sched_setparam, {TASK(0), IN(no_priority)}, 1},
    {"sched_setparam high", SYS_sched_setparam, {NUM(0), IN(priority)}, 1},
    {"sched_getscheduler", SYS_sched_getscheduler, {TASK(0)}, 3},
    {"sched_setscheduler", SYS_sched_setscheduler, {TASK(0), CODE(0, 0), IN(no_priority)}, 1},
    {"sched_setscheduler high", SYS_sched_setscheduler, {NUM(0), NUM(0), IN(priority)}, 1},
    // Not SCHED_EXT (6.12).
    {"sched_get_priority_max", SYS_sched_get_priority_max, {CODE_BUT(0, 8, 0x100)}, 3},
    {"sched_get_priority_min", SYS_sched_get_priority_min, {CODE_BUT(0, 8, 0x100)}, 3},
    {"sched_rr_get_interval", SYS_sched_rr_get_interval, {TASK(0), OUT(16)}, 3},
    // As many bytes as the kernel keeps for its processors: a number only where it is an error.
    {"sched_getaffinity", SYS_sched_getaffinity, {TASK(0), SIZE(128), OUT(128)}, 2},
    {"sched_setaffinity", SYS_sched_setaffinity, {TASK(0), NUM(8), IN(processors)}, 1},
    {"sched_setaffinity none", SYS_sched_setaffinity, {NUM(0), NUM(8), IN(no_processors)}, 1},
    {"sched_setattr", SYS_sched_setattr, {TASK(0), IN(attributes), FLAGS(0)}, 1},
    {"sched_setattr policy", SYS_sched_setattr, {NUM(0), IN(no_policy), NUM(0)}, 1},
    {"sched_setattr small", SYS_sched_setattr, {NUM(0), IN(small), NUM(0)}, 1},
    {"sched_getattr", SYS_sched_getattr, {TASK(0), OUT(64), SIZE(64), FLAGS(0)}, 3},
    {"ioprio_get", SYS_ioprio_get, {CODE(1, 4), TASK(0)}, 2},
    // Not 3: every process of the user, on a machine that is not ours.
    {"ioprio_set", SYS_ioprio_set, {CODE(1, 1), TASK(0), CODE(0x4004, 0)}, 1},
    {"kcmp", SYS_kcmp, {TASK(999998), TASK(999998), CODE(0, 8), NUM(0), NUM(0)}, 2},
    {"personality", SYS_personality, {NUM(0xffffffff)}, 1},
    {"arch_prctl", SYS_arch_prctl, {NUM(0x1003), OUT(8)}, 3},
    {"arch_prctl to", SYS_arch_prctl, {NUM(0x1001), SIZE(0)}, 3},
    {"arch_prctl of nothing", SYS_arch_prctl, {CODE(0x999, 3), NUM(0)}, 3},
    {"prctl PR_SET_NAME", SYS_prctl, {NUM(PR_SET_NAME), PATH("name")}, 1},
    {"prctl PR_GET_NAME", SYS_prctl, {NUM(PR_GET_NAME), OUT(16)}, 3},
    {"prctl PR_SET_PDEATHSIG", SYS_prctl, {NUM(PR_SET_PDEATHSIG), CODE(0, 65)}, 1},
    {"prctl PR_GET_PDEATHSIG", SYS_prctl, {NUM(PR_GET_PDEATHSIG), OUT(4)}, 3},
    {"prctl PR_SET_DUMPABLE", SYS_prctl, {NUM(PR_SET_DUMPABLE), CODE(0, 3)}, 1},
    {"prctl PR_SET_KEEPCAPS", SYS_prctl, {NUM(PR_SET_KEEPCAPS), CODE(0, 3)}, 1},
    {"prctl PR_SET_NO_NEW_PRIVS", SYS_prctl, {NUM(PR_SET_NO_NEW_PRIVS), CODE(1, 2), NUM(0), CODE(0, 2)}, 1},
    // Which are there depends on who started the machine: only what is none.
    {"prctl PR_CAPBSET_READ", SYS_prctl, {NUM(PR_CAPBSET_READ), CODE_BUT(0, 64, 0x3fffffffffe)}, 3},
    {"prctl of nothing", SYS_prctl, {CODE(9999, -2), NUM(0)}, 3},
};
SWEEP(calls)
