// Reads, writes and questions on /dev/null and /dev/zero.
#include "families.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

enum { zero_read_size = 4096 };

static void time_read(struct run* run, char const* path, size_t size, ssize_t expected)
{
    static char buffer[zero_read_size];
    int const file = open_file(run, path, O_RDONLY);
    if (file < 0) return;
    start(run);
    for (unsigned i = 0; i < run->iterations; ++i) {
        if (read(file, buffer, size) != expected) {
            fail(run, "read");
            break;
        }
    }
    if (!has_failed(run)) stop(run);
    close(file);
}

void run_read_null(struct run* run) { time_read(run, "/dev/null", 1, 0); }
void run_read_zero(struct run* run) { time_read(run, "/dev/zero", zero_read_size, zero_read_size); }

// Times one operation on an open file; it returns what `expected` says.
static void time_operation(struct run* run, int flags, long (*operation)(int file), long expected)
{
    int const file = open_file(run, "/dev/null", flags);
    if (file < 0) return;
    start(run);
    for (unsigned i = 0; i < run->iterations; ++i) {
        if (operation(file) != expected) {
            fail(run, run->name);
            break;
        }
    }
    if (!has_failed(run)) stop(run);
    close(file);
}

static long write_byte(int file) { return write(file, "x", 1); }

static long read_byte_at_start(int file)
{
    char byte;
    return pread(file, &byte, 1, 0);
}

static long write_vector(int file)
{
    struct iovec const vector = {(void*)"x", 1};
    return writev(file, &vector, 1);
}

static long ask_status(int file)
{
    struct stat status;
    return fstat(file, &status);
}

// The flags say O_WRONLY (and O_LARGEFILE, as some C libraries open every file).
static long ask_flags(int file) { return fcntl(file, F_GETFL) & O_ACCMODE; }

static long poll_readable(int file)
{
    struct pollfd question = {file, POLLIN, 0};
    return poll(&question, 1, 0);
}

void run_write_null(struct run* run) { time_operation(run, O_WRONLY, write_byte, 1); }
void run_pread(struct run* run) { time_operation(run, O_RDONLY, read_byte_at_start, 0); }
void run_writev(struct run* run) { time_operation(run, O_WRONLY, write_vector, 1); }
void run_fstat(struct run* run) { time_operation(run, O_RDONLY, ask_status, 0); }
void run_fcntl_getfl(struct run* run) { time_operation(run, O_WRONLY, ask_flags, O_WRONLY); }
void run_poll(struct run* run) { time_operation(run, O_RDONLY, poll_readable, 1); }

void run_dup_close(struct run* run)
{
    int const file = open_file(run, "/dev/null", O_RDONLY);
    if (file < 0) return;
    start(run);
    for (unsigned i = 0; i < run->iterations; ++i) {
        int const copy = dup(file);
        if (copy < 0 || close(copy) != 0) {
            fail(run, "dup and close");
            break;
        }
    }
    if (!has_failed(run)) stop(run);
    close(file);
}
