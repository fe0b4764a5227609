// sigqueue(3), getrlimit(2), RLIMIT_SIGPENDING: beyond the limit a real-time signal of sigqueue is
// EAGAIN, kill(2) still gets through without details; standard signals always do.
// rt_sigqueueinfo(2) refuses codes that only the kernel may give to others.
#include "tests/contracts/contract.h"

#include <sys/resource.h>

static long queue(pid_t target, int number, int code)
{
    siginfo_t info;
    memset(&info, 0, sizeof info);
    info.si_code = code;
    info.si_pid = 777;
    info.si_uid = 888;
    info.si_value.sival_int = 999;
    return syscall(SYS_rt_sigqueueinfo, target, number, &info);
}

static void take(char const* what, int number)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, number);
    struct timespec const at_once = {0, 0};
    siginfo_t info;
    int const got = sigtimedwait(&set, &info, &at_once);
    if (got < 0) {
        show(what, got);
        return;
    }
    printf("%s: signal %d code %d pid %s value %d\n",
           what,
           got,
           info.si_code,
           info.si_pid == 777        ? "777"
           : info.si_pid == 0        ? "0"
           : info.si_pid == getpid() ? "own"
                                     : "?",
           info.si_value.sival_int);
    fflush(stdout);
}

int main(void)
{
    sigset_t all;
    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, NULL);
    // Signals are counted for a user: one that has no others.
    require(setresuid(4712, 4712, 4712) == 0, "setresuid");
    struct rlimit const two = {2, 2};
    require(setrlimit(RLIMIT_SIGPENDING, &two) == 0, "setrlimit");
    show("first", queue(getpid(), 40, SI_QUEUE));
    show("second", queue(getpid(), 41, SI_QUEUE));
    show("third", queue(getpid(), 42, SI_QUEUE));
    show("kill", kill(getpid(), 43));
    show("standard", queue(getpid(), SIGUSR1, SI_QUEUE));
    take("standard, without details", SIGUSR1);
    take("killed, without details", 43);
    take("refused", 42);
    take("first", 40);
    show("room for one again", queue(getpid(), 42, SI_QUEUE));
    take("second", 41);
    take("late", 42);
    show("any code for itself", queue(getpid(), 40, SI_USER));
    take("it", 40);
    show("one of the kernel for itself", queue(getpid(), 40, SI_KERNEL));
    take("it", 40);
    show("own code for the parent, other user", queue(getppid(), SIGUSR1, SI_QUEUE));
    pid_t const child = fork_child();
    if (child == 0) {
        for (;;) pause();
    }
    show("kernel's code for another", queue(child, SIGUSR1, SI_USER));
    show("tgkill's code for another", queue(child, SIGUSR1, -6));
    show("kernel's code of a fault", queue(child, SIGSEGV, 1));
    show("message's code for another", queue(child, SIGUSR1, -3));
    show("signal 0", queue(child, 0, SI_QUEUE));
    show("signal 65", queue(child, 65, SI_QUEUE));
    show("nobody", queue(99999, SIGUSR1, SI_QUEUE));
    show("details at a bad place", syscall(SYS_rt_sigqueueinfo, child, SIGUSR1, 16L));
    kill(child, SIGKILL);
    show_end("child", child);
    return 0;
}
