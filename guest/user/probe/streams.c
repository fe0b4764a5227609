// Pipes, FIFOs and sockets: every byte arrives once and in order, and ends are seen.
#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct stream {
    int input;
    int output;
    size_t size;
    struct dice dice;
};

static unsigned char buffer[20000];

static void nap(struct dice* dice)
{
    struct timespec const time = {0, (long)roll(dice, 3000000)};
    if (roll(dice, 4) == 0) nanosleep(&time, NULL);
}

static void send_all(void* argument)
{
    struct stream* const stream = argument;
    if (stream->input >= 0) close(stream->input);
    for (size_t done = 0; done < stream->size;) {
        size_t part = 1 + roll(&stream->dice, sizeof buffer);
        if (part > stream->size - done) part = stream->size - done;
        fill(buffer, part, 5, done);
        nap(&stream->dice);
        ssize_t const written = write(stream->output, buffer, part);
        need(written > 0, "write");
        done += (size_t)written;
    }
}

static void receive_all(struct stream* stream)
{
    size_t done = 0;
    for (;;) {
        nap(&stream->dice);
        ssize_t const got = read(stream->input, buffer, 1 + roll(&stream->dice, sizeof buffer));
        need(got >= 0, "read");
        if (got == 0) break;
        expect_pattern(buffer, (size_t)got, 5, done, "a stream");
        done += (size_t)got;
    }
    if (done != stream->size) broken("a stream: %zu bytes arrived of %zu", done, stream->size);
}

static void run_stream(int input, int output, struct dice* dice)
{
    struct stream stream = {input, output, 1 + roll(dice, 150000), {dice->state ^ 0x5555}};
    pid_t const child = fork();
    need(child >= 0, "fork");
    if (child == 0) {
        send_all(&stream);
        _exit(0);
    }
    close(output);
    stream.dice.state = dice->state ^ 0x3333;
    receive_all(&stream);
    int status = 0;
    need(waitpid(child, &status, 0) == child, "waitpid");
    if (status != 0) broken("a stream: its writer ended with status %x", (unsigned)status);
    close(input);
}

void check_pipe(struct dice* dice)
{
    int ends[2];
    need(pipe(ends) == 0, "pipe");
    run_stream(ends[0], ends[1], dice);
}

void check_sockets(struct dice* dice)
{
    int ends[2];
    need(socketpair(AF_UNIX, SOCK_STREAM, 0, ends) == 0, "socketpair");
    run_stream(ends[0], ends[1], dice);
}

struct opening {
    char name[64];
    struct stream stream;
};

static void open_and_send(void* argument)
{
    struct opening* const opening = argument;
    nap(&opening->stream.dice);
    opening->stream.output = open(opening->name, O_WRONLY);
    need(opening->stream.output >= 0, "open");
    send_all(&opening->stream);
}

// Either end waits for the other.
void check_fifo(struct dice* dice)
{
    struct opening opening = {"", {-1, -1, 1 + roll(dice, 9000), {dice->state ^ 0x7777}}};
    snprintf(opening.name, sizeof opening.name, "/tmp/probe-fifo-%d", (int)getpid());
    need(mkfifo(opening.name, 0600) == 0, "mkfifo");
    pid_t const child = fork();
    need(child >= 0, "fork");
    if (child == 0) {
        open_and_send(&opening);
        _exit(0);
    }
    nap(dice);
    opening.stream.input = open(opening.name, O_RDONLY);
    need(opening.stream.input >= 0, "open");
    receive_all(&opening.stream);
    int status = 0;
    need(waitpid(child, &status, 0) == child, "waitpid");
    if (status != 0) broken("a FIFO: its writer ended with status %x", (unsigned)status);
    close(opening.stream.input);
    need(unlink(opening.name) == 0, "unlink");
}

// poll() says what read() and write() would do.
void check_poll(struct dice* dice)
{
    int ends[2];
    need(pipe(ends) == 0, "pipe");
    struct pollfd waiting[2] = {{ends[0], POLLIN, 0}, {ends[1], POLLOUT, 0}};
    need(poll(waiting, 2, 0) == 1 && waiting[0].revents == 0 && waiting[1].revents == POLLOUT,
         "poll, empty");
    need(write(ends[1], "x", 1) == 1, "write");
    need(poll(waiting, 2, (int)roll(dice, 5)) == 2, "poll, one byte");
    pid_t const child = fork();
    need(child >= 0, "fork");
    if (child == 0) {
        nap(dice);
        _exit(0);  // Its ends are closed.
    }
    char byte;
    need(read(ends[0], &byte, 1) == 1, "read");
    close(ends[1]);
    struct pollfd rest = {ends[0], POLLIN, 0};
    int const patience = -1;
    if (poll(&rest, 1, patience) != 1 || rest.revents != POLLHUP)
        broken("poll: %x where the last writer closed", (unsigned)rest.revents);
    int status = 0;
    need(waitpid(child, &status, 0) == child, "waitpid");
    close(ends[0]);
}
