// clone(2): what goes with CLONE_NEWPID, the numbers that it returns and stores.
#include "tests/contracts/namespaces/pid_support.h"

#ifndef CLONE_PIDFD
#    define CLONE_PIDFD 0x1000
#endif

static char stack[65536] __attribute__((aligned(16)));

static int run_thread(void* argument)
{
    (void)argument;
    syscall(SYS_exit, 0);
    return 0;
}

static void try_clone(char const* what, unsigned long flags)
{
    pid_t const child = clone_child(flags);
    if (child == 0) leave((int)getpid());
    if (child < 0) {
        show(what, -1);
        return;
    }
    if ((flags & CLONE_PARENT) == 0) show_end(what, child);
}

int main(void)
{
    try_clone("pid", CLONE_NEWPID);
    try_clone("pid and all", CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC);
    try_clone("pid, files and folder shared", CLONE_NEWPID | CLONE_FILES | CLONE_FS);
    try_clone("pid, actions without memory", CLONE_NEWPID | CLONE_SIGHAND);
    unsigned long const thread = CLONE_VM | CLONE_SIGHAND | CLONE_THREAD;
    show("pid and thread",
         clone(run_thread, stack + sizeof stack, (int)(thread | CLONE_NEWPID), NULL));
    int stored = 0;
    int inside = -1;
    fflush(NULL);
    unsigned long const stores = CLONE_NEWPID | CLONE_PARENT_SETTID | CLONE_CHILD_SETTID | SIGCHLD;
    pid_t const child = (pid_t)syscall(SYS_clone, stores, 0, &stored, &inside, 0);
    if (child == 0) {
        show("stored inside", inside);
        show("of the parent's kept", stored > 1);
        leave(0);
    }
    show_end("child", child);
    show("stored is returned", stored == child);
    pid_t const init = clone_init();
    if (init == 0) {
        show("sibling of an init", clone_child(CLONE_PARENT));
        pid_t const next = clone_child(CLONE_NEWPID);
        if (next == 0) leave((int)getpid());
        show("an init within", next);
        show_end("it sees itself", next);
        leave(0);
    }
    show_end("init", init);
    return 0;
}
