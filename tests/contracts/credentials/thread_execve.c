// execve(2) of a thread: the program runs with that thread's ids and what its capabilities become,
// and other threads' ids are gone with them. A set-user-id program counts from the caller's ids.
#include "tests/contracts/credentials/thread_support.h"

static struct worker worker;
static char const* program;

static void run_program(void)
{
    printf("worker executes\n");
    fflush(stdout);
    execl(program, program, "shows", (char*)NULL);
    printf("execl: %s\n", error_name(errno));
    fflush(stdout);
    _exit(1);
}

static void take_user(void)
{
    gid_t const group = 77;
    require(syscall(SYS_setgroups, 1, &group) == 0, "groups");
    require(syscall(SYS_setresuid, 1000, 1000, 1000) == 0, "ids");
}

static void run_child(char const* what, void (*before_in_main)(void), void (*before)(void))
{
    pid_t const child = fork_child();
    if (child == 0) {
        start_worker(&worker);
        if (before_in_main != NULL) before_in_main();
        if (before != NULL) run_in(&worker, before);
        run_in(&worker, run_program);
        for (;;) pause();
    }
    show_end(what, child);
}

int main(int count, char** arguments)
{
    program = arguments[0];
    if (count > 1) {
        show_status_of("program", "/proc/self/status");
        printf("main thread %d\n", own_tid() == getpid());
        return 0;
    }
    program = "./copy";
    int const source = open("/proc/self/exe", O_RDONLY);
    int const target = open(program, O_WRONLY | O_CREAT | O_EXCL, 0755);
    require(source >= 0 && target >= 0, "copy");
    char buffer[4096];
    ssize_t size;
    while ((size = read(source, buffer, sizeof buffer)) > 0) {
        require(write(target, buffer, (size_t)size) == size, "write");
    }
    close(source);
    close(target);
    run_child("both root", NULL, NULL);
    run_child("the worker a user", NULL, take_user);
    run_child("main a user", take_user, NULL);
    require(chown(program, 2000, 0) == 0 && chmod(program, 04755) == 0, "mode");
    run_child("set-user-id, the worker a user", NULL, take_user);
    run_child("set-user-id, main a user", take_user, NULL);
    return 0;
}
