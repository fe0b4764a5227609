// sched_setscheduler(2), sched_setparam(2), sched_get_priority_max(2), sched_rr_get_interval(2):
// the usual policies take priority 0 only, are kept, and are inherited unless SCHED_RESET_ON_FORK
// is set; a user without the right gets no real-time one.
#include "tests/contracts/contract.h"

#include <sched.h>
#include <sys/resource.h>
#include <time.h>

static void tell(char const* what)
{
    int priority = -1;
    long const policy = syscall(SYS_sched_getscheduler, 0);
    syscall(SYS_sched_getparam, 0, &priority);
    printf("%s: policy %#lx priority %d\n", what, policy, priority);
    fflush(stdout);
}

static void set(char const* what, int policy, int priority)
{
    show(what, syscall(SYS_sched_setscheduler, 0, policy, &priority));
    tell("  now");
}

static void in_child(void)
{
    pid_t const child = fork_child();
    if (child == 0) {
        tell("  in a child");
        leave(0);
    }
    show_end("  child", child);
}

static void set_priority(char const* what, int priority)
{
    show(what, syscall(SYS_sched_setparam, 0, &priority));
}

int main(void)
{
    for (int policy = -1; policy < 7; ++policy) {
        printf("policy %d\n", policy);
        show("  most", syscall(SYS_sched_get_priority_max, policy));
        show("  least", syscall(SYS_sched_get_priority_min, policy));
    }
    require(setresuid(1000, 1000, 1000) == 0, "setresuid");
    tell("at first");
    set("batch", SCHED_BATCH, 0);
    in_child();
    set("batch with a priority", SCHED_BATCH, 1);
    set("reset in children", SCHED_BATCH | 0x40000000, 0);
    in_child();
    set("no reset any more", SCHED_BATCH, 0);
    set("fifo", SCHED_FIFO, 1);
    set("fifo without priority", SCHED_FIFO, 0);
    set("round robin beyond", SCHED_RR, 100);
    set("deadline", 6, 0);
    set("unknown", 4, 0);
    set("negative", -1, 0);
    set("other", SCHED_OTHER | 0x40000000, 0);
    set("idle", SCHED_IDLE | 0x40000000, 0);
    set("from idle to other", SCHED_OTHER | 0x40000000, 0);
    in_child();
    set_priority("priority 0", 0);
    set_priority("priority 1", 1);
    set_priority("priority -1", -1);
    int const zero = 0;
    show("no parameter", syscall(SYS_sched_setparam, 0, NULL));
    show("no parameter", syscall(SYS_sched_setscheduler, 0, SCHED_OTHER, NULL));
    show("a bad place", syscall(SYS_sched_setparam, 0, 16L));
    show("nobody", syscall(SYS_sched_setscheduler, 99999, SCHED_OTHER, &zero));
    show("negative target", syscall(SYS_sched_setscheduler, -1, SCHED_OTHER, &zero));
    show("whose", syscall(SYS_sched_getscheduler, -1));
    show("whose", syscall(SYS_sched_getscheduler, 99999));
    show("no place", syscall(SYS_sched_getparam, 0, NULL));
    show("the parent's", syscall(SYS_sched_setscheduler, getppid(), SCHED_OTHER, &zero));
    struct timespec interval = {7, 7};
    show("interval", sched_rr_get_interval(0, &interval));
    show("of nobody", sched_rr_get_interval(99999, &interval));
    show("of a negative number", sched_rr_get_interval(-1, &interval));
    return 0;
}
