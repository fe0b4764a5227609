// unshare(2), CLONE_NEWPID: the caller stays, its children begin in the new one; the first of them
// is process 1, and after its end no other begins there.
#include "tests/contracts/namespaces/pid_support.h"

int main(void)
{
    pid_t const self = getpid();
    show("unshare", unshare(CLONE_NEWPID));
    show("own number stays", getpid() == self);
    show("once more", unshare(CLONE_NEWPID));
    show("clone with another", clone_child(CLONE_NEWPID));
    char text[64];
    show("pid_for_children without an init",
         readlink("/proc/self/ns/pid_for_children", text, sizeof text));
    struct barrier const end = barrier_make();
    struct barrier const ready = barrier_make();
    pid_t const init = fork_child();
    if (init == 0) {
        printf("pid %d, parent %ld\n", (int)getpid(), parent_number());
        fflush(stdout);
        barrier_signal(&ready);
        barrier_wait(&end);
        leave(3);
    }
    barrier_wait(&ready);
    show_ok("pid_for_children", readlink("/proc/self/ns/pid_for_children", text, sizeof text));
    pid_t const second = fork_child();
    if (second == 0) {
        printf("pid %d, parent %ld\n", (int)getpid(), parent_number());
        fflush(stdout);
        leave(4);
    }
    show_end("second", second);
    printf("own %d\n", number_in(self, "pid") == number_in(self, "pid_for_children"));
    printf("child's %d\n", number_in(init, "pid") == number_in(self, "pid_for_children"));
    barrier_signal(&end);
    show_end("init", init);
    fflush(NULL);
    pid_t const third = fork();
    if (third == 0) leave(0);
    show("fork after its end", third);
    show("vfork", syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
    return 0;
}
