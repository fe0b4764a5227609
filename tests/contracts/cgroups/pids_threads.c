// The controller pids counts threads: those that end count no longer, the first one does as long as
// the process is there; execve(2) in another thread leaves one.
#include "tests/contracts/cgroups/support.h"

#include <pthread.h>

static struct barrier hold, ready;
static char path[64];

static void* wait_there(void* unused)
{
    barrier_signal(&ready);
    barrier_wait(&hold);
    return unused;
}

static void* run_program(void* unused)
{
    execl("/proc/self/exe", "again", path, (char*)NULL);
    require(0, "execl");
    return unused;
}

static void* outlive(void* unused)
{
    char number[16];
    snprintf(number, sizeof number, "%d", (int)getpid());
    wait_for_state(getpid(), 'Z');
    get("pids.current");
    show("moved with one thread", write_text(in_own("a/cgroup.procs"), number));
    get("pids.current");
    leave(0);
    return unused;
}

int main(int count, char** words)
{
    pthread_t thread;
    if (count > 1) {
        char const* const text = read_text(words[1]);
        require(text != NULL, "pids.current");
        printf("after execve: %s", text);
        return 0;
    }
    begin_pids();
    hold = barrier_make();
    ready = barrier_make();
    require(mkdir(in_own("a"), 0755) == 0, "mkdir");
    snprintf(path, sizeof path, "%s", in_own("pids.current"));
    pid_t child = fork_child();
    if (child == 0) {
        put("cgroup.procs", "0");
        for (int i = 0; i < 3; ++i)
            require(pthread_create(&thread, NULL, wait_there, NULL) == 0, "thread");
        for (int i = 0; i < 3; ++i) barrier_wait(&ready);
        get("pids.current");
        barrier_signal(&hold);
        while (count_lines("cgroup.procs") != 1) {
        }
        while (strncmp(read_text(in_own("pids.current")), "3", 1) != 0) sched_yield();
        get("pids.current");
        require(pthread_create(&thread, NULL, run_program, NULL) == 0, "thread");
        for (;;) pause();
    }
    show_end("child", child);
    get("pids.current");
    child = fork_child();
    if (child == 0) {
        put("cgroup.procs", "0");
        require(pthread_create(&thread, NULL, outlive, NULL) == 0, "thread");
        // The first thread alone.
        syscall(SYS_exit, 0);
    }
    show_end("child", child);
    get("pids.current");
    return 0;
}
