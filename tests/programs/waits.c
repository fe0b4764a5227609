// wait4 and waitid: options, what siginfo_t says, ignored SIGCHLD, stops, groups, reparenting.
#include "support.h"

static void show(const char* what, long result)
{
    printf("%s: %s\n", what, result < 0 ? error_name(errno) : result == 0 ? "0" : "pid");
}

static void show_info(const char* what, int result, const siginfo_t* info, pid_t child)
{
    printf("%s: %s signo %d errno %d code %d pid %s uid %d status %d\n", what, result < 0 ? error_name(errno) : "0",
           info->si_signo, info->si_errno, info->si_code,
           info->si_pid == child ? "child" : info->si_pid == 0 ? "0" : "other", (int)info->si_uid, info->si_status);
}

static pid_t start(int status)
{
    fflush(stdout);
    pid_t const child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        if (status < 0) {
            for (;;) pause();
        }
        _exit(status);
    }
    return child;
}

static volatile int chld_count, chld_code, chld_status;
static void on_chld(int number, siginfo_t* info, void* context)
{
    (void)number;
    (void)context;
    ++chld_count;
    chld_code = info->si_code;
    chld_status = info->si_status;
}

static void errors(void)
{
    siginfo_t info;
    show("no child", waitpid(-1, NULL, 0));
    show("no child, WNOHANG", waitpid(-1, NULL, WNOHANG));
    show("bad options", waitpid(-1, NULL, 0x100));
    show("WEXITED to wait4", waitpid(-1, NULL, WEXITED));
    show("INT_MIN", syscall(SYS_wait4, 0x80000000, NULL, 0, NULL));
    memset(&info, 0x55, sizeof info);
    show("waitid none", waitid(P_ALL, 0, &info, WEXITED));
    printf("siginfo after ECHILD: %d %d %d\n", info.si_signo, info.si_code, info.si_status);
    memset(&info, 0x55, sizeof info);
    show("waitid no kind", waitid(P_ALL, 0, &info, WNOHANG));
    printf("siginfo after EINVAL: %d %d\n", info.si_signo, info.si_code);
    show("waitid bad type", waitid(17, 0, &info, WEXITED));
    show("waitid pid 0", waitid(P_PID, 0, &info, WEXITED));
    show("waitid pid -1", waitid(P_PID, -1, &info, WEXITED));
    show("waitid group -1", waitid(P_PGID, -1, &info, WEXITED));
    pid_t const child = start(-1);
    show("other pid", waitpid(child + 1, NULL, 0));
    show("other group", waitpid(-child, NULL, 0));
    show("nothing yet", waitpid(child, NULL, WNOHANG));
    memset(&info, 0x55, sizeof info);
    int const result = waitid(P_PID, child, &info, WEXITED | WNOHANG);
    show_info("nothing yet, waitid", result, &info, child);
    show("bad address", waitpid(child, (int*)16, WNOHANG));
    kill(child, SIGKILL);
    CHECK(waitpid(child, NULL, 0) == child);
    show("taken", waitpid(child, NULL, 0));
    pid_t const other = start(3);
    CHECK(waitid(P_PID, other, NULL, WEXITED | WNOWAIT) == 0);
    show("bad address, exited", syscall(SYS_wait4, other, (int*)16, 0, NULL));
    show("then", waitpid(other, NULL, 0));
}

static void matrix(void)
{
    siginfo_t info;
    pid_t child = start(258);
    memset(&info, 0, sizeof info);
    int result = waitid(P_PID, child, &info, WEXITED | WNOWAIT);
    show_info("exited, WNOWAIT", result, &info, child);
    show("stopped only", waitid(P_PID, child, &info, WSTOPPED | WNOHANG));
    result = waitid(P_ALL, 0, &info, WEXITED);
    show_info("exited", result, &info, child);
    child = start(-1);
    kill(child, SIGTERM);
    result = waitid(P_PID, child, &info, WEXITED);
    show_info("killed", result, &info, child);
    child = start(-1);
    kill(child, SIGSTOP);
    result = waitid(P_PID, child, &info, WSTOPPED | WNOWAIT);
    show_info("stopped, WNOWAIT", result, &info, child);
    result = waitid(P_PID, child, &info, WSTOPPED);
    show_info("stopped", result, &info, child);
    memset(&info, 0, sizeof info);
    result = waitid(P_PID, child, &info, WSTOPPED | WNOHANG);
    show_info("stopped again", result, &info, child);
    show("wait4 without WUNTRACED", waitpid(child, NULL, WNOHANG));
    kill(child, SIGCONT);
    result = waitid(P_PID, child, &info, WCONTINUED | WNOWAIT);
    show_info("continued, WNOWAIT", result, &info, child);
    int status = 0;
    show("continued, wait4", waitpid(child, &status, WCONTINUED));
    printf("%x\n", (unsigned)status);
    memset(&info, 0, sizeof info);
    result = waitid(P_PID, child, &info, WCONTINUED | WNOHANG);
    show_info("continued again", result, &info, child);
    kill(child, SIGSTOP);
    CHECK(waitpid(child, &status, WUNTRACED) == child);
    printf("%x\n", (unsigned)status);
    kill(child, SIGTERM);
    show("stopped, SIGTERM", waitpid(child, &status, WNOHANG));
    kill(child, SIGCONT);
    while (waitpid(child, &status, WCONTINUED) == child && WIFCONTINUED(status)) {}
    printf("%s\n", status_text(status));
    child = start(-1);
    kill(child, SIGSTOP);
    CHECK(waitpid(child, &status, WUNTRACED) == child);
    kill(child, SIGKILL);
    CHECK(waitpid(child, &status, WCONTINUED) == child);
    printf("killed while stopped: %s\n", status_text(status));
}

