// setpgid(2), _exit(2), credentials(7): a group that loses the last parent in its session outside
// of the group gets SIGHUP and SIGCONT if a member is stopped, and nothing otherwise; its members
// are not stopped by SIGTSTP, SIGTTIN, SIGTTOU any more, only by SIGSTOP.
#include "tests/contracts/contract.h"

#include <sys/prctl.h>

static volatile sig_atomic_t seen;
static void on_signal(int number) { seen = seen * 100 + number; }

static struct barrier ready, told;

// A member of an orphaned group to be: tells what it got.
static void live(int stops)
{
    struct sigaction const action = {.sa_handler = on_signal};
    sigaction(SIGHUP, &action, NULL);
    sigaction(SIGCONT, &action, NULL);
    pid_t const parent = getppid();
    barrier_signal(&ready);
    if (stops) raise(SIGSTOP);
    while (getppid() == parent) syscall(SYS_sched_yield);
    // Both were sent before the parent could be waited for.
    printf("  %s: signals %d\n", stops ? "stopped" : "running", (int)seen);
    int const stop[] = {SIGTSTP, SIGTTIN, SIGTTOU};
    for (int i = 0; i < 3; ++i) raise(stop[i]);
    printf("  is not stopped\n");
    fflush(stdout);
    barrier_signal(&told);
    leave(0);
}

static void attempt(char const* what, int stops)
{
    printf("%s\n", what);
    pid_t const parent = fork_child();
    if (parent == 0) {
        pid_t const member = fork_child();
        if (member == 0) live(stops);
        require(setpgid(member, member) == 0, "setpgid");
        barrier_wait(&ready);
        if (stops) wait_for_state(member, 'T');
        leave(3);
    }
    barrier_wait(&told);
    show_end("  parent", parent);
}

int main(void)
{
    // What becomes an orphan stays in this session, and is waited for.
    ready = barrier_make();
    told = barrier_make();
    attempt("nobody is stopped", 0);
    attempt("one is stopped", 1);
    pid_t const child = fork_child();
    if (child == 0) {
        raise(SIGTSTP);
        printf("an orphaned group from the start is not stopped\n");
        leave(0);
    }
    show_end("child", child);
    return 0;
}
