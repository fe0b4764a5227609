// sigsuspend(2), pause(2): the mask holds for the wait and is put back after the handler; a signal
// that is pending and let through ends it at once; one that is ignored does not; it always fails
// with EINTR.
#include "tests/contracts/contract.h"

static volatile sig_atomic_t seen;
static int was_blocked;

static void on_signal(int number)
{
    sigset_t mask;
    sigprocmask(SIG_BLOCK, NULL, &mask);
    was_blocked = sigismember(&mask, SIGUSR2);
    seen = number;
}

static sigset_t set_of(int first, int second)
{
    sigset_t set;
    sigemptyset(&set);
    if (first != 0) sigaddset(&set, first);
    if (second != 0) sigaddset(&set, second);
    return set;
}

static void look(char const* what)
{
    sigset_t mask;
    sigprocmask(SIG_BLOCK, NULL, &mask);
    printf("%s: seen %d, USR2 in the handler %d, mask USR1 %d USR2 %d\n",
           what,
           (int)seen,
           was_blocked,
           sigismember(&mask, SIGUSR1),
           sigismember(&mask, SIGUSR2));
    fflush(stdout);
    seen = 0;
}

int main(void)
{
    struct sigaction const action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    sigaction(SIGUSR1, &action, NULL);
    sigaction(SIGUSR2, &action, NULL);
    sigset_t const usual = set_of(SIGUSR1, 0), other = set_of(SIGUSR2, 0), none = set_of(0, 0);
    sigprocmask(SIG_SETMASK, &usual, NULL);
    raise(SIGUSR1);
    show("pending", sigsuspend(&other));
    look("pending");
    raise(SIGUSR1);
    sigprocmask(SIG_BLOCK, &other, NULL);
    raise(SIGUSR2);
    show("two pending", sigsuspend(&none));
    look("two pending");
    sigprocmask(SIG_SETMASK, &usual, NULL);
    pid_t const parent = getpid();
    pid_t child = fork_child();
    if (child == 0) {
        wait_for_state(parent, 'S');
        kill(parent, SIGUSR1);
        leave(0);
    }
    // SIGCHLD is ignored by default and does not end the wait.
    show("while it waits", sigsuspend(&other));
    look("while it waits");
    show_end("child", child);
    child = fork_child();
    if (child == 0) {
        pid_t const grandchild = fork_child();
        if (grandchild == 0) leave(0);
        sigprocmask(SIG_SETMASK, &none, NULL);
        show("pause", pause());
        look("pause");
        leave(0);
    }
    wait_for_state(child, 'S');
    kill(child, SIGUSR2);
    show_end("child", child);
    show("size of the mask", syscall(SYS_rt_sigsuspend, &none, 4));
    show("mask at a bad place", syscall(SYS_rt_sigsuspend, 16L, 8));
    sigset_t mask = set_of(SIGKILL, SIGSTOP);
    sigprocmask(SIG_SETMASK, &mask, NULL);
    sigprocmask(SIG_SETMASK, NULL, &mask);
    show("SIGKILL cannot be blocked", sigismember(&mask, SIGKILL));
    show("nor SIGSTOP", sigismember(&mask, SIGSTOP));
    return 0;
}
