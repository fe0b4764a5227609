// Bytes through pipes, within one process and between two.
#include "families.h"

#include <sys/wait.h>
#include <unistd.h>

enum { block_size = 4096 };

static void close_pair(int const* pair)
{
    close(pair[0]);
    close(pair[1]);
}

void run_pipe(struct run* run)
{
    static char block[block_size];
    int ends[2];
    if (pipe(ends) != 0) return fail(run, "pipe");
    start(run);
    for (unsigned i = 0; i < run->iterations; ++i) {
        if (write(ends[1], block, block_size) != block_size ||
            read(ends[0], block, block_size) != block_size) {
            fail(run, "4096 bytes through a pipe");
            break;
        }
    }
    if (!has_failed(run)) stop(run);
    close_pair(ends);
}

// The child: sends back what comes until the pipe ends.
static void echo_bytes(int source, int target)
{
    char byte;
    while (read(source, &byte, 1) == 1) {
        if (write(target, &byte, 1) != 1) _exit(1);
    }
    _exit(0);
}

static void play(struct run* run, int target, int source)
{
    char byte = 'x';
    start(run);
    for (unsigned i = 0; i < run->iterations; ++i) {
        if (write(target, &byte, 1) != 1 || read(source, &byte, 1) != 1) {
            return fail(run, "a byte to a child and back");
        }
    }
    stop(run);
}

void run_pipe_pingpong(struct run* run)
{
    int there[2];
    int back[2];
    if (pipe(there) != 0) return fail(run, "pipe");
    if (pipe(back) != 0) {
        fail(run, "pipe");
        return close_pair(there);
    }
    pid_t const child = fork();
    if (child == 0) {
        close(there[1]);
        close(back[0]);
        echo_bytes(there[0], back[1]);
    }
    close(there[0]);
    close(back[1]);
    if (child < 0)
        fail(run, "fork");
    else
        play(run, there[1], back[0]);
    close(there[1]);
    close(back[0]);
    int status = 0;
    if (child > 0 && (waitpid(child, &status, 0) != child || status != 0)) {
        fail_because(run, "the child failed");
    }
}
