// sigaction(2), wait(2) NOTES: where SIGCHLD is ignored, or SA_NOCLDWAIT is set, children leave
// nothing to wait for; wait sleeps until all have ended and then fails. A default action of SIGCHLD
// keeps them, and those that ended before the change stay.
#include "tests/contracts/contract.h"

static volatile sig_atomic_t signals;
static void on_signal(int number)
{
    (void)number;
    ++signals;
}

static void attempt(char const* what)
{
    struct barrier const start = barrier_make();
    signals = 0;
    pid_t const first = fork_child();
    if (first == 0) leave(1);
    pid_t const second = fork_child();
    if (second == 0) {
        barrier_wait(&start);
        leave(2);
    }
    barrier_signal(&start);
    int status = 0;
    pid_t got = 0;
    int taken = 0;
    do {
        got = wait(&status);
        if (got > 0) ++taken;
    } while (got > 0 || errno == EINTR);
    printf("%s: %d taken, then %s, SIGCHLD %s\n",
           what,
           taken,
           error_name(errno),
           signals > 0 ? "came" : "did not come");
    fflush(stdout);
    show("  gone", kill(first, 0));
    close(start.ends[0]);
    close(start.ends[1]);
}

int main(void)
{
    struct sigaction action = {.sa_handler = SIG_DFL};
    sigaction(SIGCHLD, &action, NULL);
    attempt("default");
    action.sa_handler = SIG_IGN;
    sigaction(SIGCHLD, &action, NULL);
    attempt("ignored");
    action.sa_handler = on_signal;
    sigaction(SIGCHLD, &action, NULL);
    attempt("handled");
    action.sa_flags = SA_NOCLDWAIT;
    sigaction(SIGCHLD, &action, NULL);
    attempt("handled, no zombies");
    action.sa_handler = SIG_DFL;
    sigaction(SIGCHLD, &action, NULL);
    attempt("default, no zombies");
    action.sa_flags = 0;
    sigaction(SIGCHLD, &action, NULL);
    pid_t const child = fork_child();
    if (child == 0) leave(3);
    wait_for_state(child, 'Z');
    action.sa_handler = SIG_IGN;
    sigaction(SIGCHLD, &action, NULL);
    show_end("ended before it was ignored", child);
    return 0;
}
