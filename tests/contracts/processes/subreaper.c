// prctl(2), PR_SET_CHILD_SUBREAPER: orphans among a subreaper's descendants become its children, of
// whom it is told; the mark is not inherited by fork(2), and kept by execve(2).
#include "tests/contracts/contract.h"

#include <sys/prctl.h>

static int is_subreaper(void)
{
    int value = -1;
    show("  get", prctl(PR_GET_CHILD_SUBREAPER, &value, 0, 0, 0));
    return value;
}

// A child that leaves a child behind; what that one's parent is then.
static void leave_orphan(pid_t expected, char const* what)
{
    struct barrier const ready = barrier_make();
    struct barrier const done = barrier_make();
    pid_t const child = fork_child();
    if (child == 0) {
        pid_t const middle = getpid();
        pid_t const orphan = fork_child();
        if (orphan == 0) {
            barrier_wait(&ready);
            while (getppid() == middle) syscall(SYS_sched_yield);
            printf("%s: parent is %s\n", what, getppid() == expected ? "the subreaper" : "another");
            fflush(stdout);
            barrier_signal(&done);
            leave(6);
        }
        leave(5);
    }
    show_end("  middle", child);
    barrier_signal(&ready);
    barrier_wait(&done);
}

int main(int count, char** words)
{
    if (count > 1) {
        printf("%s\n", words[1]);
        show("  is one", is_subreaper());
        return 0;
    }
    show("at first", is_subreaper());
    leave_orphan(getpid(), "not set");
    show("no child of ours", waitpid(-1, NULL, 0));
    show("set", prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0));
    show("is one", is_subreaper());
    leave_orphan(getpid(), "set");
    int status = 0;
    show("the orphan is a child", waitpid(-1, &status, 0) > 0);
    printf("  %s\n", status_text(status));
    pid_t child = fork_child();
    if (child == 0) {
        show("in a child", is_subreaper());
        // The nearest one above takes it.
        leave_orphan(getppid(), "two levels below");
        leave(0);
    }
    // The orphan and the child end in any order.
    int ends = 0;
    while (waitpid(-1, &status, 0) > 0) ends = ends * 10 + (WEXITSTATUS(status) == 6 ? 1 : 2);
    show("both came", ends == 12 || ends == 21);
    child = fork_child();
    if (child == 0) {
        prctl(PR_SET_CHILD_SUBREAPER, 77, 0, 0, 0);
        execl("/proc/self/exe", "again", "after exec", NULL);
        leave(1);
    }
    show_end("exec", child);
    show("unset", prctl(PR_SET_CHILD_SUBREAPER, 0, 0, 0, 0));
    show("is none", is_subreaper());
    show("a bad place", prctl(PR_GET_CHILD_SUBREAPER, 16, 0, 0, 0));
    return 0;
}
