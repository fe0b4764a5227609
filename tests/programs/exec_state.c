// What survives execve and what does not; execve in a process of several threads.
#include "support.h"

#include <pthread.h>

static const char* self;

static void handler(int number) { (void)number; }

static void report(void)
{
    struct sigaction action;
    sigaction(SIGUSR1, NULL, &action);
    printf("handler: %s flags %x\n", action.sa_handler == SIG_DFL ? "default" : "kept", (unsigned)action.sa_flags & ~0x04000000u);
    sigaction(SIGUSR2, NULL, &action);
    printf("ignored: %s\n", action.sa_handler == SIG_IGN ? "kept" : "lost");
    sigaction(SIGCHLD, NULL, &action);
    printf("SIGCHLD: %s\n", action.sa_handler == SIG_IGN ? "ignored" : "default");
    sigset_t set;
    sigprocmask(SIG_BLOCK, NULL, &set);
    printf("blocked: %d %d\n", sigismember(&set, SIGTERM), sigismember(&set, SIGINT));
    sigpending(&set);
    printf("pending: %d %d\n", sigismember(&set, SIGTERM), sigismember(&set, SIGINT));
    printf("alarm: %u\n", alarm(0));
    printf("nice: %d\n", getpriority(PRIO_PROCESS, 0));
    char cwd[200];
    printf("cwd: %s\n", getcwd(cwd, sizeof cwd));
    printf("umask: %o\n", (unsigned)umask(0));
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    printf("limit: %d %d\n", (int)limit.rlim_cur, (int)limit.rlim_max);
    printf("files: %d %d\n", fcntl(50, F_GETFD), fcntl(51, F_GETFD));
    stack_t stack;
    sigaltstack(NULL, &stack);
    printf("alternate stack: %d %d\n", stack.ss_flags, (int)stack.ss_size);
    printf("tid is pid: %d\n", syscall(SYS_gettid) == getpid());
    printf("group leader: %d session leader: %d\n", getpgrp() == getpid(), getsid(0) == getpid());
    printf("pid kept: %s\n", getenv("FORMER") != NULL && atoi(getenv("FORMER")) == getpid() ? "yes" : "no");
    unsigned control = 0;
    unsigned short word = 0;
    __asm__ volatile("stmxcsr %0; fnstcw %1" : "=m"(control), "=m"(word));
    printf("control words: %x %x\n", control, word);
    fflush(stdout);
}

static void set_up(void)
{
    signal(SIGUSR1, handler);
    signal(SIGUSR2, SIG_IGN);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGTERM);
    sigprocmask(SIG_BLOCK, &set, NULL);
    raise(SIGTERM);
    alarm(1000);
    setpriority(PRIO_PROCESS, 0, 5);
    CHECK(chdir("/tmp") == 0);
    umask(027);
    struct rlimit const limit = {100, 200};
    setrlimit(RLIMIT_NOFILE, &limit);
    dup2(1, 50);
    dup2(1, 51);
    fcntl(51, F_SETFD, FD_CLOEXEC);
    stack_t const stack = {malloc(16384), 0, 16384};
    sigaltstack(&stack, NULL);
    char number[20];
    snprintf(number, sizeof number, "%d", (int)getpid());
    setenv("FORMER", number, 1);
    unsigned const control = 0x7f80;
    unsigned short const word = 0xf7f;
    __asm__ volatile("ldmxcsr %0; fldcw %1" : : "m"(control), "m"(word));
}

static void* run_again(void* argument)
{
    (void)argument;
    execl(self, self, "report", NULL);
    die("exec");
    return NULL;
}

static void* spin(void* argument)
{
    (void)argument;
    for (;;) __asm__ volatile("");
    return NULL;
}

static void* sleep_long(void* argument)
{
    (void)argument;
    for (;;) pause();
    return NULL;
}

static void in_child(const char* what, void (*body)(void))
{
    printf("-- %s\n", what);
    fflush(stdout);
    pid_t const child = fork();
    if (child == 0) {
        body();
        _exit(99);
    }
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child);
    printf("%s\n", status_text(status));
}

static void plain(void)
{
    set_up();
    run_again(NULL);
}

static void from_thread(void)
{
    set_up();
    pthread_t thread;
    for (int i = 0; i < 4; ++i) pthread_create(&thread, NULL, i % 2 ? spin : sleep_long, NULL);
    pthread_create(&thread, NULL, run_again, NULL);
    sleep_long(NULL);
}

static void after_main_left(void)
{
    set_up();
    pthread_t thread;
    pthread_create(&thread, NULL, run_again, NULL);
    pthread_exit(NULL);
}

static void from_main(void)
{
    set_up();
    pthread_t thread;
    for (int i = 0; i < 4; ++i) pthread_create(&thread, NULL, i % 2 ? spin : sleep_long, NULL);
    usleep(1000);
    run_again(NULL);
}

static void in_vfork(void)
{
    set_up();
    pid_t const child = vfork();
    if (child == 0) run_again(NULL);
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child);
    struct sigaction action;
    sigaction(SIGUSR1, NULL, &action);
    printf("in the parent: %s, file %d, %s\n", action.sa_handler == handler ? "kept" : "lost", fcntl(51, F_GETFD), status_text(status));
    fflush(stdout);
    _exit(1);
}

static void fails(void)
{
    set_up();
    pthread_t thread;
    pthread_create(&thread, NULL, sleep_long, NULL);
    execl("/tmp", "/tmp", NULL);
    printf("directory: %s\n", error_name(errno));
    execl("/nowhere/at/all", "x", NULL);
    printf("nowhere: %s\n", error_name(errno));
    struct sigaction action;
    sigaction(SIGUSR1, NULL, &action);
    printf("still: %s, file %d\n", action.sa_handler == handler ? "kept" : "lost", fcntl(51, F_GETFD));
    fflush(stdout);
    _exit(2);
}

static int first_status, second_status;
static void* leave_later(void* argument)
{
    (void)argument;
    usleep(20000);
    syscall(SYS_exit, second_status);
    return NULL;
}

static void* leave_at_once(void* argument)
{
    (void)argument;
    syscall(SYS_exit, second_status);
    return NULL;
}

// Each thread calls exit for itself only: whose status is it?
static void exit_codes(int first, int second, void* (*other)(void*), const char* what)
{
    fflush(stdout);
    pid_t const child = fork();
    if (child == 0) {
        first_status = first;
        second_status = second;
        pthread_t thread;
        pthread_create(&thread, NULL, other, NULL);
        if (other == leave_at_once) usleep(20000);
        syscall(SYS_exit, first_status);
    }
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child);
    printf("%s: %s\n", what, status_text(status));
}

int main(int count, char** arguments)
{
    self = arguments[0];
    if (count > 1) {
        report();
        _exit(3);
    }
    in_child("one thread", plain);
    in_child("from a thread", from_thread);
    in_child("after the main thread has left", after_main_left);
    in_child("from the main thread of several", from_main);
    in_child("in a vfork child", in_vfork);
    in_child("failing", fails);
    exit_codes(4, 5, leave_later, "main thread 4, then another 5");
    exit_codes(4, 0, leave_later, "main thread 4, then another 0");
    exit_codes(4, 5, leave_at_once, "another 5, then main thread 4");
    return 0;
}
