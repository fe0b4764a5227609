// waitpid(2), WUNTRACED and WCONTINUED, and sigaction(2), SA_NOCLDSTOP: each stop and continuation
// is told once; a continuation takes away a stop that nobody has asked for; SIGCHLD says
// CLD_STOPPED and CLD_CONTINUED unless the flag is set.
#include "tests/contracts/contract.h"

static volatile sig_atomic_t codes;
static void on_child(int number, siginfo_t* info, void* context)
{
    (void)number;
    (void)context;
    codes = codes * 10 + info->si_code;
}

// A signal may come a little after the state that it tells of can be seen.
static void wait_for_signal(int flags, int expected)
{
    if ((flags & SA_NOCLDSTOP) != 0) return;
    while (codes != expected) syscall(SYS_sched_yield);
}

static void look(char const* what, pid_t child, int options)
{
    int status = 0;
    pid_t const got = waitpid(child, &status, options);
    if (got > 0)
        printf("%s: %s\n", what, status_text(status));
    else
        show(what, got);
    fflush(stdout);
}

static void attempt(char const* what, int flags)
{
    printf("%s\n", what);
    struct sigaction const action = {.sa_sigaction = on_child, .sa_flags = SA_SIGINFO | flags};
    sigaction(SIGCHLD, &action, NULL);
    codes = 0;
    pid_t const child = fork_child();
    if (child == 0) {
        for (;;) pause();
    }
    // In a group of its own, which is not orphaned: SIGTSTP stops it, too.
    require(setpgid(child, child) == 0, "setpgid");
    kill(child, SIGSTOP);
    look("stopped", child, WUNTRACED);
    wait_for_signal(flags, 5);
    look("once", child, WUNTRACED | WNOHANG);
    kill(child, SIGSTOP);
    look("stopped again without going on", child, WUNTRACED | WNOHANG);
    kill(child, SIGCONT);
    look("continued", child, WCONTINUED);
    wait_for_signal(flags, 56);
    look("once", child, WCONTINUED | WNOHANG);
    kill(child, SIGCONT);
    look("continued while it runs", child, WCONTINUED | WNOHANG);
    kill(child, SIGTSTP);
    wait_for_state(child, 'T');
    wait_for_signal(flags, 565);
    kill(child, SIGCONT);
    look("stop that is over", child, WUNTRACED | WNOHANG);
    look("its continuation", child, WCONTINUED | WUNTRACED);
    wait_for_signal(flags, 5656);
    kill(child, SIGSTOP);
    wait_for_state(child, 'T');
    wait_for_signal(flags, 56565);
    kill(child, SIGKILL);
    look("killed while stopped", child, WUNTRACED | WCONTINUED);
    show("codes of SIGCHLD", codes);
}

int main(void)
{
    attempt("told", 0);
    attempt("SA_NOCLDSTOP", SA_NOCLDSTOP);
    return 0;
}
