// An init, the first process of a machine or of a process namespace (pid_namespaces(7), signal(7)):
// which signals reach it, and what becomes of orphans.
#define _GNU_SOURCE
#include "support.h"

#include <sched.h>
#include <sys/prctl.h>

static volatile sig_atomic_t caught;
static void on_signal(int number) { caught = number; }

static void tell(char const* what, int status)
{
    if (WIFSIGNALED(status)) {
        printf("%s: signal %d\n", what, WTERMSIG(status));
    } else {
        printf("%s: status %d\n", what, WEXITSTATUS(status));
    }
}

static void tell_error(char const* what, long result) { printf("%s: %ld %s\n", what, result, error_name(errno)); }

static char state_of(pid_t process)
{
    char path[64], line[512] = "";
    snprintf(path, sizeof path, "/proc/%d/stat", process);
    FILE* file = fopen(path, "r");
    if (file == NULL) return '-';
    char const* read = fgets(line, sizeof line, file);
    fclose(file);
    char const* end = read == NULL ? NULL : strrchr(line, ')');
    return end == NULL ? '?' : end[2];
}

static void wait_for_state(pid_t process, char state)
{
    while (state_of(process) != state) usleep(1000);
}

static void signals_without_handler(void)
{
    int const numbers[] = {SIGTERM, SIGINT, SIGHUP, SIGQUIT, SIGKILL, SIGSTOP, SIGTSTP, SIGUSR1, SIGABRT, SIGSEGV, SIGRTMIN};
    for (unsigned i = 0; i < sizeof numbers / sizeof *numbers; ++i) {
        printf("kill %d: %d\n", numbers[i], kill(1, numbers[i]));
    }
    printf("raise: %d\n", raise(SIGPIPE));
    pid_t const child = fork();
    if (child == 0) _exit(kill(1, SIGKILL) == 0 && kill(1, SIGTERM) == 0 ? 5 : 6);
    int status = 0;
    waitpid(child, &status, 0);
    tell("child that kills", status);
    printf("alarm: %d\n", (int)alarm(1));
    printf("sleep: %d\n", (int)sleep(2));
}

static void signals_with_handler(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGTERM, &action, NULL);
    kill(1, SIGTERM);
    printf("caught: %d\n", caught);
    signal(SIGTERM, SIG_DFL);
    caught = 0;
    kill(1, SIGTERM);
    printf("caught: %d\n", caught);
}

static void blocked_signals(void)
{
    sigset_t set, pending;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGUSR2);
    sigprocmask(SIG_BLOCK, &set, NULL);
    kill(1, SIGUSR1);
    kill(1, SIGUSR2);
    sigpending(&pending);
    printf("pending: %d %d\n", sigismember(&pending, SIGUSR1), sigismember(&pending, SIGUSR2));
    sigemptyset(&pending);
    sigaddset(&pending, SIGUSR2);
    struct timespec const now = {0, 0};
    printf("taken: %d\n", sigtimedwait(&pending, NULL, &now));
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    printf("let through\n");
}

// A grandchild whose parent ends before it does.
static pid_t orphan(int status)
{
    int pipes[2];
    if (pipe(pipes) != 0) return -1;
    pid_t const child = fork();
    if (child == 0) {
        pid_t const parent = getpid();
        pid_t const grandchild = fork();
        if (grandchild == 0) {
            while (getppid() == parent) usleep(1000);
            _exit(getppid() == 1 ? status : 100);
        }
        write(pipes[1], &grandchild, sizeof grandchild);
        _exit(0);
    }
    pid_t made = 0;
    read(pipes[0], &made, sizeof made);
    close(pipes[0]);
    close(pipes[1]);
    waitpid(child, NULL, 0);
    return made;
}

static void orphans(void)
{
    int status = 0;
    pid_t made = orphan(7);
    wait_for_state(made, 'Z');
    printf("zombie: %c\n", state_of(made));
    printf("waited: %d\n", waitpid(made, &status, 0) == made);
    tell("orphan", status);
    printf("gone: %c\n", state_of(made));
    made = orphan(8);
    printf("any: %d\n", wait(&status) == made);
    tell("orphan", status);
    tell_error("no more", wait(&status));
    signal(SIGCHLD, SIG_IGN);
    made = orphan(9);
    while (state_of(made) != '-') usleep(1000);
    tell_error("ignored", wait(&status));
    signal(SIGCHLD, SIG_DFL);
}

// One that was a zombie before its parent ended, and told nobody.
static void inherited_zombie(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    sigaction(SIGCHLD, &action, NULL);
    pid_t const child = fork();
    if (child == 0) {
        signal(SIGCHLD, SIG_DFL);
        signal(SIGUSR2, SIG_IGN);
        long const grandchild = syscall(SYS_clone, SIGUSR2, 0, 0, 0, 0);
        if (grandchild == 0) _exit(11);
        wait_for_state((pid_t)grandchild, 'Z');
        _exit(12);
    }
    int status = 0, sum = 0;
    while (wait(&status) > 0 || errno == EINTR) {
        sum += WEXITSTATUS(status);
        status = 0;
    }
    printf("both: %d, signal %d\n", sum, caught);
    signal(SIGCHLD, SIG_DFL);
}

static void subreaper(void)
{
    int wanted = 0, status = 0;
    prctl(PR_GET_CHILD_SUBREAPER, &wanted, 0, 0, 0);
    printf("at first: %d\n", wanted);
    fflush(stdout);
    pid_t const child = fork();
    if (child == 0) {
        printf("set: %d\n", prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0));
        prctl(PR_GET_CHILD_SUBREAPER, &wanted, 0, 0, 0);
        printf("then: %d\n", wanted);
        pid_t const heir = fork();
        if (heir == 0) {
            prctl(PR_GET_CHILD_SUBREAPER, &wanted, 0, 0, 0);
            _exit(wanted);
        }
        waitpid(heir, &status, 0);
        tell("inherited", status);
        pid_t const made = orphan(13);
        waitpid(made, &status, 0);
        tell("orphan of a subreaper", status);
        fflush(stdout);
        // Its own child goes to init in the end.
        if (fork() == 0) {
            while (getppid() != 1) usleep(1000);
            _exit(14);
        }
        _exit(15);
    }
    waitpid(child, &status, 0);
    tell("subreaper", status);
    wait(&status);
    tell("its child", status);
}

static void group_and_session(void)
{
    printf("group %d session %d parent %d\n", getpgrp(), getsid(0), getppid());
    pid_t const child = fork();
    if (child == 0) {
        printf("child: group %d session %d, kill %d\n", getpgrp(), getsid(0), kill(0, 0));
        fflush(stdout);
        _exit(0);
    }
    waitpid(child, NULL, 0);
    int const session = setsid();
    printf("setsid: %d, group %d session %d\n", session, getpgrp(), getsid(0));
    tell_error("sibling", syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0));
}

static void end_of_all(void)
{
    for (int i = 0; i < 3; ++i) {
        if (fork() == 0) {
            for (;;) pause();
        }
    }
    printf("kill all: %d\n", kill(-1, SIGKILL));
    int count = 0, status = 0;
    while (wait(&status) > 0) count += WIFSIGNALED(status);
    printf("killed: %d\n", count);
}

int main(void)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("pid %d\n", getpid());
    group_and_session();
    signals_without_handler();
    signals_with_handler();
    blocked_signals();
    orphans();
    inherited_zombie();
    subreaper();
    end_of_all();
    // What is left ends with it, zombies too; and a fault of its own ends it.
    orphan(0);
    if (fork() == 0) {
        for (;;) pause();
    }
    *(volatile int*)8 = 1;
    return 1;
}
