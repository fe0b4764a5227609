// clone3(2), CLONE_CLEAR_SIGHAND: handlers become the default in the child, what was ignored stays
// ignored; the mask is inherited; the parent keeps its handlers.
#include "tests/contracts/processes/clone3.h"

#define CLEAR_SIGHAND 0x100000000ull

static void on_signal(int number) { (void)number; }

static char const* action_of(int number)
{
    struct sigaction action;
    require(sigaction(number, NULL, &action) == 0, "sigaction");
    if (action.sa_handler == SIG_DFL) return "default";
    if (action.sa_handler == SIG_IGN) return "ignored";
    return action.sa_flags & SA_NODEFER ? "handled, with its flags" : "handled";
}

static void tell(char const* who)
{
    sigset_t mask;
    sigprocmask(SIG_BLOCK, NULL, &mask);
    printf("%s: USR1 %s\n", who, action_of(SIGUSR1));
    printf("%s: USR2 %s, TERM %s\n", who, action_of(SIGUSR2), action_of(SIGTERM));
    printf("%s: HUP blocked %d\n", who, sigismember(&mask, SIGHUP));
}

int main(void)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_NODEFER};
    sigaction(SIGUSR1, &action, NULL);
    action.sa_handler = SIG_IGN;
    sigaction(SIGUSR2, &action, NULL);
    sigset_t mask;
    sigemptyset(&mask);
    sigaddset(&mask, SIGHUP);
    sigprocmask(SIG_BLOCK, &mask, NULL);
    uint64_t const flags[] = {0, CLEAR_SIGHAND};
    char const* const names[] = {"copied", "cleared"};
    for (int i = 0; i < 2; ++i) {
        struct clone3_arguments const arguments = {.flags = flags[i], .exit_signal = SIGCHLD};
        long const child = clone3(&arguments);
        if (child == 0) {
            tell(names[i]);
            raise(SIGUSR2);
            raise(SIGUSR1);
            leave(5);
        }
        show_end(names[i], (pid_t)child);
    }
    tell("parent");
    return 0;
}
