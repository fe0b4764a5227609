// clone(2), CLONE_PIDFD: the descriptor of the child, which does not get it itself; what may not
// stand beside it. pidfd_getfd(2) takes a descriptor of the child.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

struct clone_args {
    uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
};

static void show(char const* what, long result)
{
    printf("%s: %s\n", what, result < 0 ? strerror(errno) : "ok");
}

static long make(unsigned long flags, void* place)
{
    return syscall(SYS_clone, flags | SIGCHLD, 0, place, 0, 0);
}

int main(void)
{
    setvbuf(stdout, NULL, _IONBF, 0);
    int ends[2], made = -1;
    pipe(ends);
    long pid = make(CLONE_PIDFD, &made);
    if (pid == 0) {
        char word = 0;
        read(ends[0], &word, 1);
        _exit(fcntl(made, F_GETFD) < 0 ? word : 1);
    }
    printf("descriptor %d flags %#x\n", made > ends[1], (unsigned)fcntl(made, F_GETFD));
    int const taken = (int)syscall(SYS_pidfd_getfd, made, ends[1], 0);
    printf("taken %d flags %#x\n", taken > made, (unsigned)fcntl(taken, F_GETFD));
    show("not open there", syscall(SYS_pidfd_getfd, made, 77, 0));
    show("flags", syscall(SYS_pidfd_getfd, made, 0, 1));
    show("no process", syscall(SYS_pidfd_getfd, ends[0], 0, 0));
    write(taken, "\7", 1);
    struct pollfd entry = {made, POLLIN, 0};
    printf("poll: %d\n", poll(&entry, 1, -1));
    show("of the dead", syscall(SYS_pidfd_getfd, made, 0, 0));
    int status = 0;
    printf("own: %d", waitpid((pid_t)pid, &status, 0) == pid);
    printf(" status %d\n", WEXITSTATUS(status));
    struct clone_args arguments;
    memset(&arguments, 0, sizeof(arguments));
    int number = 0;
    arguments.flags = CLONE_PIDFD | CLONE_PARENT_SETTID;
    arguments.pidfd = (uintptr_t)&made;
    arguments.parent_tid = (uintptr_t)&number;
    arguments.exit_signal = SIGCHLD;
    pid = syscall(SYS_clone3, &arguments, sizeof(arguments));
    if (pid == 0) _exit(9);
    siginfo_t info;
    show("waitid", waitid((idtype_t)3, (id_t)made, &info, WEXITED));
    printf("status %d number %d\n", info.si_status, number == pid);
    close(made);
    arguments.parent_tid = arguments.pidfd;
    show("one place", syscall(SYS_clone3, &arguments, sizeof(arguments)));
    show("one place in clone", make(CLONE_PIDFD | CLONE_PARENT_SETTID, &made));
    show("detached", make(CLONE_PIDFD | CLONE_DETACHED, &made));
    show("bad place", make(CLONE_PIDFD, (void*)8));
    printf("nothing left open: %d\n", dup(0) == made);
    show("no child", waitpid(-1, NULL, 0));
    return 0;
}
