// cgroups(7): a process is moved by its number, with all its threads; children begin where their
// parent is.
#include "tests/contracts/cgroups/support.h"

#include <pthread.h>

static struct barrier thread_up, thread_end;
static pid_t thread_number;

static void* run_thread(void* unused)
{
    thread_number = (pid_t)syscall(SYS_gettid);
    barrier_signal(&thread_up);
    barrier_wait(&thread_end);
    return unused;
}

static void write_number(char const* what, char const* name, pid_t number)
{
    char text[16];
    snprintf(text, sizeof text, "%d\n", (int)number);
    show(what, write_text(in_own(name), text));
}

int main(void)
{
    begin_groups();
    require(mkdir(in_own("a"), 0755) == 0 && mkdir(in_own("b"), 0755) == 0, "mkdir");
    show_group_of("before", 0);
    write_number("own number", "a/cgroup.procs", getpid());
    show_group_of("after", 0);
    show_lines("a/cgroup.procs");
    printf("it is the writer: %d\n", atoi(read_text(in_own("a/cgroup.procs"))) == getpid());
    put("b/cgroup.procs", "0");
    show_group_of("self", 0);
    struct barrier const end = barrier_make();
    pid_t const child = fork_child();
    if (child == 0) {
        barrier_wait(&end);
        leave(0);
    }
    show_group_of("child", child);
    show_lines("b/cgroup.procs");
    write_number("child", "a/cgroup.procs", child);
    show_group_of("child", child);
    show_lines("b/cgroup.procs");
    show_lines("a/cgroup.procs");
    write_number("child again", "a/cgroup.procs", child);
    barrier_signal(&end);
    show_end("child", child);
    show_lines("a/cgroup.procs");
    write_number("one that has gone", "a/cgroup.procs", child);

    thread_up = barrier_make();
    thread_end = barrier_make();
    pthread_t thread;
    require(pthread_create(&thread, NULL, run_thread, NULL) == 0, "thread");
    barrier_wait(&thread_up);
    show_lines("b/cgroup.procs");
    show_lines("b/cgroup.threads");
    write_number("number of a thread", "a/cgroup.procs", thread_number);
    show_lines("a/cgroup.procs");
    show_lines("a/cgroup.threads");
    show_lines("b/cgroup.threads");
    write_number("a thread alone", "b/cgroup.threads", thread_number);
    write_number("a thread, where it is", "a/cgroup.threads", thread_number);
    show_lines("a/cgroup.threads");
    barrier_signal(&thread_end);
    pthread_join(thread, NULL);
    char const* const bad[] = {
        "x", "-1", "", "  ", "1 2", "99999999", "4294967296", "0x", "1x", "08"};
    for (unsigned i = 1; i < sizeof bad / sizeof bad[0]; ++i) {
        if (bad[i][0] != 0) put("b/cgroup.procs", bad[i]);
    }
    put("b/cgroup.procs", bad[0]);
    put("b/cgroup.procs", " \t0x0 \n");
    show_group_of("self", 0);
    return 0;
}
