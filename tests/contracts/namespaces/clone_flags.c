// clone(2), CLONE_NEWNS, CLONE_NEWUTS, CLONE_NEWIPC: the child begins in its own; combinations
// that are refused.
#include "tests/contracts/namespaces/support.h"

static pid_t clone_child(unsigned long flags)
{
    fflush(NULL);
    return (pid_t)syscall(SYS_clone, flags | SIGCHLD, 0, 0, 0, 0);
}

static void try_clone(char const* what, unsigned long flags)
{
    struct barrier const end = barrier_make();
    pid_t const child = clone_child(flags);
    if (child == 0) {
        barrier_wait(&end);
        leave(0);
    }
    if (child < 0) {
        show(what, -1);
        return;
    }
    show_shared(what, child);
    barrier_signal(&end);
    show_end(what, child);
}

int main(void)
{
    try_clone("nothing", 0);
    try_clone("names", CLONE_NEWUTS);
    try_clone("ipc", CLONE_NEWIPC);
    try_clone("mounts", CLONE_NEWNS);
    try_clone("all", CLONE_NEWNS | CLONE_NEWUTS | CLONE_NEWIPC);
    try_clone("mounts, files shared", CLONE_NEWNS | CLONE_FS);
    try_clone("ipc, semaphores shared", CLONE_NEWIPC | CLONE_SYSVSEM);
    try_clone("names, files shared", CLONE_NEWUTS | CLONE_FS | CLONE_FILES);
    return 0;
}
