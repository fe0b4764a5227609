// sched_setattr(2), sched_getattr(2): the nice value, sizes of the structure, what is refused;
// ioprio_set(2), ioprio_get(2): classes and levels, kept for the process and inherited.
#include "tests/contracts/contract.h"
#include <sys/resource.h>

struct attributes {
    uint32_t size, policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime, deadline, period;
    uint32_t least, most;
    uint64_t more;
};

static void set(char const* what, uint32_t size, uint32_t policy, int nice, uint32_t priority)
{
    struct attributes attributes = {size, policy, 0, nice, priority, 0, 0, 0, 0, 0, 7};
    show(what, syscall(SYS_sched_setattr, 0, &attributes, 0));
    if (attributes.size != size) printf("  size %u\n", attributes.size);
}

static void get(char const* what, unsigned size)
{
    struct attributes attributes = {.policy = 77};
    show(what, syscall(SYS_sched_getattr, 0, &attributes, size, 0));
    printf("  size %u policy %u nice %d priority %u\n", attributes.size, attributes.policy,
           attributes.nice, attributes.priority);
}

int main(void)
{
    setpriority(0, 0, 0);
    get("first version", 48);
    get("own version", 56);
    get("later version", 64);
    get("too small", 47);
    set("nice", 48, 0, 5, 0);
    get("nice", 48);
    set("beyond", 0, 0, 40, 0);
    get("beyond", 48);
    set("unknown size", 64, 0, 5, 0);
    set("small", 40, 0, 5, 0);
    set("policy", 48, 4, 5, 0);
    set("priority of nothing", 48, 0, 5, 1);
    set("no priority", 48, 1, 5, 0);
    show("nowhere", syscall(SYS_sched_setattr, 0, NULL, 0));
    show("flags", syscall(SYS_sched_getattr, 0, &show, 48, 1));
    show("no io priority", syscall(SYS_ioprio_get, 1, 0));
    show("best effort", syscall(SYS_ioprio_set, 1, 0, 2 << 13 | 6));
    show("now", syscall(SYS_ioprio_get, 1, 0));
    pid_t const child = fork_child();
    if (child == 0) leave(syscall(SYS_ioprio_get, 1, 0) == (2 << 13 | 6));
    show_end("inherited", child);
    show("idle", syscall(SYS_ioprio_set, 1, 0, 3 << 13));
    show("none", syscall(SYS_ioprio_set, 1, 0, 0));
    show("level", syscall(SYS_ioprio_set, 1, 0, 2 << 13 | 8));
    show("level of none", syscall(SYS_ioprio_set, 1, 0, 1));
    show("class", syscall(SYS_ioprio_set, 1, 0, 4 << 13));
    show("which", syscall(SYS_ioprio_get, 9, 0));
    show("nobody", syscall(SYS_ioprio_get, 1, 0x3ffffff));
    return 0;
}
