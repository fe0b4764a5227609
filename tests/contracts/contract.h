#pragma once

// What the contract programs share. Each is one static program that prints results and names of
// errors, the same wherever it runs: no pids, addresses, times or inode numbers. It starts in an
// empty folder of its own that it may write to, and waits for states, not for time to pass.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

// "ENOENT"; a number where the name is not known here.
static char const* error_name(int error)
{
    static char number[16];
#define CONTRACT_ERROR(name) \
    case name: return #name
    switch (error) {
        CONTRACT_ERROR(EPERM);
        CONTRACT_ERROR(ENOENT);
        CONTRACT_ERROR(ESRCH);
        CONTRACT_ERROR(EINTR);
        CONTRACT_ERROR(EIO);
        CONTRACT_ERROR(ENXIO);
        CONTRACT_ERROR(E2BIG);
        CONTRACT_ERROR(ENOEXEC);
        CONTRACT_ERROR(EBADF);
        CONTRACT_ERROR(ECHILD);
        CONTRACT_ERROR(EAGAIN);
        CONTRACT_ERROR(ENOMEM);
        CONTRACT_ERROR(EACCES);
        CONTRACT_ERROR(EFAULT);
        CONTRACT_ERROR(ENOTBLK);
        CONTRACT_ERROR(EBUSY);
        CONTRACT_ERROR(EEXIST);
        CONTRACT_ERROR(EXDEV);
        CONTRACT_ERROR(ENODEV);
        CONTRACT_ERROR(ENOTDIR);
        CONTRACT_ERROR(EISDIR);
        CONTRACT_ERROR(EINVAL);
        CONTRACT_ERROR(ENFILE);
        CONTRACT_ERROR(EMFILE);
        CONTRACT_ERROR(ENOTTY);
        CONTRACT_ERROR(ETXTBSY);
        CONTRACT_ERROR(EFBIG);
        CONTRACT_ERROR(ENOSPC);
        CONTRACT_ERROR(ESPIPE);
        CONTRACT_ERROR(EROFS);
        CONTRACT_ERROR(EMLINK);
        CONTRACT_ERROR(EPIPE);
        CONTRACT_ERROR(EDOM);
        CONTRACT_ERROR(ERANGE);
        CONTRACT_ERROR(EDEADLK);
        CONTRACT_ERROR(ENAMETOOLONG);
        CONTRACT_ERROR(ENOLCK);
        CONTRACT_ERROR(ENOSYS);
        CONTRACT_ERROR(ENOTEMPTY);
        CONTRACT_ERROR(ELOOP);
        CONTRACT_ERROR(ENODATA);
        CONTRACT_ERROR(EPROTO);
        CONTRACT_ERROR(EOVERFLOW);
        CONTRACT_ERROR(ELIBBAD);
        CONTRACT_ERROR(ENOTSOCK);
        CONTRACT_ERROR(EDESTADDRREQ);
        CONTRACT_ERROR(EMSGSIZE);
        CONTRACT_ERROR(EPROTOTYPE);
        CONTRACT_ERROR(ENOPROTOOPT);
        CONTRACT_ERROR(EPROTONOSUPPORT);
        CONTRACT_ERROR(ESOCKTNOSUPPORT);
        CONTRACT_ERROR(EOPNOTSUPP);
        CONTRACT_ERROR(EAFNOSUPPORT);
        CONTRACT_ERROR(EADDRINUSE);
        CONTRACT_ERROR(EADDRNOTAVAIL);
        CONTRACT_ERROR(ECONNABORTED);
        CONTRACT_ERROR(ECONNRESET);
        CONTRACT_ERROR(ENOBUFS);
        CONTRACT_ERROR(EISCONN);
        CONTRACT_ERROR(ENOTCONN);
        CONTRACT_ERROR(ETOOMANYREFS);
        CONTRACT_ERROR(ETIMEDOUT);
        CONTRACT_ERROR(ECONNREFUSED);
        CONTRACT_ERROR(EALREADY);
        CONTRACT_ERROR(EINPROGRESS);
        CONTRACT_ERROR(ECANCELED);
    default: snprintf(number, sizeof number, "errno %d", error); return number;
    }
#undef CONTRACT_ERROR
}

