// cgroup.freeze: all threads in the cgroup and below it halt; signals other than SIGKILL wait, and
// a call goes on where it was. cgroup.events says when all have halted.
#include "tests/contracts/cgroups/support.h"

#include <pthread.h>
#include <time.h>

static int volatile* shared;
static int events;

// The file tells of each change.
static void wait_for_frozen(char const* what, int frozen)
{
    char text[128];
    char wanted[16];
    snprintf(wanted, sizeof wanted, "frozen %d", frozen);
    for (;;) {
        ssize_t const size = pread(events, text, sizeof text - 1, 0);
        require(size > 0, "read");
        text[size] = 0;
        if (strstr(text, wanted) != NULL) break;
        struct pollfd entry = {events, POLLPRI, 0};
        require(poll(&entry, 1, -1) == 1, "poll");
    }
    printf("%s: %s\n", what, wanted);
    fflush(stdout);
}

static void* count(void* place)
{
    for (;;) {
        ++*(int volatile*)place;
        sched_yield();
    }
    return NULL;
}

static int is_counting(int place)
{
    int const before = shared[place];
    struct timespec const pause = {0, 20000000};
    nanosleep(&pause, NULL);
    return shared[place] != before;
}

static void wait_until_counting(int place)
{
    int const before = shared[place];
    while (shared[place] == before) sched_yield();
}

static void on_signal(int number) { shared[2] = number; }

int main(void)
{
    begin_groups();
    shared = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    require(shared != MAP_FAILED, "mmap");
    require(mkdir(in_own("a"), 0755) == 0 && mkdir(in_own("a/b"), 0755) == 0, "mkdir");
    events = open(in_own("a/cgroup.events"), O_RDONLY | O_CLOEXEC);
    require(events >= 0, "open");
    char const* const bad[] = {"2", "-1", "x", "1 1"};
    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; ++i) put("a/cgroup.freeze", bad[i]);
    get("a/cgroup.freeze");
    put("a/cgroup.freeze", "1");
    wait_for_frozen("nobody in it", 1);
    get("a/b/cgroup.events");
    get("a/b/cgroup.freeze");
    require(mkdir(in_own("a/c"), 0755) == 0, "mkdir");
    get("a/c/cgroup.events");
    put("a/cgroup.freeze", "0");
    wait_for_frozen("given free", 0);

    pid_t const child = fork_child();
    if (child == 0) {
        require(write_text(in_own("a/b/cgroup.procs"), "0") == 0, "move");
        signal(SIGUSR1, on_signal);
        pthread_t thread;
        require(pthread_create(&thread, NULL, count, (void*)&shared[1]) == 0, "thread");
        count((void*)&shared[0]);
    }
    pid_t const sleeper = fork_child();
    if (sleeper == 0) {
        require(write_text(in_own("a/cgroup.procs"), "0") == 0, "move");
        shared[3] = 1;
        struct timespec pause = {0, 60000000};
        leave(nanosleep(&pause, NULL) == 0 ? 0 : 1);
    }
    while (shared[3] == 0) sched_yield();
    wait_until_counting(0);
    wait_until_counting(1);
    put("a/cgroup.freeze", "1");
    wait_for_frozen("with processes", 1);
    printf("threads count: %d %d\n", is_counting(0), is_counting(1));
    kill(child, SIGUSR1);
    printf("a signal is taken: %d\n", is_counting(0) || shared[2] != 0);
    get("a/b/cgroup.events");
    put("a/cgroup.freeze", "0");
    wait_until_counting(0);
    wait_until_counting(1);
    while (shared[2] != SIGUSR1) sched_yield();
    wait_for_frozen("going on", 0);
    show_end("the sleeper", sleeper);

    put("a/b/cgroup.freeze", "1");
    put("a/cgroup.freeze", "1");
    wait_for_frozen("both", 1);
    put("a/cgroup.freeze", "0");
    get("a/b/cgroup.events");
    wait_for_frozen("the upper one is free", 0);
    printf("the lower one counts: %d\n", is_counting(0));
    char number[16];
    snprintf(number, sizeof number, "%d", (int)child);
    show("moved out", write_text(in_own("a/cgroup.procs"), number));
    wait_until_counting(0);
    show("moved in", write_text(in_own("a/b/cgroup.procs"), number));
    while (is_counting(0) || is_counting(1)) {
    }
    kill(child, SIGKILL);
    show_end("killed", child);
    return 0;
}
