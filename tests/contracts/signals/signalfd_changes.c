// signalfd(2): an existing descriptor takes another mask; epoll(7) hears of it; bad arguments; what
// the flags do to the descriptor; exec keeps it.
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <unistd.h>

static void show(char const* what, long result)
{
    printf("%s: %s\n", what, result < 0 ? strerror(errno) : "ok");
}

static int ready(int set)
{
    struct epoll_event event;
    return epoll_wait(set, &event, 1, 0);
}

int main(int count, char** words)
{
    setvbuf(stdout, NULL, _IONBF, 0);
    sigset_t first, second;
    sigemptyset(&first);
    sigaddset(&first, SIGUSR1);
    sigemptyset(&second);
    sigaddset(&second, SIGUSR2);
    struct signalfd_siginfo info;
    if (count > 1) {
        long const size = read(words[1][0] - '0', &info, sizeof(info));
        printf("after exec: %ld signal %u\n", size, info.ssi_signo);
        return 0;
    }
    sigprocmask(SIG_BLOCK, &first, NULL);
    sigprocmask(SIG_BLOCK, &second, NULL);
    int const fd = signalfd(-1, &first, SFD_CLOEXEC | SFD_NONBLOCK);
    printf("flags %#x %#x\n", (unsigned)fcntl(fd, F_GETFD), (unsigned)fcntl(fd, F_GETFL));
    int const set = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN};
    epoll_ctl(set, EPOLL_CTL_ADD, fd, &event);
    printf("ready %d\n", ready(set));
    kill(getpid(), SIGUSR2);
    printf("other signal %d\n", ready(set));
    show("change", signalfd(fd, &second, 0) == fd ? 0 : -1);
    printf("changed %d\n", ready(set));
    show("read", read(fd, &info, sizeof(info)));
    printf("empty %d\n", ready(set));
    kill(getpid(), SIGUSR2);
    printf("sent %d\n", ready(set));
    show("bad flags", signalfd(-1, &first, 1));
    show("bad size", syscall(SYS_signalfd4, -1, &first, 4, 0));
    show("bad mask", syscall(SYS_signalfd4, -1, 8, 8, 0));
    show("no such descriptor", signalfd(77, &first, 0));
    show("no signalfd", signalfd(set, &first, 0));
    show("seek", lseek(fd, 0, SEEK_CUR));
    int const kept = signalfd(-1, &second, 0);
    char digit[2] = {(char)('0' + kept), 0};
    execl("/proc/self/exe", words[0], digit, (char*)NULL);
    return 1;
}
