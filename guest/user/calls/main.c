// calls -c LIST     runs a list of system calls (calls.h) as the first process
// calls -p LIST     the same, and prints what came of each
//
// Actor 0 starts in an empty folder /w, in a session of its own, without input or output. It and
// all that it leaves behind are killed when it has ended or kSeconds are over; the status is 0
// whatever they did.
#include "calls.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { kSeconds = 2, kStarted = 7 };

struct list list;
struct shared* shared;

static void* map_at(void* place, size_t size, int flags)
{
    void* const mapped = mmap(place,
                              size,
                              PROT_READ | PROT_WRITE,
                              flags | MAP_ANONYMOUS | (place != NULL ? MAP_FIXED : 0),
                              -1,
                              0);
    if (mapped == MAP_FAILED) _exit(0);
    return mapped;
}

static void limit(int which, rlim_t soft, rlim_t hard)
{
    struct rlimit const limits = {soft, hard};
    setrlimit(which, &limits);
}

static void set_up(void)
{
    umask(022);
    limit(RLIMIT_CORE, 0, 0);
    limit(RLIMIT_NOFILE, 1024, 4096);
    limit(RLIMIT_STACK, 8 << 20, RLIM_INFINITY);
    setpriority(PRIO_PROCESS, 0, 0);
    shared = map_at(NULL, (sizeof *shared + kPage - 1) & ~(size_t)(kPage - 1), MAP_SHARED);
    map_at(ARENA, kArenaMapped * kPage, MAP_PRIVATE);
    map_at(ROOMS, kActors * kRoomBytes, MAP_PRIVATE);
    mkdir("/w", 0755);
}

static void become_first_actor(sigset_t const* mask)
{
    setsid();
    if (chdir("/w") != 0) _exit(0);
    for (int i = 0; i < 3; ++i) close(i);
    for (int i = 0; i < 3; ++i) {
        if (open("/dev/null", O_RDWR) != i) _exit(0);
    }
    sigprocmask(SIG_SETMASK, mask, NULL);
    run_actor(0, 0);
    for (;;) RAW(SYS_exit_group, 0);
}

static void end_all(void)
{
    kill(-1, SIGKILL);
    while (waitpid(-1, NULL, __WALL) > 0) {
    }
}

// Until the first actor has ended, or the time is over.
static void wait_for(pid_t first, sigset_t const* child)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    long long const deadline = now.tv_sec * 1000LL + now.tv_nsec / 1000000 + kSeconds * 1000LL;
    for (;;) {
        pid_t const ended = waitpid(-1, NULL, WNOHANG | __WALL);
        if (ended == first) return;
        if (ended > 0) continue;
        clock_gettime(CLOCK_MONOTONIC, &now);
        long long const left = deadline - (now.tv_sec * 1000LL + now.tv_nsec / 1000000);
        if (left <= 0) return;
        struct timespec const time = {left / 1000, left % 1000 * 1000000};
        sigtimedwait(child, NULL, &time);
    }
}

int main(int count, char** words)
{
    // An actor that has called exec comes here, too.
    if (getpid() != 1 || count != 3) return kStarted;
    set_up();
    read_list(words[2]);
    sigset_t child, mask;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, &mask);
    shared->began[0] = 1;
    pid_t const first = fork();
    if (first == 0) become_first_actor(&mask);
    shared->pids[0] = first;
    if (first > 0) wait_for(first, &child);
    end_all();
    if (strcmp(words[1], "-p") == 0) print_report();
    return 0;
}
