// signal(7), "Interruption of system calls": which calls go on after a handler with SA_RESTART and
// which fail with EINTR all the same; all fail without it; a signal that is ignored interrupts
// none.
#include "tests/contracts/contract.h"

#include <poll.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/un.h>

static int ends[2], pair[2], set, counter, listener, file;
static volatile sig_atomic_t handled;

// What lets a call that goes on come to its end.
static void on_signal(int number)
{
    (void)number;
    handled = 1;
}

static long call_read(void)
{
    char byte;
    return read(ends[0], &byte, 1);
}
static long call_receive(void)
{
    char byte;
    return recv(pair[0], &byte, 1, 0);
}
static long call_accept(void) { return accept(listener, NULL, NULL) < 0 ? -1 : 1; }
static long call_counter(void)
{
    uint64_t value;
    return read(counter, &value, sizeof value);
}
static long call_wait(void) { return waitpid(-1, NULL, 0) < 0 ? -1 : 1; }
static long call_open(void) { return open("fifo", O_RDONLY) < 0 ? -1 : 1; }
static long call_flock(void) { return flock(file, LOCK_EX); }
static long call_lock(void)
{
    struct flock lock = {.l_type = F_WRLCK};
    return fcntl(file, F_SETLKW, &lock);
}
static long call_poll(void)
{
    struct pollfd entry = {ends[0], POLLIN, 0};
    return poll(&entry, 1, -1);
}
static long call_select(void)
{
    fd_set reads;
    FD_ZERO(&reads);
    FD_SET(ends[0], &reads);
    return select(ends[0] + 1, &reads, NULL, NULL, NULL);
}
static long call_epoll(void)
{
    struct epoll_event event;
    return epoll_wait(set, &event, 1, -1);
}
static long call_pause(void) { return pause(); }
static long call_suspend(void)
{
    sigset_t none;
    sigemptyset(&none);
    return sigsuspend(&none);
}

static struct {
    char const* name;
    long (*call)(void);
    int goes_on;
} const calls[] = {{"read of a pipe", call_read, 1},
                   {"recv", call_receive, 1},
                   {"accept", call_accept, 1},
                   {"read of an event counter", call_counter, 1},
                   {"waitpid", call_wait, 1},
                   {"open of a FIFO", call_open, 1},
                   {"flock", call_flock, 1},
                   {"fcntl F_SETLKW", call_lock, 1},
                   {"poll", call_poll, 0},
                   {"select", call_select, 0},
                   {"epoll_wait", call_epoll, 0},
                   {"pause", call_pause, 0},
                   {"sigsuspend", call_suspend, 0}};

// In a process of its own that sleeps in the call: a signal comes, and then, if it sleeps still,
// what it waits for.
static void attempt(unsigned index, int flags, void (*handler)(int))
{
    pid_t const child = fork_child();
    if (child == 0) {
        struct sigaction const action = {.sa_handler = handler, .sa_flags = flags};
        sigaction(SIGUSR1, &action, NULL);
        if (calls[index].call == call_wait && fork() == 0) {
            for (;;) pause();
        }
        long const result = calls[index].call();
        printf("  %s", result < 0 ? error_name(errno) : "goes on");
        if (handler == on_signal) printf(", handled %d", (int)handled);
        printf("\n");
        leave(0);
    }
    wait_for_state(child, 'S');
    kill(child, SIGUSR1);
    int status = 0;
    pid_t got = 0;
    // It has ended, or sleeps again with nothing pending.
    char path[64], text[4096];
    snprintf(path, sizeof path, "/proc/%d/status", (int)child);
    for (;;) {
        got = waitpid(child, &status, WNOHANG);
        if (got == child) break;
        int const state = open(path, O_RDONLY | O_CLOEXEC);
        ssize_t const size = read(state, text, sizeof text - 1);
        close(state);
        require(size > 0, "status");
        text[size] = 0;
        if (strstr(text, "S (sleeping)") && strstr(text, "ShdPnd:\t0000000000000000")) break;
        syscall(SYS_sched_yield);
    }
    if (got != child) {
        printf("  sleeps\n");
        fflush(stdout);
        kill(child, SIGKILL);
        require(waitpid(child, &status, 0) == child, "waitpid");
    }
}

int main(void)
{
    set = epoll_create1(0);
    counter = eventfd(0, 0);
    file = open("file", O_RDWR | O_CREAT, 0644);
    require(pipe(ends) == 0 && socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0, "files");
    require(mkfifo("fifo", 0644) == 0, "mkfifo");
    listener = socket(AF_UNIX, SOCK_STREAM, 0);
    struct sockaddr_un address = {.sun_family = AF_UNIX, .sun_path = "socket"};
    require(bind(listener, (struct sockaddr*)&address, sizeof address) == 0, "bind");
    require(listen(listener, 1) == 0, "listen");
    // Locks of another process and of another open file.
    int const other = open("file", O_RDWR);
    struct flock lock = {.l_type = F_WRLCK};
    require(flock(other, LOCK_EX) == 0 && fcntl(other, F_SETLK, &lock) == 0, "lock");
    for (unsigned i = 0; i < sizeof calls / sizeof calls[0]; ++i) {
        printf("%s\n", calls[i].name);
        attempt(i, SA_RESTART, on_signal);
        attempt(i, 0, on_signal);
        attempt(i, 0, SIG_IGN);
    }
    return 0;
}
