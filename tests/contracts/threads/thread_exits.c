// exit(2), exit_group(2), pthreads(7): a process lives until its last thread has gone, a zombie in
// between if the first one goes first; its status is that of exit_group(2), or else of the thread
// that goes last.
#include "tests/contracts/threads/futex.h"

static int go;

static void* end_last(void* status)
{
    // The first thread is gone when its entry says so.
    wait_for_state(getpid(), 'Z');
    printf("  the first has gone\n");
    fflush(stdout);
    syscall(SYS_exit, (int)(long)status);
    return NULL;
}

static void* end_all(void* status)
{
    syscall(SYS_exit_group, (int)(long)status);
    return NULL;
}

static void* sleep_on(void* unused)
{
    for (;;) futex(&go, kWait, 0, NULL, NULL, 0);
    return unused;
}

static void* end_alone(void* unused)
{
    syscall(SYS_exit, 9);
    return unused;
}

static void begin(void* (*body)(void*), long argument)
{
    pthread_t thread;
    require(pthread_create(&thread, NULL, body, (void*)argument) == 0, "thread");
}

int main(void)
{
    pid_t child = fork_child();
    if (child == 0) {
        begin(end_last, 5);
        syscall(SYS_exit, 3);
    }
    show_end("first thread first", child);
    child = fork_child();
    if (child == 0) {
        begin(sleep_on, 0);
        begin(sleep_on, 0);
        begin(end_all, 6);
        sleep_on(NULL);
    }
    show_end("exit_group in a thread", child);
    child = fork_child();
    if (child == 0) {
        begin(sleep_on, 0);
        begin(end_alone, 0);
        leave(7);
    }
    show_end("exit_group in the first", child);
    child = fork_child();
    if (child == 0) {
        begin(end_last, 256 + 8);
        pthread_exit(NULL);
    }
    show_end("low bits of the last", child);
    child = fork_child();
    if (child == 0) {
        begin(sleep_on, 0);
        begin(sleep_on, 0);
        syscall(SYS_exit, 1);
    }
    wait_for_state(child, 'Z');
    int status = 0;
    show("not over while threads sleep", waitpid(child, &status, WNOHANG));
    show("a signal for the process", kill(child, SIGTERM));
    show_end("killed without its first thread", child);
    return 0;
}
