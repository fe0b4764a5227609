// signalfd(2): who reads gets its own signals: a child that inherits the descriptor sees its own,
// not its parent's; several readers share; signals that are taken otherwise are gone; real-time
// ones in order.
#include "tests/contracts/contract.h"

#include <poll.h>
#include <sys/signalfd.h>

static int file;

static void get(char const* what)
{
    struct signalfd_siginfo info[3];
    ssize_t const size = read(file, info, sizeof info);
    if (size < 0) {
        show(what, size);
        return;
    }
    printf("%s:", what);
    for (size_t i = 0; i < (size_t)size / sizeof info[0]; ++i) {
        printf(" %u(%d)", info[i].ssi_signo, info[i].ssi_int);
    }
    printf("\n");
    fflush(stdout);
}

static int is_ready(void)
{
    struct pollfd set = {file, POLLIN, 0};
    return poll(&set, 1, 0);
}

int main(void)
{
    sigset_t set;
    sigemptyset(&set);
    int const all[] = {SIGUSR1, SIGUSR2, 40, 41};
    for (int i = 0; i < 4; ++i) sigaddset(&set, all[i]);
    sigprocmask(SIG_BLOCK, &set, NULL);
    file = signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
    require(file >= 0, "signalfd");
    raise(SIGUSR1);
    pid_t const child = fork_child();
    if (child == 0) {
        show("in a child, the parent's", is_ready());
        raise(SIGUSR2);
        show("its own", is_ready());
        get("read");
        leave(0);
    }
    show_end("child", child);
    show("the parent's is here", is_ready());
    siginfo_t info;
    struct timespec const at_once = {0, 0};
    show("taken by sigtimedwait", sigtimedwait(&set, &info, &at_once));
    show("then nothing", is_ready());
    get("read");
    for (int i = 0; i < 2; ++i) {
        for (int number = 41; number >= 40; --number) {
            sigqueue(getpid(), number, (union sigval){.sival_int = i});
        }
    }
    get("three of four");
    get("the last");
    raise(SIGUSR1);
    sigdelset(&set, SIGUSR1);
    show("without it", signalfd(file, &set, 0) == file);
    show("not told", is_ready());
    return 0;
}
