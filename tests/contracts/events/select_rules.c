// select(2), pselect(2): three sets and the count of bits in them; the time that is left is written
// back by select; closed descriptors are EBADF; more descriptors than are open; mask of pselect.
#include "tests/contracts/contract.h"

#include <sys/select.h>
#include <time.h>

static volatile sig_atomic_t seen;
static void on_signal(int number) { seen = number; }

static fd_set reads, writes, others;

static void look(char const* what, int count)
{
    struct timeval time = {0, 0};
    show(what, select(count, &reads, &writes, &others, &time));
    int total[3] = {0, 0, 0};
    for (int i = 0; i < count && i < FD_SETSIZE; ++i) {
        total[0] += FD_ISSET(i, &reads) != 0;
        total[1] += FD_ISSET(i, &writes) != 0;
        total[2] += FD_ISSET(i, &others) != 0;
    }
    printf("  %d %d %d\n", total[0], total[1], total[2]);
}

static void clear(void)
{
    FD_ZERO(&reads);
    FD_ZERO(&writes);
    FD_ZERO(&others);
}

int main(void)
{
    int ends[2], pair[2];
    require(pipe(ends) == 0 && socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0, "files");
    clear();
    FD_SET(ends[0], &reads);
    FD_SET(ends[1], &writes);
    look("empty pipe", pair[1] + 1);
    require(write(ends[1], "x", 1) == 1, "write");
    clear();
    FD_SET(ends[0], &reads);
    FD_SET(ends[0], &others);
    FD_SET(pair[0], &reads);
    FD_SET(pair[0], &writes);
    look("a byte", pair[1] + 1);
    close(pair[1]);
    clear();
    FD_SET(pair[0], &reads);
    FD_SET(pair[0], &writes);
    FD_SET(pair[0], &others);
    look("one file in all sets", pair[1] + 1);
    clear();
    FD_SET(ends[0], &reads);
    look("beyond the count", ends[0]);
    clear();
    FD_SET(pair[1], &reads);
    look("closed", pair[1] + 1);
    clear();
    FD_SET(1000, &reads);
    look("a high one that is not open", 1024);
    show("negative count", select(-1, NULL, NULL, NULL, NULL));
    struct timeval time = {0, 2000};
    show("a while", syscall(SYS_select, 0, NULL, NULL, NULL, &time));
    printf("  left %ld %ld\n", (long)time.tv_sec, (long)time.tv_usec);
    time = (struct timeval){-1, 0};
    show("negative seconds", syscall(SYS_select, 0, NULL, NULL, NULL, &time));
    time = (struct timeval){0, -1};
    show("negative microseconds", syscall(SYS_select, 0, NULL, NULL, NULL, &time));
    show("sets at a bad place", syscall(SYS_select, 8, 16L, NULL, NULL, NULL));
    show("time at a bad place", syscall(SYS_select, 0, NULL, NULL, NULL, 16L));
    struct sigaction const action = {.sa_handler = on_signal};
    sigaction(SIGUSR1, &action, NULL);
    sigset_t blocked, open;
    sigemptyset(&open);
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGUSR1);
    sigprocmask(SIG_BLOCK, &blocked, NULL);
    raise(SIGUSR1);
    show("pselect lets it through", pselect(0, NULL, NULL, NULL, NULL, &open));
    show("  seen", seen == SIGUSR1);
    sigprocmask(SIG_BLOCK, NULL, &open);
    show("  blocked again", sigismember(&open, SIGUSR1));
    struct timespec const bad = {0, 1000000000};
    show("pselect, nanoseconds", pselect(0, NULL, NULL, NULL, &bad, NULL));
    return 0;
}
