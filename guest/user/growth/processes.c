// With many processes alive, all children of this one.
#define _GNU_SOURCE
#include "guest/user/growth/growth.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

static pid_t* children;
static int child_count;

static pid_t start(void (*work)(void))
{
    pid_t const child = fork();
    must(child >= 0, "fork");
    if (child == 0) {
        if (work != NULL) work();
        _exit(0);
    }
    return child;
}

static void finish(pid_t asked, pid_t child)
{
    int status = 0;
    must(waitpid(asked, &status, 0) == child && status == 0, "waitpid");
}

static void wait_for_ever(void)
{
    // Each has a timer that is far away.
    struct itimerval const far = {{0, 0}, {1000000, 0}};
    setitimer(ITIMER_REAL, &far, NULL);
    for (;;) pause();
}

static void make_children(int count)
{
    children = calloc((size_t)count, sizeof *children);
    must(children != NULL, "calloc");
    for (int i = 0; i < count; ++i) children[i] = start(wait_for_ever);
    child_count = count;
    // All of them wait now.
    for (int i = 0; i < 3; ++i) usleep(1000 + 100 * (useconds_t)count);
}

static void fork_one(int round)
{
    (void)round;
    pid_t const child = start(NULL);
    finish(child, child);
}

static void wait_any(int round)
{
    (void)round;
    finish(-1, start(NULL));
}

static void wait_in_vain(int round)
{
    (void)round;
    must(waitpid(-1, NULL, WNOHANG) == 0, "waitpid");
}

static void run_exit(void)
{
    char* const arguments[] = {"growth", "exit", NULL};
    execv("/proc/self/exe", arguments);
    _exit(1);
}

static void exec_one(int round)
{
    (void)round;
    pid_t const child = start(run_exit);
    finish(child, child);
}

static void in_own_group(void) { setpgid(0, 0); }

static void own_group(int round)
{
    (void)round;
    pid_t const child = start(in_own_group);
    finish(child, child);
}

static void become_leader(void) { setsid(); }

static void own_session(int round)
{
    (void)round;
    pid_t const child = start(become_leader);
    finish(child, child);
}

static void wait_for_signal(void)
{
    setpgid(0, 0);
    raise(SIGSTOP);
}

static void kill_group(int round)
{
    (void)round;
    pid_t const child = start(wait_for_signal);
    int status = 0;
    must(waitpid(child, &status, WUNTRACED) == child && WIFSTOPPED(status), "waitpid");
    must(kill(-child, SIGCONT) == 0, "kill");
    finish(child, child);
}

static void kill_one(int round) { must(kill(children[round * 7919 % child_count], 0) == 0, "kill"); }

static void set_timer(int round)
{
    struct itimerval const near = {{0, 0}, {1000 + round, 0}};
    must(setitimer(ITIMER_REAL, &near, NULL) == 0, "setitimer");
}

static void clear_timer(int round)
{
    (void)round;
    struct itimerval const off = {{0, 0}, {0, 0}};
    setitimer(ITIMER_REAL, &off, NULL);
}

static void show_process(int round)
{
    char path[64];
    struct stat status;
    snprintf(path, sizeof path, "/proc/%d/stat", (int)children[round * 7919 % child_count]);
    must(stat(path, &status) == 0, path);
}

static void other_user(void)
{
    must(setresuid(1000, 1000, 1000) == 0, "setresuid");
    for (int i = 0; i < 4; ++i) fork_one(i);
}

static void fork_as_user(int round)
{
    (void)round;
    pid_t const child = start(other_user);
    finish(child, child);
}

struct operation const process_operations[] = {
    {"fork", make_children, fork_one},
    {"wait_any", NULL, wait_any},
    {"wait_in_vain", NULL, wait_in_vain},
    {"exec", NULL, exec_one},
    {"own_group", NULL, own_group},
    {"own_session", NULL, own_session},
    {"kill", NULL, kill_one},
    {"kill_group", NULL, kill_group},
    {"set_timer", NULL, set_timer},
    {"clear_timer", NULL, clear_timer},
    {"proc_pid", NULL, show_process},
    {"pipe_beside", NULL, make_pipe},
    {"fork_as_user", NULL, fork_as_user},
    {NULL, NULL, NULL},
};
