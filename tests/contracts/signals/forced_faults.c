// signal(2), sigprocmask(2) NOTES: a fault whose signal is blocked or ignored kills, handler or
// not; the same signal sent by kill(2) stays pending or is ignored.
#include "tests/contracts/contract.h"

static void on_fault(int number)
{
    (void)number;
    static char const text[] = "handled\n";
    if (write(1, text, sizeof text - 1) < 0) _exit(8);
    _exit(7);
}

static void fault(void) { *(int volatile*)16 = 1; }

static void attempt(char const* what, void (*handler)(int), int blocks, int sends)
{
    pid_t const child = fork_child();
    if (child == 0) {
        signal(SIGSEGV, handler);
        sigset_t set;
        sigemptyset(&set);
        sigaddset(&set, SIGSEGV);
        if (blocks) sigprocmask(SIG_BLOCK, &set, NULL);
        if (sends) {
            kill(getpid(), SIGSEGV);
            leave(3);
        }
        fault();
        leave(4);
    }
    show_end(what, child);
}

static void fault_again(int number)
{
    (void)number;
    fault();
}

int main(void)
{
    attempt("default", SIG_DFL, 0, 0);
    attempt("handled", on_fault, 0, 0);
    attempt("ignored", SIG_IGN, 0, 0);
    attempt("handled, blocked", on_fault, 1, 0);
    attempt("ignored, blocked", SIG_IGN, 1, 0);
    attempt("sent, ignored", SIG_IGN, 0, 1);
    attempt("sent, blocked", SIG_DFL, 1, 1);
    attempt("sent, handled", on_fault, 0, 1);
    attempt("faults in its handler", fault_again, 0, 0);
    return 0;
}
