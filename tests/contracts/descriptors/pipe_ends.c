// pipe(7), write(2) EPIPE: without readers a write raises SIGPIPE and fails; without writers a read is end of
// file; the ends cannot be used the other way round.
#include "tests/contracts/contract.h"
#include <poll.h>

static volatile sig_atomic_t caught;

static void on_signal(int number) { caught += number == SIGPIPE; }

static void show_poll(char const* what, int end, short wanted)
{
    struct pollfd entry = {end, wanted, 0};
    int const ready = poll(&entry, 1, 0);
    printf("%s: %d%s%s%s%s\n", what, ready, entry.revents & POLLIN ? " in" : "",
           entry.revents & POLLOUT ? " out" : "", entry.revents & POLLERR ? " err" : "",
           entry.revents & POLLHUP ? " hup" : "");
}

int main(void)
{
    char text[8];
    int ends[2];
    require(pipe(ends) == 0, "pipe");
    show("read the writer", read(ends[1], text, 1));
    show("write the reader", write(ends[0], text, 1));
    show("lseek", lseek(ends[0], 0, SEEK_CUR));
    show("pread", pread(ends[0], text, 1, 0));
    show("write nothing", write(ends[1], text, 0));
    show_poll("reader", ends[0], POLLIN);
    show_poll("writer", ends[1], POLLOUT);
    show("write", write(ends[1], "ab", 2));
    show("close writer", close(ends[1]));
    show_poll("reader of the rest", ends[0], POLLIN);
    show("the rest", read(ends[0], text, 8));
    show("end of file", read(ends[0], text, 8));
    show_poll("reader alone", ends[0], POLLIN);
    require(pipe(ends) == 0, "pipe");
    show("write", write(ends[1], "ab", 2));
    show("close reader", close(ends[0]));
    show_poll("writer alone", ends[1], POLLOUT);
    signal(SIGPIPE, on_signal);
    show("write", write(ends[1], "x", 1));
    show("caught", caught);
    show("write nothing", write(ends[1], "x", 0));
    show("caught", caught);
    signal(SIGPIPE, SIG_IGN);
    show("ignored", write(ends[1], "x", 1));
    signal(SIGPIPE, SIG_DFL);
    pid_t const child = fork_child();
    if (child == 0) {
        write(ends[1], "x", 1);
        leave(0);
    }
    show_end("default", child);
    show("bad place", syscall(SYS_pipe, 8));
    return 0;
}
