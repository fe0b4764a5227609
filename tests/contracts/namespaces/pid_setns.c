// setns(2), CLONE_NEWPID: the caller's children begin there; only into one's own namespace or
// further in. Their parent is outside.
#include "tests/contracts/namespaces/pid_support.h"

int main(void)
{
    int const own = open_own("pid");
    struct barrier const end = barrier_make();
    struct barrier const ready = barrier_make();
    pid_t const init = clone_init();
    if (init == 0) {
        pid_t const first = fork_child();
        if (first == 0) {
            show("to the one around", setns(own, CLONE_NEWPID));
            leave(0);
        }
        show_end("first", first);
        barrier_signal(&ready);
        barrier_wait(&end);
        leave(0);
    }
    barrier_wait(&ready);
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/ns/pid", (int)init);
    int const space = open(path, O_RDONLY | O_CLOEXEC);
    show("another kind", setns(space, CLONE_NEWUTS));
    show("setns", setns(space, CLONE_NEWPID));
    show("ioctl NS_GET_NSTYPE", ioctl(space, 0xb703));
    pid_t const child = fork_child();
    if (child == 0) {
        printf("pid %d, parent %ld\n", (int)getpid(), parent_number());
        show("waits for nobody", waitpid(1, NULL, WNOHANG));
        pid_t const next = fork_child();
        if (next == 0) {
            printf("pid %d, parent %ld\n", (int)getpid(), parent_number());
            leave(0);
        }
        show_end("next", next);
        leave(9);
    }
    siginfo_t info;
    memset(&info, 0, sizeof info);
    require(waitid(P_PID, (id_t)child, &info, WEXITED | WNOWAIT) == 0, "waitid");
    printf("waitid: own number %d, status %d\n", info.si_pid == child, info.si_status);
    show_end("child", child);
    show("back", setns(own, 0));
    int const process = (int)syscall(SYS_pidfd_open, init, 0);
    show("by a pidfd", setns(process, CLONE_NEWPID));
    pid_t const second = fork_child();
    if (second == 0) {
        printf("pid %d, parent %ld\n", (int)getpid(), parent_number());
        leave(0);
    }
    show_end("second", second);
    barrier_signal(&end);
    show_end("init", init);
    fflush(NULL);
    pid_t const late = fork();
    if (late == 0) leave(0);
    show("fork into one that has ended", late);
    show("back", setns(own, CLONE_NEWPID));
    pid_t const last = fork_child();
    if (last == 0) leave(getpid() > 1 ? 0 : 1);
    show_end("last", last);
    return 0;
}