// Prints "what: RESULT" or "what: -1 ENAME", at once; hands the result on. What is printed must be
// the same in each run: for descriptors and addresses there are show_ok() and show_mapped().
static long show(char const* what, long result)
{
    int const error = errno;
    if (result == -1)
        printf("%s: -1 %s\n", what, error_name(error));
    else
        printf("%s: %ld\n", what, result);
    fflush(stdout);
    errno = error;
    return result;
}

// The same for results whose number says nothing: "what: ok".
static long show_ok(char const* what, long result)
{
    if (result == -1) return show(what, result);
    printf("%s: ok\n", what);
    fflush(stdout);
    return result;
}

static void* show_mapped(char const* what, void* address)
{
    show_ok(what, address == MAP_FAILED ? -1 : 0);
    return address;
}

// What the program needs to get on; says what was missing and ends it.
static void require(int is_so, char const* what)
{
    if (is_so) return;
    printf("missing: %s (%s)\n", what, error_name(errno));
    fflush(stdout);
    _exit(99);
}

// "exit 3", "signal 9", "stopped 19" or "continued" of a status that wait filled in.
static char const* status_text(int status)
{
    static char text[32];
    if (WIFEXITED(status))
        snprintf(text, sizeof text, "exit %d", WEXITSTATUS(status));
    else if (WIFSIGNALED(status))
        snprintf(text, sizeof text, "signal %d", WTERMSIG(status));
    else if (WIFSTOPPED(status))
        snprintf(text, sizeof text, "stopped %d", WSTOPSIG(status));
    else
        snprintf(text, sizeof text, "continued");
    return text;
}

// Forks with nothing left in the buffers, so that no line is printed twice.
static pid_t fork_child(void)
{
    fflush(NULL);
    pid_t const child = fork();
    require(child >= 0, "fork");
    return child;
}

// The end of a child that does what it does and then calls leave().
static void leave(int status)
{
    fflush(NULL);
    _exit(status);
}

// Waits for a child and prints "what: exit 0".
static int show_end(char const* what, pid_t child)
{
    int status = 0;
    pid_t got = -1;
    do {
        got = waitpid(child, &status, 0);
    } while (got < 0 && errno == EINTR);
    require(got == child, "waitpid");
    printf("%s: %s\n", what, status_text(status));
    fflush(stdout);
    return status;
}

// One process tells another that it has got so far.
struct barrier {
    int ends[2];
};

static struct barrier barrier_make(void)
{
    struct barrier barrier;
    require(pipe2(barrier.ends, O_CLOEXEC) == 0, "pipe2");
    return barrier;
}

static void barrier_signal(struct barrier const* barrier)
{
    require(write(barrier->ends[1], "x", 1) == 1, "barrier");
}

static void barrier_wait(struct barrier const* barrier)
{
    char byte;
    ssize_t got = -1;
    do {
        got = read(barrier->ends[0], &byte, 1);
    } while (got < 0 && errno == EINTR);
    require(got == 1, "barrier");
}

// Waits until a process sleeps in a call (state S in /proc/PID/stat), or has stopped (T), ended
// (Z).
static void wait_for_state(pid_t process, char state)
{
    char path[64];
    char text[512];
    snprintf(path, sizeof path, "/proc/%d/stat", (int)process);
    for (;;) {
        int const file = open(path, O_RDONLY | O_CLOEXEC);
        require(file >= 0, "stat of a process");
        ssize_t const size = read(file, text, sizeof text - 1);
        close(file);
        require(size > 0, "state of a process");
        text[size] = 0;
        char const* const after_name = strrchr(text, ')');
        require(after_name != NULL, "name of a process");
        if (after_name[2] == state) return;
        syscall(SYS_sched_yield);
    }
}

static void make_file(char const* path, char const* text)
{
    int const file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    require(file >= 0, path);
    require(write(file, text, strlen(text)) == (ssize_t)strlen(text), path);
    close(file);
}
