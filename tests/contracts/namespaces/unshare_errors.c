// unshare(2), ERRORS: flags that are none, what takes the right to it, what threads forbid.
#include "tests/contracts/namespaces/support.h"

#include <pthread.h>

static void* sleep_long(void* unused)
{
    pause();
    return unused;
}

int main(void)
{
    show("nothing", unshare(0));
    show("unknown flag", unshare(CLONE_VFORK));
    show("another", unshare(CLONE_PARENT_SETTID));
    show("a signal", unshare(SIGCHLD));
    show("what is shared with nobody", unshare(CLONE_FS | CLONE_FILES | CLONE_SYSVSEM));
    show("memory of one's own", unshare(CLONE_VM));
    show("handlers of one's own", unshare(CLONE_SIGHAND));
    show("thread", unshare(CLONE_THREAD));
    pid_t const child = fork_child();
    if (child == 0) {
        setresuid(1000, 1000, 1000);
        show("as somebody: files", unshare(CLONE_FILES | CLONE_FS));
        show("as somebody: names", unshare(CLONE_NEWUTS));
        show("as somebody: mounts", unshare(CLONE_NEWNS));
        show("as somebody: ipc", unshare(CLONE_NEWIPC));
        show("as somebody: enter", setns(open_own("uts"), 0));
        show("as somebody: clone", syscall(SYS_clone, CLONE_NEWUTS | SIGCHLD, 0, 0, 0, 0));
        leave(0);
    }
    show_end("somebody", child);
    pid_t const threaded = fork_child();
    if (threaded == 0) {
        pthread_t thread;
        require(pthread_create(&thread, NULL, sleep_long, NULL) == 0, "thread");
        show("with threads: thread", unshare(CLONE_THREAD));
        show("with threads: handlers", unshare(CLONE_SIGHAND));
        show("with threads: memory", unshare(CLONE_VM));
        leave(0);
    }
    show_end("threads", threaded);
    return 0;
}
