// sigtimedwait(2), sigwaitinfo(2), sigwait(3): takes the lowest of the wanted signals that are
// pending, at once or when it comes; EAGAIN when the time is over, EINTR by the handler of another;
// bad times.
#include "tests/contracts/contract.h"

#include <time.h>

static void on_signal(int number) { (void)number; }

static sigset_t set_of(int first, int second)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, first);
    if (second != 0) sigaddset(&set, second);
    return set;
}

static void timed(char const* what, sigset_t set, long seconds, long nanoseconds)
{
    struct timespec const time = {seconds, nanoseconds};
    siginfo_t info = {0};
    show(what, sigtimedwait(&set, &info, &time));
}

int main(void)
{
    struct sigaction const action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    sigaction(SIGHUP, &action, NULL);
    sigset_t const blocked = set_of(SIGUSR1, SIGUSR2);
    sigprocmask(SIG_BLOCK, &blocked, NULL);
    timed("nothing, at once", blocked, 0, 0);
    timed("nothing, a while", blocked, 0, 2000000);
    timed("bad nanoseconds", blocked, 0, 1000000000);
    timed("negative nanoseconds", blocked, 0, -1);
    timed("negative seconds", blocked, -1, 0);
    raise(SIGUSR2);
    raise(SIGUSR1);
    timed("bad time although one is there", blocked, 0, -1);
    timed("both are there", blocked, 0, 0);
    timed("not the one", set_of(SIGUSR1, 0), 0, 0);
    timed("the other", set_of(SIGUSR2, 0), 0, 0);
    pid_t const parent = getpid();
    pid_t child = fork_child();
    if (child == 0) {
        wait_for_state(parent, 'S');
        kill(parent, SIGUSR1);
        leave(0);
    }
    siginfo_t info = {0};
    show("comes while it waits", sigwaitinfo(&blocked, &info));
    show("  from the child", info.si_pid == child);
    show_end("child", child);
    child = fork_child();
    if (child == 0) {
        wait_for_state(parent, 'S');
        kill(parent, SIGHUP);
        leave(0);
    }
    // Not by libc, which would wait again.
    show("a handler runs, even with SA_RESTART",
         syscall(SYS_rt_sigtimedwait, &blocked, NULL, NULL, 8));
    show_end("child", child);
    // SIGCHLD is ignored by default, and can be waited for while it is blocked.
    sigset_t const child_signal = set_of(SIGCHLD, 0);
    sigprocmask(SIG_BLOCK, &child_signal, NULL);
    child = fork_child();
    if (child == 0) leave(9);
    show("SIGCHLD", sigwaitinfo(&child_signal, &info));
    printf("  code %d status %d\n", info.si_code, info.si_status);
    show_end("child", child);
    int number = 0;
    raise(SIGUSR1);
    show("sigwait", sigwait(&blocked, &number));
    show("  took", number);
    show("size of the set", syscall(SYS_rt_sigtimedwait, &blocked, NULL, NULL, 4));
    show("set at a bad place", syscall(SYS_rt_sigtimedwait, 16L, NULL, NULL, 8));
    show("time at a bad place", syscall(SYS_rt_sigtimedwait, &blocked, NULL, 16L, 8));
    return 0;
}
