// A child is killed, or interrupted by a handled signal, while it blocks in each kind of call.
#include "support.h"

#include <poll.h>
#include <sys/file.h>
#include <sys/select.h>

static int pipe_ends[2];
static int full_pipe[2];
static void on_signal(int number) { (void)number; }

static long block_in(int which)
{
    char byte = 0;
    struct timespec const forever = {1000, 0};
    struct pollfd descriptor = {pipe_ends[0], POLLIN, 0};
    fd_set set;
    sigset_t none;
    sigemptyset(&none);
    uint32_t word = 0;
    switch (which) {
    case 0: return read(pipe_ends[0], &byte, 1);
    case 1: return write(full_pipe[1], &byte, 1);
    case 2: return nanosleep(&forever, NULL);
    case 3: return poll(&descriptor, 1, -1);
    case 4: FD_ZERO(&set); FD_SET(pipe_ends[0], &set); return select(pipe_ends[0] + 1, &set, NULL, NULL, NULL);
    case 5: return pause();
    case 6: return sigsuspend(&none);
    case 7: {
        pid_t const grandchild = fork();
        if (grandchild == 0) {
            alarm(1);
            pause();
            _exit(0);
        }
        long const result = waitpid(grandchild, NULL, 0);
        int const error = errno;
        kill(grandchild, SIGKILL);
        errno = error;
        return result;
    }
    case 8: return open("/tmp/killed_in_call.fifo", O_RDONLY);
    case 9: return syscall(SYS_futex, &word, 0, 0, NULL, NULL, 0);
    case 10: return clock_nanosleep(CLOCK_MONOTONIC, 0, &forever, NULL);
    case 11: return ppoll(&descriptor, 1, NULL, NULL);
    default: return 0;
    }
}

static const char* const kNames[] = {"read", "write", "nanosleep", "poll", "select", "pause", "sigsuspend",
                                     "waitpid", "open fifo", "futex", "clock_nanosleep", "ppoll"};

static void try_one(int which, int with_handler, int restart)
{
    fflush(stdout);
    pid_t const child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        struct sigaction action = {0};
        action.sa_handler = on_signal;
        action.sa_flags = restart ? SA_RESTART : 0;
        sigaction(SIGUSR1, &action, NULL);
        long const result = block_in(which);
        printf("%s: %ld %s\n", kNames[which], result, result < 0 ? error_name(errno) : "");
        fflush(stdout);
        _exit(3);
    }
    struct timespec const moment = {0, 20 * 1000 * 1000};
    nanosleep(&moment, NULL);
    if (with_handler) {
        kill(child, SIGUSR1);
        nanosleep(&moment, NULL);
    }
    kill(child, SIGKILL);
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child);
    printf("%s%s%s: %s\n", kNames[which], with_handler ? " handled" : "", restart ? " restarted" : "", status_text(status));
}

int main(void)
{
    CHECK(pipe(pipe_ends) == 0);
    CHECK(pipe(full_pipe) == 0);
    CHECK(fcntl(full_pipe[1], F_SETFL, O_NONBLOCK) == 0);
    static char chunk[4096];
    while (write(full_pipe[1], chunk, sizeof chunk) > 0) {}
    CHECK(errno == EAGAIN);
    CHECK(fcntl(full_pipe[1], F_SETFL, 0) == 0);
    unlink("/tmp/killed_in_call.fifo");
    CHECK(mkfifo("/tmp/killed_in_call.fifo", 0600) == 0);
    for (int which = 0; which < 12; ++which) {
        try_one(which, 0, 0);
        try_one(which, 1, 0);
        try_one(which, 1, 1);
    }
    unlink("/tmp/killed_in_call.fifo");
    return 0;
}
