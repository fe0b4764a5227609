// clone(2), ERRORS, EINVAL: which flags need others and which exclude each other. What is left of
// them makes a child.
#include "tests/contracts/processes/clone3.h"

int main(void)
{
    show_clone("no flags", SIGCHLD);
    show_clone("thread alone", CLONE_THREAD);
    show_clone("thread with handlers, no memory", CLONE_THREAD | CLONE_SIGHAND);
    show_clone("thread with memory, no handlers", CLONE_THREAD | CLONE_VM);
    show_clone("handlers alone", CLONE_SIGHAND | SIGCHLD);
    show_clone("handlers with memory, as vfork", CLONE_SIGHAND | CLONE_VM | CLONE_VFORK | SIGCHLD);
    show_clone("memory, as vfork", CLONE_VM | CLONE_VFORK | SIGCHLD);
    show_clone("vfork alone", CLONE_VFORK | SIGCHLD);
    show_clone("folder and new mounts", CLONE_FS | CLONE_NEWNS | SIGCHLD);
    show_clone("folder and new users", CLONE_FS | CLONE_NEWUSER | SIGCHLD);
    show_clone("files", CLONE_FILES | SIGCHLD);
    show_clone("folder", CLONE_FS | SIGCHLD);
    show_clone("files, folder, semaphores", CLONE_FILES | CLONE_FS | CLONE_SYSVSEM | SIGCHLD);
    show_clone("semaphores and new ones", CLONE_SYSVSEM | CLONE_NEWIPC | SIGCHLD);
    show_clone("untraced, input and output", CLONE_UNTRACED | CLONE_IO | SIGCHLD);
    show_clone("detached, which means nothing", CLONE_DETACHED | SIGCHLD);
    show_clone("no signal at the end", 0);
    signal(SIGUSR1, SIG_IGN);
    show_clone("another signal at the end", SIGUSR1);
    show_clone("a number beyond the signals", 0x7f);
    int made = -1;
    unsigned long const both = 0x1000 /* CLONE_PIDFD */ | CLONE_DETACHED | SIGCHLD;
    show("detached, with a descriptor", syscall(SYS_clone, both, NULL, &made, NULL, 0));
    show("  none was made", made);
    return 0;
}
