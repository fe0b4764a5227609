// sigaction(2): SA_NODEFER, SA_RESETHAND, sa_mask: what is blocked while a handler runs, what is
// left of the action afterwards; SIGKILL and SIGSTOP have none; flags read back as they were set.
#include "tests/contracts/contract.h"

static int depth, deepest, runs;

static void on_signal(int number)
{
    ++runs;
    ++depth;
    if (depth > deepest) deepest = depth;
    sigset_t mask;
    sigprocmask(SIG_BLOCK, NULL, &mask);
    printf("  in handler: blocked itself %d, USR2 %d\n",
           sigismember(&mask, number),
           sigismember(&mask, SIGUSR2));
    if (runs < 3) raise(number);
    --depth;
}

static void attempt(char const* what, int flags, int masks)
{
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = flags};
    sigemptyset(&action.sa_mask);
    if (masks) sigaddset(&action.sa_mask, SIGUSR2);
    printf("%s\n", what);
    show("  set", sigaction(SIGUSR1, &action, NULL));
    depth = deepest = runs = 0;
    fflush(stdout);
    pid_t const child = fork_child();
    if (child == 0) {
        raise(SIGUSR1);
        printf("  runs %d, deepest %d\n", runs, deepest);
        sigaction(SIGUSR1, NULL, &action);
        printf("  then %s\n", action.sa_handler == SIG_DFL ? "default" : "the handler");
        leave(0);
    }
    show_end("  child", child);
}

int main(void)
{
    attempt("plain", 0, 0);
    attempt("mask", 0, 1);
    attempt("SA_NODEFER", SA_NODEFER, 0);
    attempt("SA_NODEFER and mask", SA_NODEFER, 1);
    attempt("SA_RESETHAND", SA_RESETHAND, 0);
    attempt("SA_RESETHAND and SA_NODEFER", SA_RESETHAND | SA_NODEFER, 0);
    struct sigaction action = {.sa_handler = on_signal};
    show("SIGKILL", sigaction(SIGKILL, &action, NULL));
    show("SIGSTOP", sigaction(SIGSTOP, &action, NULL));
    action.sa_handler = SIG_IGN;
    show("SIGKILL ignored", sigaction(SIGKILL, &action, NULL));
    action.sa_handler = SIG_DFL;
    show("SIGSTOP default", sigaction(SIGSTOP, &action, NULL));
    show("SIGKILL asked", sigaction(SIGKILL, NULL, &action));
    show("signal 0", sigaction(0, NULL, &action));
    show("signal 65", syscall(SYS_rt_sigaction, 65, NULL, NULL, 8));
    show("size of the mask", syscall(SYS_rt_sigaction, SIGUSR1, NULL, NULL, 16));
    show("at a bad place", syscall(SYS_rt_sigaction, SIGUSR1, 16L, NULL, 8));
    show("told to a bad place", syscall(SYS_rt_sigaction, SIGUSR1, NULL, 16L, 8));
    sigfillset(&action.sa_mask);
    action.sa_handler = on_signal;
    action.sa_flags = SA_NODEFER | SA_RESTART | SA_ONSTACK | SA_NOCLDSTOP;
    sigaction(SIGUSR1, &action, NULL);
    sigaction(SIGUSR1, NULL, &action);
    int const known = SA_NODEFER | SA_RESTART | SA_ONSTACK | SA_NOCLDSTOP | SA_SIGINFO;
    printf("flags %#x, mask has KILL %d STOP %d HUP %d\n",
           (unsigned)(action.sa_flags & known),
           sigismember(&action.sa_mask, SIGKILL),
           sigismember(&action.sa_mask, SIGSTOP),
           sigismember(&action.sa_mask, SIGHUP));
    return 0;
}
