// pidfd_open(2), pidfd_send_signal(2), waitid(2) P_PIDFD: a descriptor follows one process through
// its end; poll(2) and epoll(7) tell of it; what is reaped is gone for good.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void show(char const* what, long result)
{
    printf("%s: %s\n", what, result < 0 ? strerror(errno) : "ok");
}

static void poll_it(char const* what, int fd, int timeout)
{
    struct pollfd entry = {fd, POLLIN | POLLOUT, 0};
    int const result = poll(&entry, 1, timeout);
    printf("%s: %d %#x\n", what, result, (unsigned)entry.revents);
}

static void wait_for(int fd, int options)
{
    siginfo_t info;
    memset(&info, 0, sizeof(info));
    int const result = waitid((idtype_t)3, (id_t)fd, &info, options);
    char const* const text = result < 0 ? strerror(errno) : "ok";
    printf("waitid: %s code %d status %d\n", text, info.si_code, info.si_status);
}

static long signal_it(int fd, int number, void* info, unsigned flags)
{
    return syscall(SYS_pidfd_send_signal, fd, number, info, flags);
}

int main(void)
{
    setvbuf(stdout, NULL, _IONBF, 0);
    pid_t const child = fork();
    if (child == 0) {
        while (1) pause();
    }
    int const fd = (int)syscall(SYS_pidfd_open, child, O_NONBLOCK);
    printf("flags %#x %#x\n", (unsigned)fcntl(fd, F_GETFD), (unsigned)fcntl(fd, F_GETFL));
    char path[64], text[64] = {0};
    snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
    readlink(path, text, sizeof(text) - 1);
    printf("%s\n", text);
    int const set = epoll_create1(0);
    struct epoll_event event = {.events = EPOLLIN};
    show("epoll_ctl", epoll_ctl(set, EPOLL_CTL_ADD, fd, &event));
    poll_it("alive", fd, 0);
    wait_for(fd, WEXITED);
    show("signal 0", signal_it(fd, 0, NULL, 0));
    show("no such signal", signal_it(fd, 99, NULL, 0));
    siginfo_t info;
    memset(&info, 0, sizeof(info));
    info.si_signo = SIGTERM;
    show("other number in the info", signal_it(fd, SIGUSR1, &info, 0));
    show("code of the kernel", signal_it(fd, SIGTERM, &info, 0));
    show("bad info", signal_it(fd, SIGTERM, (void*)8, 0));
    show("bad flags", signal_it(fd, SIGTERM, NULL, 0x100));
    show("no process behind it", signal_it(set, SIGTERM, NULL, 0));
    info.si_code = SI_QUEUE;
    show("signal", signal_it(fd, SIGTERM, &info, 0));
    printf("epoll: %d\n", epoll_wait(set, &event, 1, -1));
    poll_it("ended", fd, -1);
    show("signal to the dead", signal_it(fd, SIGTERM, NULL, 0));
    wait_for(fd, WEXITED | WNOWAIT);
    wait_for(fd, WEXITED);
    wait_for(fd, WEXITED);
    poll_it("reaped", fd, 0);
    show("signal to the reaped", signal_it(fd, SIGTERM, NULL, 0));
    wait_for(set, WEXITED);
    wait_for(-1, WEXITED);
    show("no process", syscall(SYS_pidfd_open, child, 0));
    show("no number", syscall(SYS_pidfd_open, 0, 0));
    show("open flags", syscall(SYS_pidfd_open, getpid(), 1));
    return 0;
}
