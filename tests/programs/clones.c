// clone's flags: which combinations are refused, and what is shared after each.
#include "support.h"

#include <sched.h>

static char stack[65536] __attribute__((aligned(16)));
static volatile int shared_word;
static int ends[2];

static void show_error(const char* what, unsigned long flags)
{
    long const result = syscall(SYS_clone, flags, NULL, NULL, NULL, 0);
    if (result == 0) _exit(0);
    printf("%s: %s\n", what, result < 0 ? error_name(errno) : "made");
    if (result > 0) waitpid((pid_t)result, NULL, __WALL);
}

static int change_all(void* argument)
{
    (void)argument;
    shared_word = 1;
    (void)!chdir("/");
    umask(077);
    close(ends[0]);
    struct sigaction action = {0};
    action.sa_handler = SIG_IGN;
    sigaction(SIGUSR2, &action, NULL);
    sigset_t set;
    sigfillset(&set);
    sigprocmask(SIG_SETMASK, &set, NULL);
    return 7;
}

static void try_flags(const char* name, int flags)
{
    shared_word = 0;
    CHECK(chdir("/tmp") == 0);
    umask(022);
    CHECK(pipe(ends) == 0);
    signal(SIGUSR2, SIG_DFL);
    fflush(stdout);
    pid_t const child = clone(change_all, stack + sizeof stack, flags | SIGCHLD, NULL);
    CHECK(child > 0);
    int status = 0;
    CHECK(waitpid(child, &status, __WALL) == child);
    char cwd[256];
    CHECK(getcwd(cwd, sizeof cwd) != NULL);
    mode_t const mask = umask(022);
    struct sigaction action;
    sigaction(SIGUSR2, NULL, &action);
    sigset_t set;
    sigprocmask(SIG_BLOCK, NULL, &set);
    printf("%s: memory %d cwd %s umask %o file %s action %s mask %d, %s\n", name, shared_word, cwd, (unsigned)mask,
           fcntl(ends[0], F_GETFD) < 0 ? "closed" : "open", action.sa_handler == SIG_IGN ? "ignored" : "default",
           sigismember(&set, SIGUSR1), status_text(status));
    close(ends[0]);
    close(ends[1]);
}

static int tids[2];
static int see_tids(void* argument)
{
    (void)argument;
    return tids[0] == getpid() ? (tids[1] == getpid() ? 3 : 1) : (tids[1] == getpid() ? 2 : 0);
}

static void tid_words(const char* name, int flags)
{
    tids[0] = tids[1] = -1;
    pid_t const child = clone(see_tids, stack + sizeof stack, flags | SIGCHLD, NULL, &tids[0], NULL, &tids[1]);
    CHECK(child > 0);
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child);
    printf("%s: child saw %d; parent has %s %s\n", name, WEXITSTATUS(status), tids[0] == child ? "tid" : tids[0] == 0 ? "0" : "-",
           tids[1] == child ? "tid" : tids[1] == 0 ? "0" : "-");
}

static int with_parent(void* argument)
{
    return getppid() == *(pid_t*)argument ? 1 : 0;
}

static int vfork_exec_fails(void)
{
    char* const arguments[] = {"nothing", NULL};
    pid_t const child = vfork();
    if (child == 0) {
        execv("/tmp/there/is/nothing", arguments);
        shared_word = errno;
        _exit(12);
    }
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child);
    printf("vfork, exec fails: %s %s\n", error_name(shared_word), status_text(status));
    return 0;
}

static int killed_child(void* argument)
{
    (void)argument;
    shared_word = 5;
    kill(getpid(), SIGKILL);
    return 0;
}

struct arguments3 {
    uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid, set_tid_size, cgroup, more;
};

static void show3(const char* what, struct arguments3* arguments, size_t size)
{
    long const result = syscall(435, arguments, size);
    if (result == 0) _exit(0);
    printf("clone3 %s: %s\n", what, result < 0 ? error_name(errno) : "made");
    if (result > 0) waitpid((pid_t)result, NULL, __WALL);
}

