// sigprocmask(2), sigpending(2), signal(7): a blocked signal stays pending, standard ones once, and
// is delivered when it is unblocked, before sigprocmask returns.
#include "tests/contracts/contract.h"

static volatile sig_atomic_t seen;
static void on_signal(int number) { seen = seen * 100 + number; }

int main(void)
{
    struct sigaction const action = {.sa_handler = on_signal};
    sigaction(SIGUSR1, &action, NULL);
    sigset_t set, pending;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    show("block", sigprocmask(SIG_BLOCK, &set, NULL));
    for (int i = 0; i < 3; ++i) show("raise", raise(SIGUSR1));
    show("sigpending", sigpending(&pending));
    show("SIGUSR1 pending", sigismember(&pending, SIGUSR1));
    show("SIGUSR2 pending", sigismember(&pending, SIGUSR2));
    show("delivered", seen);
    show("unblock", sigprocmask(SIG_UNBLOCK, &set, NULL));
    show("delivered once", seen);
    show("bad how", sigprocmask(17, &set, NULL));
    return 0;
}
