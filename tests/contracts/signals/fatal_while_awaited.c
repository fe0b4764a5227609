// sigtimedwait(2) of a signal that is not blocked: one whose default action ends the process does so
// even while it is waited for; one that would leave a core file is taken, as is one with a handler.
#include "tests/contracts/contract.h"

#include <time.h>

static void on_signal(int number) { (void)number; }

enum how { kDefault, kBlocked, kHandled, kIgnored };

static void attempt(char const* what, int signal, enum how how)
{
    pid_t const child = fork_child();
    if (child == 0) {
        sigset_t set;
        sigemptyset(&set);
        sigaddset(&set, signal);
        struct sigaction action = {.sa_handler = on_signal};
        if (how == kIgnored) action.sa_handler = SIG_IGN;
        if (how == kHandled || how == kIgnored) sigaction(signal, &action, NULL);
        if (how == kBlocked) sigprocmask(SIG_BLOCK, &set, NULL);
        struct timespec const limit = {0, 300000000};
        long const taken = sigtimedwait(&set, NULL, &limit);
        printf("  %s\n", taken == signal ? "taken" : taken < 0 ? error_name(errno) : "another");
        leave(0);
    }
    wait_for_state(child, 'S');
    kill(child, signal);
    show_end(what, child);
}

int main(void)
{
    attempt("SIGTERM", SIGTERM, kDefault);
    attempt("SIGTERM, blocked", SIGTERM, kBlocked);
    attempt("SIGTERM with a handler", SIGTERM, kHandled);
    attempt("SIGTERM, ignored", SIGTERM, kIgnored);
    attempt("SIGUSR1", SIGUSR1, kDefault);
    attempt("SIGALRM", SIGALRM, kDefault);
    attempt("SIGQUIT", SIGQUIT, kDefault);
    attempt("SIGSEGV", SIGSEGV, kDefault);
    attempt("SIGCHLD", SIGCHLD, kDefault);
    attempt("SIGURG", SIGURG, kDefault);
    attempt("a real-time one", SIGRTMIN, kDefault);
    return 0;
}
