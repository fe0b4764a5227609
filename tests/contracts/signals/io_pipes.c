// O_ASYNC on pipes and FIFOs: SIGIO, or the signal of F_SETSIG with what happened and where.
#include "tests/contracts/signals/io_support.h"

static void part(int ends[2])
{
    close(ends[0]);
    close(ends[1]);
}

int main(void)
{
    block_all();
    char bytes[8192];
    memset(bytes, 'x', sizeof bytes);
    int ends[2];
    require(pipe2(ends, O_NONBLOCK) == 0, "pipe");
    show_signals("at first");
    ask(ends[0], 0);
    require(write(ends[1], "a", 1) == 1, "write");
    show_signals("SIGIO");
    require(write(ends[1], "a", 1) == 1 && write(ends[1], "a", 1) == 1, "write");
    show_signals("SIGIO is not queued");
    require(fcntl(ends[0], NAME_SIGNAL, QUEUED) == 0, "F_SETSIG");
    require(write(ends[1], "a", 1) == 1 && write(ends[1], "a", 1) == 1, "write");
    show_signals("queued twice");
    require(write(ends[1], bytes, sizeof bytes) == sizeof bytes, "write");
    show_signals("one write of two pages");
    require(write(ends[1], bytes, 0) == 0, "write");
    show_signals("nothing written");
    require(read(ends[0], bytes, 100) == 100, "read");
    show_signals("a read tells the reader nothing");
    require(fcntl(ends[0], NAME_SIGNAL, SIGIO) == 0, "F_SETSIG");
    require(write(ends[1], "a", 1) == 1, "write");
    show_signals("SIGIO by name");
    require(fcntl(ends[0], NAME_SIGNAL, SIGUSR1) == 0, "F_SETSIG");
    require(write(ends[1], "a", 1) == 1, "write");
    show_signals("another signal");
    require(fcntl(ends[0], NAME_SIGNAL, SIGURG) == 0, "F_SETSIG");
    require(write(ends[1], "a", 1) == 1, "write");
    show_signals("SIGURG");
    ask(ends[0], QUEUED);
    // The writer's side.
    ask(ends[1], QUEUED);
    require(read(ends[0], bytes, 10) == 10, "read");
    show_signals("a read tells the writer");
    while (read(ends[0], bytes, sizeof bytes) > 0)
        ;
    show_signals("emptied");
    show("empty", read(ends[0], bytes, 1));
    show_signals("an attempt to read");
    while (write(ends[1], bytes, sizeof bytes) > 0)
        ;
    show_signals("filled");
    require(fcntl(ends[1], F_SETFL, O_NONBLOCK) == 0, "F_SETFL");
    require(read(ends[0], bytes, 10) == 10, "read");
    show_signals("not asked any more");
    close(ends[1]);
    show_signals("the writer has gone");
    while (read(ends[0], bytes, sizeof bytes) > 0)
        ;
    show_signals("what was left");
    close(ends[0]);
    require(pipe(ends) == 0, "pipe");
    ask(ends[1], QUEUED);
    close(ends[0]);
    show_signals("the reader has gone");
    close(ends[1]);
    // Which descriptor: that by which it was asked for.
    require(pipe(ends) == 0, "pipe");
    int const copy = dup(ends[0]);
    ask(copy, QUEUED);
    require(write(ends[1], "a", 1) == 1, "write");
    show_signals("by a copy");
    close(copy);
    require(write(ends[1], "a", 1) == 1, "write");
    show_signals("the copy is closed, the file is not");
    part(ends);
    require(mkfifo("fifo", 0600) == 0, "mkfifo");
    int const both = open("fifo", O_RDWR | O_NONBLOCK);
    int const other = open("fifo", O_RDWR | O_NONBLOCK);
    require(both >= 0 && other >= 0, "fifo");
    ask(both, QUEUED);
    require(write(other, "ab", 2) == 2, "write");
    show_signals("fifo, write");
    require(read(other, bytes, 1) == 1, "read");
    show_signals("fifo, read");
    ask(other, QUEUED);
    require(write(both, "ab", 2) == 2, "write");
    show_signals("fifo, two ask");
    int const plain = open("fifo", O_RDONLY | O_ASYNC | O_NONBLOCK);
    require(fcntl(plain, F_SETOWN, getpid()) == 0, "F_SETOWN");
    close(both);
    close(other);
    show_signals("closed");
    int const writer = open("fifo", O_WRONLY | O_NONBLOCK);
    require(write(writer, "a", 1) == 1, "write");
    show_signals("O_ASYNC of open asks nothing");
    return 0;
}
