// Resource limits: what happens at each of them, and who may change them.
#include "support.h"

static void show(const char* what, long result)
{
    printf("%s: %s\n", what, result < 0 ? error_name(errno) : "ok");
}

static int xfsz;
static void on_xfsz(int number) { xfsz = number; }

static void in_child(const char* what, void (*body)(void))
{
    printf("-- %s\n", what);
    fflush(stdout);
    pid_t const child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        body();
        fflush(stdout);
        _exit(0);
    }
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child);
    printf("%s\n", status_text(status));
}

static void set(int resource, rlim_t soft)
{
    struct rlimit limit;
    getrlimit(resource, &limit);
    limit.rlim_cur = soft;
    CHECK(setrlimit(resource, &limit) == 0);
}

static void file_size(void)
{
    signal(SIGXFSZ, on_xfsz);
    int const file = open("/tmp/limits.file", O_RDWR | O_CREAT | O_TRUNC, 0600);
    set(RLIMIT_FSIZE, 1000);
    char data[600] = {0};
    printf("%d\n", (int)write(file, data, 600));
    printf("%d %d\n", (int)write(file, data, 600), xfsz);
    printf("%d ", (int)write(file, data, 600));
    printf("%s signal %d\n", error_name(errno), xfsz);
    xfsz = 0;
    printf("pwrite behind: %d ", (int)pwrite(file, data, 1, 5000));
    printf("%s %d\n", error_name(errno), xfsz);
    xfsz = 0;
    show("truncate", ftruncate(file, 2000));
    printf("signal %d\n", xfsz);
    xfsz = 0;
    show("truncate at", ftruncate(file, 1000));
    show("fallocate", fallocate(file, 0, 0, 2000));
    printf("signal %d\n", xfsz);
    int ends[2];
    CHECK(pipe(ends) == 0);
    static char many[3000];
    printf("pipe: %d\n", (int)write(ends[1], many, 3000));
    signal(SIGXFSZ, SIG_IGN);
    lseek(file, 0, SEEK_END);
    printf("ignored: %d ", (int)write(file, data, 600));
    printf("%s\n", error_name(errno));
    unlink("/tmp/limits.file");
    fflush(stdout);
    signal(SIGXFSZ, SIG_DFL);
    (void)!write(file, data, 600);
}

static void open_files(void)
{
    set(RLIMIT_NOFILE, 10);
    int count = 0;
    while (dup(0) >= 0) ++count;
    printf("%d %s\n", count, error_name(errno));
    show("dup2 at the limit", dup2(0, 10));
    show("dup2 below", dup2(0, 9));
    show("F_DUPFD at the limit", fcntl(0, F_DUPFD, 10));
    show("F_DUPFD below", fcntl(0, F_DUPFD, 9));
    int ends[2];
    show("pipe", pipe(ends));
    show("open", open("/", O_RDONLY));
    close(9);
    show("pipe with one", pipe(ends));
    show("open with one", open("/", O_RDONLY));
}

static void processes(void)
{
    CHECK(setgid(54321) == 0);
    CHECK(setuid(54321) == 0);
    set(RLIMIT_NPROC, 4);
    int made = 0;
    while (made < 10) {
        fflush(stdout);
        pid_t const child = fork();
        if (child < 0) break;
        if (child == 0) {
            for (;;) pause();
        }
        ++made;
    }
    printf("made %d, %s\n", made, error_name(errno));
    kill(0, SIGKILL);
}

static void processes_in_group(void)
{
    setpgid(0, 0);
    processes();
}

static int deep(int n)
{
    volatile char room[4096];
    room[0] = (char)n;
    return n <= 0 ? room[0] : deep(n - 1) + room[0];
}

static void stack(void)
{
    printf("%d\n", deep(100) != 12345);
    set(RLIMIT_STACK, 256 * 1024);
    printf("%d\n", deep(20) != 12345);
    fflush(stdout);
    deep(4000);
}

