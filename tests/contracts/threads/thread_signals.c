// kill(2), tgkill(2), pthread_sigmask(3): a signal for the process goes to a thread that lets it
// through, one for a thread waits for that one; both are pending apart; new threads inherit the
// mask and no pending signals; a thread's numbers are checked.
#include "tests/contracts/threads/futex.h"

static int taker, first_tid;
static int steps;

static void on_signal(int number)
{
    (void)number;
    __atomic_store_n(&taker, (int)syscall(SYS_gettid), __ATOMIC_RELEASE);
}

static void block(int how, int number)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, number);
    pthread_sigmask(how, &set, NULL);
}

static int is_pending(int number)
{
    sigset_t set;
    sigpending(&set);
    return sigismember(&set, number);
}

static void* take(void* unused)
{
    sigset_t mask;
    pthread_sigmask(SIG_BLOCK, NULL, &mask);
    show("mask is inherited", sigismember(&mask, SIGUSR1));
    show("the first thread's pending is not", is_pending(SIGUSR1));
    show("the process's is", is_pending(SIGUSR2));
    block(SIG_UNBLOCK, SIGUSR2);
    show("taken by this thread", taker == syscall(SYS_gettid));
    taker = 0;
    __atomic_store_n(&steps, 1, __ATOMIC_RELEASE);
    while (__atomic_load_n(&taker, __ATOMIC_ACQUIRE) == 0) syscall(SYS_sched_yield);
    show("again", taker == syscall(SYS_gettid));
    return unused;
}

int main(void)
{
    struct sigaction const action = {.sa_handler = on_signal};
    sigaction(SIGUSR1, &action, NULL);
    sigaction(SIGUSR2, &action, NULL);
    first_tid = (int)syscall(SYS_gettid);
    block(SIG_BLOCK, SIGUSR1);
    block(SIG_BLOCK, SIGUSR2);
    show("to this thread", syscall(SYS_tgkill, getpid(), first_tid, SIGUSR1));
    show("to the process", kill(getpid(), SIGUSR2));
    pthread_t thread;
    require(pthread_create(&thread, NULL, take, NULL) == 0, "thread");
    while (__atomic_load_n(&steps, __ATOMIC_ACQUIRE) == 0) syscall(SYS_sched_yield);
    // Only the other thread lets it through.
    show("to the process", kill(getpid(), SIGUSR2));
    pthread_join(thread, NULL);
    show("this thread's is here still", is_pending(SIGUSR1));
    taker = 0;
    block(SIG_UNBLOCK, SIGUSR1);
    show("taken by this thread", taker == first_tid);
    show("signal 0", syscall(SYS_tgkill, getpid(), first_tid, 0));
    show("signal 65", syscall(SYS_tgkill, getpid(), first_tid, 65));
    show("negative signal", syscall(SYS_tgkill, getpid(), first_tid, -1));
    show("thread 0", syscall(SYS_tgkill, getpid(), 0, SIGUSR1));
    show("group 0", syscall(SYS_tgkill, 0, first_tid, SIGUSR1));
    show("negative thread", syscall(SYS_tgkill, getpid(), -1, SIGUSR1));
    show("thread of another group", syscall(SYS_tgkill, getppid(), first_tid, SIGUSR1));
    show("no such thread", syscall(SYS_tgkill, getpid(), 99999, SIGUSR1));
    show("tkill, nobody", syscall(SYS_tkill, 99999, SIGUSR1));
    show("tkill, 0", syscall(SYS_tkill, 0, SIGUSR1));
    show("tkill", syscall(SYS_tkill, first_tid, 0));
    return 0;
}
