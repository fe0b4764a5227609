// signalfd(2): blocked signals are taken by reading, several at once, lowest number first, with who
// sent them and what came along; taken signals are no longer pending.
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

static void show(char const* what, long result)
{
    printf("%s: %ld %s\n", what, result, result < 0 ? strerror(errno) : "");
}

static void poll_it(int fd)
{
    struct pollfd entry = {fd, POLLIN | POLLOUT, 0};
    int const result = poll(&entry, 1, 0);
    printf("poll: %d %#x\n", result, (unsigned)entry.revents);
}

int main(void)
{
    setvbuf(stdout, NULL, _IONBF, 0);
    sigset_t mask;
    sigemptyset(&mask);
    sigaddset(&mask, SIGUSR1);
    sigaddset(&mask, SIGCHLD);
    sigaddset(&mask, SIGRTMIN + 2);
    sigaddset(&mask, SIGKILL);
    sigprocmask(SIG_BLOCK, &mask, NULL);
    int const fd = signalfd(-1, &mask, SFD_NONBLOCK);
    struct signalfd_siginfo info[4];
    poll_it(fd);
    show("read of none", read(fd, info, sizeof(info)));
    show("read of little", read(fd, info, sizeof(info[0]) - 1));
    show("write", write(fd, info, sizeof(info[0])));
    sigqueue(getpid(), SIGRTMIN + 2, (union sigval){.sival_int = 7});
    sigqueue(getpid(), SIGRTMIN + 2, (union sigval){.sival_int = 8});
    kill(getpid(), SIGUSR1);
    kill(getpid(), SIGUSR1);
    poll_it(fd);
    for (int round = 0; round < 2; ++round) {
        long const size = read(fd, info, 2 * sizeof(info[0]) + 5);
        show("read", size);
        for (long i = 0; i < size / (long)sizeof(info[0]); ++i) {
            printf("signal %u code %d own %d int %d\n", info[i].ssi_signo, info[i].ssi_code,
                   info[i].ssi_pid == (unsigned)getpid(), info[i].ssi_int);
        }
    }
    pid_t const child = fork();
    if (child == 0) _exit(5);
    struct pollfd entry = {fd, POLLIN, 0};
    printf("wait: %d\n", poll(&entry, 1, -1));
    show("read", read(fd, info, sizeof(info)));
    printf("child: signal %u code %d own %d status %d\n", info[0].ssi_signo, info[0].ssi_code,
           info[0].ssi_pid == (unsigned)child, info[0].ssi_status);
    wait(NULL);
    sigpending(&mask);
    printf("left: %d\n", sigismember(&mask, SIGCHLD) + sigismember(&mask, SIGUSR1));
    return 0;
}
