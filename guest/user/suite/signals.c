// Signal actions, masks and handlers.
#include "families.h"

#include <signal.h>

static unsigned volatile delivered;

static void count_signal(int number)
{
    (void)number;
    ++delivered;
}

void run_sigaction(struct run* run)
{
    struct sigaction const ignore = {.sa_handler = SIG_IGN};
    struct sigaction before;
    if (sigaction(SIGUSR1, NULL, &before) != 0) return fail(run, "sigaction");
    start(run);
    for (unsigned i = 0; i < run->iterations; ++i) {
        if (sigaction(SIGUSR1, &ignore, NULL) != 0) return fail(run, "sigaction");
    }
    stop(run);
    sigaction(SIGUSR1, &before, NULL);
}

void run_sigprocmask(struct run* run)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    start(run);
    for (unsigned i = 0; i < run->iterations; ++i) {
        if (sigprocmask(SIG_BLOCK, &set, NULL) != 0 || sigprocmask(SIG_UNBLOCK, &set, NULL) != 0) {
            return fail(run, "sigprocmask");
        }
    }
    stop(run);
}

void run_signal_delivery(struct run* run)
{
    struct sigaction const count = {.sa_handler = count_signal};
    struct sigaction before;
    if (sigaction(SIGUSR1, &count, &before) != 0) return fail(run, "sigaction");
    delivered = 0;
    start(run);
    for (unsigned i = 0; i < run->iterations; ++i) {
        if (raise(SIGUSR1) != 0) {
            fail(run, "raise");
            break;
        }
    }
    if (!has_failed(run)) stop(run);
    sigaction(SIGUSR1, &before, NULL);
    if (delivered != run->iterations) fail_because(run, "a signal did not reach its handler");
}