int main(void)
{
    show_error("thread without sighand", CLONE_THREAD | CLONE_VM);
    show_error("sighand without vm", CLONE_SIGHAND);
    show_error("thread, sighand without vm", CLONE_THREAD | CLONE_SIGHAND);
    show_error("fs and newns", CLONE_FS | CLONE_NEWNS);
    show_error("signal 65", 65);
    signal(64, SIG_IGN);
    show_error("signal 64", 64);
    show_error("signal 255", 255);
    show_error("detached", CLONE_DETACHED | SIGCHLD);
    show_error("untraced", CLONE_UNTRACED | SIGCHLD);
    show_error("io", 0x80000000ul | SIGCHLD);
    show_error("sysvsem", CLONE_SYSVSEM | SIGCHLD);
    struct arguments3 arguments = {0};
    arguments.exit_signal = SIGCHLD;
    show3("plain", &arguments, 88);
    show3("first size", &arguments, 64);
    show3("too small", &arguments, 63);
    show3("too large", &arguments, 5000);
    show3("longer", &arguments, 96);
    arguments.more = 1;
    show3("longer, not zero", &arguments, 96);
    arguments.flags = SIGCHLD;
    show3("signal in flags", &arguments, 88);
    arguments.flags = 0;
    arguments.stack = (uint64_t)stack;
    show3("stack without size", &arguments, 88);
    arguments.stack = 0;
    arguments.stack_size = 4096;
    show3("size without stack", &arguments, 88);
    arguments.stack_size = 0;
    arguments.exit_signal = 65;
    show3("signal 65", &arguments, 88);
    arguments.exit_signal = SIGCHLD;
    arguments.flags = CLONE_THREAD | CLONE_VM | CLONE_SIGHAND;
    show3("thread with signal", &arguments, 88);
    arguments.flags = 0x100000000ull;
    show3("clear sighand", &arguments, 88);
    arguments.flags = 0x100000000ull | CLONE_SIGHAND | CLONE_VM;
    show3("clear and share", &arguments, 88);
    printf("clone3 bad address: ");
    printf("%ld %s\n", syscall(435, (void*)16, 88), error_name(errno));

    try_flags("nothing", 0);
    try_flags("vm", CLONE_VM);
    try_flags("fs", CLONE_FS);
    try_flags("files", CLONE_FILES);
    try_flags("vm+sighand", CLONE_VM | CLONE_SIGHAND);
    try_flags("vfork", CLONE_VM | CLONE_VFORK);
    try_flags("vfork alone", CLONE_VFORK);
    try_flags("all", CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND);
    tid_words("parent_settid", CLONE_PARENT_SETTID);
    tid_words("child_settid", CLONE_CHILD_SETTID);
    tid_words("both, vm", CLONE_PARENT_SETTID | CLONE_CHILD_SETTID | CLONE_VM);
    tid_words("cleartid, vm", CLONE_CHILD_CLEARTID | CLONE_CHILD_SETTID | CLONE_VM);
    tid_words("cleartid", CLONE_CHILD_CLEARTID | CLONE_PARENT_SETTID);
    pid_t parent = getppid();
    (void)parent;
    fflush(stdout);
    pid_t const middle = fork();
    if (middle == 0) {
        pid_t grand = getppid();
        pid_t const child = clone(with_parent, stack + sizeof stack, CLONE_PARENT | SIGCHLD, &grand);
        _exit(child > 0 && waitpid(child, NULL, 0) < 0 && errno == ECHILD ? 1 : 0);
    }
    int status = 0, sum = 0;
    while (waitpid(-1, &status, 0) > 0) sum += WEXITSTATUS(status);
    printf("parent's child: %d\n", sum);
    vfork_exec_fails();
    pid_t const killed = clone(killed_child, stack + sizeof stack, CLONE_VM | CLONE_VFORK | SIGCHLD, NULL);
    CHECK(waitpid(killed, &status, 0) == killed);
    printf("vfork, killed: %d %s\n", shared_word, status_text(status));
    return 0;
}
