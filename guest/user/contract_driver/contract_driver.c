// Runs contract programs one after the other, as the first process of a machine (or of a process
// namespace of Linux), and prints what each did:
//
//     contract NAME exit|signal|timeout NUMBER OUTPUT_BYTES ERROR_BYTES
//     the bytes of its standard output, then of its standard error, then an end of line
//
// usage: contract_driver SECONDS NAME...        /contracts/NAME is the program
//
// Each starts in an empty folder /work, in a session of its own, with an empty environment, no
// input, pipes as outputs, umask 022 and the same limits everywhere. What it leaves running is
// killed.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { kStreams = 2, kMostBytes = 1 << 19 };

struct Stream {
    int descriptor;  // -1: ended.
    size_t size;
    char bytes[kMostBytes];
};

static struct Stream streams[kStreams];

static void fail(char const* what)
{
    fprintf(stderr, "contract_driver: %s: %s\n", what, strerror(errno));
    _exit(125);
}

static void on_child(int number) { (void)number; }

static long long now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static void limit(int which, rlim_t soft, rlim_t hard)
{
    struct rlimit const limits = {soft, hard};
    setrlimit(which, &limits);
}

// The working folder of the one before may hold anything: it is put aside, not emptied.
static void enter_new_folder(int number)
{
    char aside[32];
    snprintf(aside, sizeof aside, "/before.%d", number);
    if (chdir("/") != 0) fail("/");
    if (rename("/work", aside) != 0 && errno != ENOENT) fail("/work");
    if (mkdir("/work", 0755) != 0 || chdir("/work") != 0) fail("/work");
}

static void become(char const* name, int output, int error, sigset_t const* mask)
{
    char path[256];
    snprintf(path, sizeof path, "/contracts/%s", name);
    char* const words[] = {path, NULL};
    char* const environment[] = {NULL};
    setsid();
    dup2(output, 1);
    dup2(error, 2);
    signal(SIGCHLD, SIG_DFL);
    sigprocmask(SIG_SETMASK, mask, NULL);
    execve(path, words, environment);
    fail(path);
}

static void take(struct Stream* stream)
{
    static char rest[4096];
    size_t const room = kMostBytes - stream->size;
    char* const target = room > 0 ? stream->bytes + stream->size : rest;
    ssize_t const size = read(stream->descriptor, target, room > 0 ? room : sizeof rest);
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (size > 0) {
        if (room > 0) stream->size += (size_t)size;
        return;
    }
    close(stream->descriptor);
    stream->descriptor = -1;
}

static void wait_for_news(long long milliseconds, sigset_t const* mask)
{
    struct pollfd files[kStreams];
    for (int i = 0; i < kStreams; ++i) files[i] = (struct pollfd){streams[i].descriptor, POLLIN, 0};
    struct timespec const timeout = {milliseconds / 1000, milliseconds % 1000 * 1000000};
    if (ppoll(files, kStreams, &timeout, mask) <= 0) return;
    for (int i = 0; i < kStreams; ++i) {
        if (files[i].revents != 0) take(&streams[i]);
    }
}

static void end_all(void)
{
    kill(-1, SIGKILL);
    while (waitpid(-1, NULL, 0) > 0 || errno == EINTR) {
    }
}

// Until the program has ended and all that it printed is here.
static char const* follow(pid_t child, int seconds, sigset_t const* mask, int* number)
{
    char const* kind = NULL;
    long long const deadline = now_ms() + seconds * 1000LL;
    while (kind == NULL) {
        int status = 0;
        if (waitpid(child, &status, WNOHANG) == child) {
            kind = WIFEXITED(status) ? "exit" : "signal";
            *number = WIFEXITED(status) ? WEXITSTATUS(status) : WTERMSIG(status);
            break;
        }
        long long const left = deadline - now_ms();
        if (left > 0) {
            wait_for_news(left, mask);
        } else {
            kind = "timeout";
            *number = seconds;
        }
    }
    end_all();
    for (int i = 0; i < kStreams; ++i) {
        while (streams[i].descriptor >= 0) take(&streams[i]);
    }
    return kind;
}

static void run(char const* name, int seconds, sigset_t const* mask)
{
    int pipes[kStreams][2];
    for (int i = 0; i < kStreams; ++i) {
        if (pipe2(pipes[i], O_CLOEXEC) != 0) fail("pipe2");
        streams[i].descriptor = pipes[i][0];
        streams[i].size = 0;
    }
    pid_t const child = fork();
    if (child < 0) fail("fork");
    if (child == 0) become(name, pipes[0][1], pipes[1][1], mask);
    for (int i = 0; i < kStreams; ++i) close(pipes[i][1]);
    int number = 0;
    char const* const kind = follow(child, seconds, mask, &number);
    printf("contract %s %s %d %zu %zu\n", name, kind, number, streams[0].size, streams[1].size);
    for (int i = 0; i < kStreams; ++i) fwrite(streams[i].bytes, 1, streams[i].size, stdout);
    printf("\n");
    fflush(stdout);
}

int main(int count, char** words)
{
    // It kills every process that it can see.
    if (getpid() != 1) {
        fprintf(stderr, "contract_driver: runs as the first process only\n");
        return 125;
    }
    if (count < 3 || atoi(words[1]) <= 0) {
        fprintf(stderr, "usage: contract_driver SECONDS NAME...\n");
        return 125;
    }
    umask(022);
    int const nothing = open("/dev/null", O_RDONLY);
    if (nothing < 0 || dup2(nothing, 0) < 0) fail("/dev/null");
    if (nothing > 2) close(nothing);
    limit(RLIMIT_CORE, 0, 0);
    limit(RLIMIT_NOFILE, 1024, 4096);
    limit(RLIMIT_STACK, 8 << 20, RLIM_INFINITY);
    struct sigaction action = {.sa_handler = on_child};
    sigaction(SIGCHLD, &action, NULL);
    sigset_t child_signal;
    sigset_t mask;
    sigemptyset(&child_signal);
    sigaddset(&child_signal, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child_signal, &mask);
    for (int i = 2; i < count; ++i) {
        enter_new_folder(i);
        run(words[i], atoi(words[1]), &mask);
    }
    return 0;
}