static void groups(void)
{
    siginfo_t info;
    pid_t const a = start(-1), b = start(-1);
    CHECK(setpgid(a, a) == 0);
    CHECK(setpgid(b, a) == 0);
    show("own group", waitpid(0, NULL, WNOHANG));
    show("own group, P_PGID", waitid(P_PGID, 0, &info, WEXITED | WNOHANG));
    show("that group", waitpid(-a, NULL, WNOHANG));
    kill(-a, SIGKILL);
    int status = 0;
    CHECK(waitid(P_PGID, a, &info, WEXITED) == 0);
    CHECK(info.si_code == CLD_KILLED);
    CHECK(waitpid(-a, &status, 0) > 0);
    show("that group, empty", waitpid(-a, NULL, 0));
}

static void clone_kind(void)
{
    fflush(stdout);
    pid_t const child = (pid_t)syscall(SYS_clone, 0, NULL, NULL, NULL, 0);
    CHECK(child >= 0);
    if (child == 0) _exit(4);
    show("child without signal, plain wait", waitpid(-1, NULL, 0));
    int status = 0;
    CHECK(waitpid(-1, &status, 0x80000000) == child);
    printf("with __WCLONE: %s\n", status_text(status));
    pid_t const ordinary = start(5);
    show("ordinary child, __WCLONE", waitpid(-1, NULL, 0x80000000));
    CHECK(waitpid(-1, &status, 0x40000000) == ordinary);
    printf("with __WALL: %s\n", status_text(status));
    pid_t const other = (pid_t)syscall(SYS_clone, SIGUSR1, NULL, NULL, NULL, 0);
    if (other == 0) _exit(6);
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    siginfo_t info;
    CHECK(sigwaitinfo(&set, &info) == SIGUSR1);
    printf("SIGUSR1 as exit signal: code %d status %d\n", info.si_code, info.si_status);
    CHECK(waitpid(other, &status, 0x40000000) == other);
}

static void ignored(int by_flag)
{
    struct sigaction action = {0};
    action.sa_sigaction = on_chld;
    action.sa_flags = SA_SIGINFO | SA_RESTART | (by_flag ? SA_NOCLDWAIT : 0);
    if (!by_flag) {
        action.sa_handler = SIG_IGN;
        action.sa_flags = 0;
    }
    sigaction(SIGCHLD, &action, NULL);
    chld_count = 0;
    start(1);
    pid_t const b = start(2);
    show(by_flag ? "SA_NOCLDWAIT" : "ignored", waitpid(b, NULL, 0));
    show("and any", waitpid(-1, NULL, 0));
    printf("handler ran: %d\n", chld_count > 0);
    sigset_t set, old;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    sigprocmask(SIG_BLOCK, &set, &old);
    start(1);
    show("blocked too", waitpid(-1, NULL, 0));
    sigpending(&set);
    printf("pending: %d\n", sigismember(&set, SIGCHLD));
    sigprocmask(SIG_SETMASK, &old, NULL);
    signal(SIGCHLD, SIG_DFL);
}

static void stop_notices(int flags)
{
    struct sigaction action = {0};
    action.sa_sigaction = on_chld;
    action.sa_flags = SA_SIGINFO | SA_RESTART | flags;
    sigaction(SIGCHLD, &action, NULL);
    chld_count = 0;
    pid_t const child = start(-1);
    int status = 0;
    kill(child, SIGSTOP);
    CHECK(waitpid(child, &status, WUNTRACED) == child);
    printf("flags %d, stopped: %d code %d status %d\n", flags, chld_count, chld_count ? chld_code : 0, chld_count ? chld_status : 0);
    kill(child, SIGCONT);
    CHECK(waitpid(child, &status, WCONTINUED) == child);
    // How many notices have come by now is a race on several CPUs.
    printf("continued: %x\n", (unsigned)status);
    kill(child, SIGUSR2);
    CHECK(waitpid(child, &status, 0) == child);
    printf("ended: code %d status %d\n", chld_code, chld_status);
    signal(SIGCHLD, SIG_DFL);
}

static void reparenting(void)
{
    int ends[2];
    CHECK(pipe(ends) == 0);
    fflush(stdout);
    pid_t const child = fork();
    if (child == 0) {
        pid_t const me = getpid();
        if (fork() == 0) {
            while (getppid() == me) usleep(1000);
            CHECK(write(ends[1], "r", 1) == 1);
            _exit(0);
        }
        _exit(0);
    }
    CHECK(waitpid(child, NULL, 0) == child);
    char byte = 0;
    CHECK(read(ends[0], &byte, 1) == 1);
    printf("reparented: %c\n", byte);
    show("not mine", waitpid(-1, NULL, 0));
}

int main(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, NULL);
    errors();
    matrix();
    groups();
    clone_kind();
    ignored(0);
    ignored(1);
    stop_notices(0);
    stop_notices(SA_NOCLDSTOP);
    reparenting();
    return 0;
}