static void address_space(void)
{
    set(RLIMIT_AS, 64 << 20);
    void* const big = mmap(NULL, 100 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    printf("100 MiB: %s\n", big == MAP_FAILED ? error_name(errno) : "mapped");
    void* const small = mmap(NULL, 10 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    printf("10 MiB: %s\n", small == MAP_FAILED ? error_name(errno) : "mapped");
}

static void data(void)
{
    set(RLIMIT_DATA, 16 << 20);
    void* const before = (void*)syscall(SYS_brk, 0);
    printf("brk 32 MiB: %d\n", (void*)syscall(SYS_brk, (char*)before + (32 << 20)) == before);
    void* const big = mmap(NULL, 32 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    printf("32 MiB writable: %s\n", big == MAP_FAILED ? error_name(errno) : "mapped");
}

static void pending(void)
{
    set(RLIMIT_SIGPENDING, 5);
    sigset_t blocked;
    sigemptyset(&blocked);
    sigaddset(&blocked, SIGRTMIN);
    sigaddset(&blocked, SIGUSR1);
    sigprocmask(SIG_BLOCK, &blocked, NULL);
    // Other processes of the same user count too on Linux, so only the failure is compared.
    int queued = 0;
    while (queued < 1000 && sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = queued}) == 0) ++queued;
    printf("full: %s %d\n", error_name(errno), queued <= 5);
    show("kill", kill(getpid(), SIGRTMIN));
    show("standard by sigqueue", sigqueue(getpid(), SIGUSR1, (union sigval){.sival_int = 7}));
    siginfo_t info;
    sigset_t one;
    sigemptyset(&one);
    sigaddset(&one, SIGUSR1);
    sigwaitinfo(&one, &info);
    printf("arrived: %d\n", info.si_signo);
}

static void rights(void)
{
    struct rlimit limit = {10, 5};
    show("soft above hard", setrlimit(RLIMIT_NOFILE, &limit));
    show("bad resource", setrlimit(16, &limit));
    show("get bad resource", getrlimit(16, &limit));
    show("prlimit nobody", prlimit(999999, RLIMIT_NOFILE, NULL, &limit));
    show("prlimit negative", prlimit(-5, RLIMIT_NOFILE, NULL, &limit));
    show("bad address", syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, (void*)16, NULL));
    show("nothing", syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, NULL, NULL));
    limit = (struct rlimit){50, 60};
    struct rlimit old;
    pid_t const child = fork();
    if (child == 0) {
        for (;;) pause();
    }
    CHECK(prlimit(child, RLIMIT_NOFILE, &limit, &old) == 0);
    CHECK(prlimit(child, RLIMIT_NOFILE, NULL, &old) == 0);
    printf("child has %d %d\n", (int)old.rlim_cur, (int)old.rlim_max);
    kill(child, SIGKILL);
    CHECK(setrlimit(RLIMIT_NOFILE, &limit) == 0);
    CHECK(setresuid(1000, 1000, 1000) == 0);
    limit = (struct rlimit){60, 61};
    show("user raises hard", setrlimit(RLIMIT_NOFILE, &limit));
    limit = (struct rlimit){60, 60};
    show("user raises soft", setrlimit(RLIMIT_NOFILE, &limit));
    limit = (struct rlimit){0, 0};
    show("user lowers all", setrlimit(RLIMIT_NOFILE, &limit));
    show("parent's", prlimit(getppid(), RLIMIT_NOFILE, NULL, &limit));
}

static void priorities(void)
{
    show("bad which", getpriority(7, 0));
    show("nobody", getpriority(PRIO_PROCESS, 999999));
    show("set nobody", setpriority(PRIO_PROCESS, 999999, 0));
    show("group nobody", getpriority(PRIO_PGRP, 999999));
    show("user nobody", getpriority(PRIO_USER, 999999));
    show("set 100", setpriority(PRIO_PROCESS, 0, 100));
    printf("is %d\n", getpriority(PRIO_PROCESS, 0));
    show("set -100", setpriority(PRIO_PROCESS, 0, -100));
    errno = 0;
    printf("is %d\n", getpriority(PRIO_PROCESS, 0));
    setpriority(PRIO_PROCESS, 0, 3);
    fflush(stdout);
    pid_t const child = fork();
    if (child == 0) _exit(getpriority(PRIO_PROCESS, 0));
    int status;
    CHECK(waitpid(child, &status, 0) == child);
    printf("child: %s\n", status_text(status));
    printf("nice: %d", nice(4));
    printf(" %d\n", getpriority(PRIO_PGRP, 0));
    CHECK(setresuid(1000, 1000, 1000) == 0);
    show("lower", setpriority(PRIO_PROCESS, 0, 2));
    show("same", setpriority(PRIO_PROCESS, 0, 7));
    show("higher", setpriority(PRIO_PROCESS, 0, 9));
    show("init's", setpriority(PRIO_PROCESS, (id_t)getppid(), 10));
}

int main(void)
{
    in_child("file size", file_size);
    in_child("open files", open_files);
    in_child("processes", processes_in_group);
    in_child("stack", stack);
    in_child("address space", address_space);
    in_child("data", data);
    in_child("pending signals", pending);
    in_child("rights", rights);
    in_child("priorities", priorities);
    return 0;
}
