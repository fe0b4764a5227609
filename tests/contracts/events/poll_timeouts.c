// poll(2), ppoll(2): 0 looks, a negative time waits for ever, ppoll does not change its time but
// the kernel's call does; bad times and sets; ppoll's mask holds during the wait only.
#include "tests/contracts/contract.h"

#include <poll.h>
#include <time.h>

static volatile sig_atomic_t seen;
static void on_signal(int number) { seen = number; }

static struct pollfd nothing = {-1, POLLIN, 0};

static long raw(struct timespec* time, void const* mask, size_t size)
{
    return syscall(SYS_ppoll, &nothing, 1, time, mask, size);
}

int main(void)
{
    struct sigaction const action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    sigaction(SIGUSR1, &action, NULL);
    int ends[2];
    require(pipe(ends) == 0, "pipe");
    show("negative descriptor", poll(&nothing, 1, 0));
    show("  events", nothing.revents);
    show("none, a while", poll(NULL, 0, 2));
    show("no set with a count", syscall(SYS_poll, NULL, 1, 0));
    struct timespec time = {0, 2000000};
    show("a while", raw(&time, NULL, 0));
    printf("  left %ld %ld\n", (long)time.tv_sec, time.tv_nsec);
    time = (struct timespec){0, 1000000000};
    show("nanoseconds", raw(&time, NULL, 0));
    time = (struct timespec){-1, 0};
    show("seconds", raw(&time, NULL, 0));
    time = (struct timespec){0, 0};
    show("size of the mask", raw(&time, &nothing, 4));
    show("mask at a bad place", raw(&time, (void*)16, 8));
    show("time at a bad place", raw((void*)16, NULL, 0));
    sigset_t blocked, open;
    sigemptyset(&open);
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGUSR1);
    sigprocmask(SIG_BLOCK, &blocked, NULL);
    raise(SIGUSR1);
    show("blocked, nothing comes", poll(&nothing, 1, 1));
    show("  seen", seen);
    show("let through", ppoll(&nothing, 1, NULL, &open));
    show("  seen", seen == SIGUSR1);
    sigprocmask(SIG_BLOCK, NULL, &open);
    show("  blocked again", sigismember(&open, SIGUSR1));
    sigemptyset(&open);
    seen = 0;
    raise(SIGUSR1);
    require(write(ends[1], "x", 1) == 1, "write");
    struct pollfd ready = {ends[0], POLLIN, 0};
    show("what is ready comes first", ppoll(&ready, 1, NULL, &open));
    show("  and the signal does not", seen);
    sigprocmask(SIG_UNBLOCK, &blocked, NULL);
    show("  before it is let through", seen == SIGUSR1);
    pid_t const parent = getpid();
    pid_t const child = fork_child();
    if (child == 0) {
        wait_for_state(parent, 'S');
        kill(parent, SIGUSR1);
        leave(0);
    }
    show("a handler ends it, SA_RESTART or not", poll(&nothing, 1, -1));
    show_end("child", child);
    return 0;
}
