// Clock, marks and reasons of a run.
#include "suite.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/prctl.h>
#include <time.h>

static uint64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

void start(struct run* run)
{
    // The first reading of a process faults the clock's pages in; that is nobody's time.
    now_ns();
    prctl(PR_SET_NAME, run->name, 0, 0, 0);
    run->started_ns = now_ns();
}

void stop(struct run* run)
{
    uint64_t const ended_ns = now_ns();
    char name[16];
    prctl(PR_GET_NAME, name, 0, 0, 0);
    run->total_ns = ended_ns - run->started_ns;
    run->is_timed = true;
}

struct error_name {
    int number;
    char const* name;
};

static struct error_name const error_names[] = {
    {EPERM, "EPERM"},
    {ENOENT, "ENOENT"},
    {ESRCH, "ESRCH"},
    {EINTR, "EINTR"},
    {EIO, "EIO"},
    {ENOEXEC, "ENOEXEC"},
    {EBADF, "EBADF"},
    {ECHILD, "ECHILD"},
    {EAGAIN, "EAGAIN"},
    {ENOMEM, "ENOMEM"},
    {EACCES, "EACCES"},
    {EFAULT, "EFAULT"},
    {EBUSY, "EBUSY"},
    {EEXIST, "EEXIST"},
    {ENODEV, "ENODEV"},
    {ENOTDIR, "ENOTDIR"},
    {EISDIR, "EISDIR"},
    {EINVAL, "EINVAL"},
    {ENFILE, "ENFILE"},
    {EMFILE, "EMFILE"},
    {ENOSPC, "ENOSPC"},
    {EROFS, "EROFS"},
    {EPIPE, "EPIPE"},
    {ERANGE, "ERANGE"},
    {ENOSYS, "ENOSYS"},
    {ENOTEMPTY, "ENOTEMPTY"},
    {EOPNOTSUPP, "EOPNOTSUPP"},
    {EAFNOSUPPORT, "EAFNOSUPPORT"},
    {EPROTONOSUPPORT, "EPROTONOSUPPORT"},
    {ENAMETOOLONG, "ENAMETOOLONG"},
};

void fail(struct run* run, char const* what)
{
    int const error = errno;
    if (has_failed(run)) return;
    size_t const room = sizeof run->reason - 24;
    char* end = run->reason;
    for (size_t i = 0; i < room && what[i] != 0; ++i) *end++ = what[i];
    end = put_text(end, ": ");
    for (size_t i = 0; i < sizeof error_names / sizeof error_names[0]; ++i) {
        if (error_names[i].number != error) continue;
        put_text(end, error_names[i].name);
        return;
    }
    end = put_text(end, "errno ");
    *put_number(end, (uint64_t)error) = 0;
}

void fail_because(struct run* run, char const* reason)
{
    if (!has_failed(run)) strncpy(run->reason, reason, sizeof run->reason - 1);
}

bool has_failed(struct run const* run) { return run->reason[0] != 0; }

int open_file(struct run* run, char const* path, int flags)
{
    int const descriptor = open(path, flags | O_CLOEXEC, 0600);
    if (descriptor < 0) fail(run, path);
    return descriptor;
}

char* put_text(char* target, char const* text)
{
    while (*text != 0) *target++ = *text++;
    *target = 0;
    return target;
}

char* put_number(char* target, uint64_t value)
{
    char digits[20];
    int count = 0;
    do {
        digits[count++] = (char)('0' + value % 10);
        value /= 10;
    } while (value > 0);
    while (count > 0) *target++ = digits[--count];
    *target = 0;
    return target;
}
