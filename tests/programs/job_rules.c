// Process groups, sessions and who may signal whom.
#include "support.h"

#include <grp.h>

static void show(const char* what, long result)
{
    printf("%s: %s\n", what, result < 0 ? error_name(errno) : "ok");
}

static int go[2];
static void on_signal(int number) { (void)number; }

static pid_t sleeper(void)
{
    fflush(stdout);
    pid_t const child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        for (;;) pause();
    }
    return child;
}

static void end(pid_t child)
{
    kill(child, SIGKILL);
    CHECK(waitpid(child, NULL, 0) == child);
}

static pid_t session_of(int* ready)
{
    fflush(stdout);
    int ends[2];
    CHECK(pipe(ends) == 0);
    pid_t const child = fork();
    if (child == 0) {
        setsid();
        CHECK(write(ends[1], "x", 1) == 1);
        for (;;) pause();
    }
    char byte;
    CHECK(read(ends[0], &byte, 1) == 1);
    close(ends[0]);
    close(ends[1]);
    *ready = 1;
    return child;
}

static void groups(void)
{
    int ready;
    pid_t const a = sleeper(), b = sleeper(), s = session_of(&ready);
    show("leader of a session", setpgid(0, 0));
    show("setsid of a leader", setsid());
    show("negative group", setpgid(0, -1));
    show("negative pid, group 0", setpgid(-1, 0));
    show("negative pid", setpgid(-1, 5));
    show("no such process", setpgid(999999, 0));
    show("parent", setpgid(getppid(), 0));
    show("child to no group", setpgid(a, 999999));
    show("child to a group that is not there", setpgid(a, b));
    show("child leads", setpgid(a, 0));
    show("other joins", setpgid(b, a));
    printf("same: %d\n", getpgid(b) == a && getpgid(a) == a);
    show("child of another session", setpgid(s, s));
    show("child into another session's group", setpgid(b, s));
    show("back", setpgid(b, getpgrp()));
    show("getpgid nobody", getpgid(999999));
    show("getpgid negative", getpgid(-1));
    show("getsid nobody", getsid(999999));
    show("getsid negative", getsid(-1));
    printf("sessions: %d %d\n", getsid(a) == getsid(0), getsid(s) == s);
    show("kill group", kill(-a, 0));
    show("kill no group", kill(-999999, 0));
    kill(a, SIGKILL);
    siginfo_t info;
    CHECK(waitid(P_PID, a, &info, WEXITED | WNOWAIT) == 0);
    show("zombie", kill(a, 0));
    show("zombie, real signal", kill(a, SIGTERM));
    show("group of zombies", kill(-a, SIGTERM));
    show("join a zombie's group", setpgid(b, a));
    show("setpgid of a zombie", setpgid(a, a));
    show("getpgid of a zombie", getpgid(a));
    printf("getsid of a zombie: %d\n", getsid(a) == getsid(0));
    CHECK(waitpid(a, NULL, 0) == a);
    show("collected", kill(a, 0));
    show("its group, another member", kill(-a, 0));
    end(b);
    show("its group, empty", kill(-a, 0));
    end(s);
    fflush(stdout);
    pid_t const child = fork();
    if (child == 0) {
        show("setpgid self", setpgid(0, 0));
        show("setsid of a group leader", setsid());
        pid_t const grand = fork();
        if (grand == 0) {
            show("setsid of a member", setsid());
            show("setpgid after setsid", setpgid(0, 0));
            fflush(stdout);
            _exit(0);
        }
        CHECK(waitpid(grand, NULL, 0) == grand);
        fflush(stdout);
        _exit(0);
    }
    CHECK(waitpid(child, NULL, 0) == child);
}

static void after_exec(void)
{
    int ends[2];
    CHECK(pipe2(ends, O_CLOEXEC) == 0);
    fflush(stdout);
    pid_t const child = fork();
    if (child == 0) {
        execl("/proc/self/exe", "x", "sleep", NULL);
        _exit(1);
    }
    close(ends[1]);
    char byte;
    CHECK(read(ends[0], &byte, 1) == 0);
    close(ends[0]);
    show("child after exec", setpgid(child, child));
    end(child);
}

static void numbers(void)
{
    show("bad signal to self", kill(getpid(), 65));
    show("negative signal", kill(getpid(), -1));
    show("bad signal to nobody", kill(999999, 65));
    show("bad signal to no group", kill(-999999, 65));
    show("bad signal to own group", kill(0, 65));
    show("kill INT_MIN", kill((pid_t)0x80000000, 0));
    show("tkill 0", syscall(SYS_tkill, 0, 0));
    show("tkill nobody", syscall(SYS_tkill, 999999, 0));
    show("tkill nobody, bad signal", syscall(SYS_tkill, 999999, 99));
    show("tgkill 0", syscall(SYS_tgkill, 0, getpid(), 0));
    show("tgkill other group", syscall(SYS_tgkill, getppid(), getpid(), 0));
    show("tgkill self", syscall(SYS_tgkill, getpid(), getpid(), 0));
    show("tgkill bad signal", syscall(SYS_tgkill, getpid(), getpid(), 65));
    siginfo_t info;
    memset(&info, 0, sizeof info);
    info.si_code = SI_QUEUE;
    show("sigqueueinfo nobody", syscall(SYS_rt_sigqueueinfo, 999999, SIGUSR1, &info));
    show("sigqueueinfo -1", syscall(SYS_rt_sigqueueinfo, -1, SIGUSR1, &info));
    show("sigqueueinfo bad signal", syscall(SYS_rt_sigqueueinfo, getpid(), 65, &info));
    show("sigqueueinfo 0", syscall(SYS_rt_sigqueueinfo, getpid(), 0, &info));
    info.si_code = SI_USER;
    pid_t const a = sleeper();
    show("sigqueueinfo as kill", syscall(SYS_rt_sigqueueinfo, a, 0, &info));
    info.si_code = SI_TKILL;
    show("sigqueueinfo as tkill", syscall(SYS_rt_sigqueueinfo, a, 0, &info));
    info.si_code = SI_TIMER;
    show("sigqueueinfo as timer", syscall(SYS_rt_sigqueueinfo, a, 0, &info));
    show("sigqueueinfo bad address", syscall(SYS_rt_sigqueueinfo, a, 0, (void*)16));
    end(a);
}

static void permissions(void)
{
    int ready;
    pid_t const root = sleeper(), other_session = session_of(&ready);
    fflush(stdout);
    pid_t const child = fork();
    if (child == 0) {
        CHECK(setgroups(0, NULL) == 0);
        CHECK(setresgid(1000, 1000, 1000) == 0);
        CHECK(setresuid(1000, 1000, 1000) == 0);
        show("root's", kill(root, SIGTERM));
        show("root's, 0", kill(root, 0));
        show("root's, bad signal", kill(root, 65));
        show("root's, SIGCONT in the session", kill(root, SIGCONT));
        show("root's, SIGCONT in another", kill(other_session, SIGCONT));
        show("parent by tkill", syscall(SYS_tkill, getppid(), SIGTERM));
        show("self", kill(getpid(), 0));
        signal(SIGUSR1, SIG_IGN);
        show("own group, one allowed", kill(0, SIGUSR1));
        show("all, none allowed", kill(-1, 0));
        show("setpriority on root's", setpriority(PRIO_PROCESS, (id_t)root, 5));
        show("getpriority of root's", getpriority(PRIO_PROCESS, (id_t)root));
        show("own, up", setpriority(PRIO_PROCESS, 0, 5));
        show("own, down", setpriority(PRIO_PROCESS, 0, 0));
        struct rlimit limit;
        show("prlimit of root's", prlimit(root, RLIMIT_NOFILE, NULL, &limit));
        fflush(stdout);
        _exit(0);
    }
    CHECK(waitpid(child, NULL, 0) == child);
    fflush(stdout);
    pid_t const mixed = fork();
    if (mixed == 0) {
        CHECK(setresuid(1000, 1001, 1002) == 0);
        fflush(stdout);
        pid_t const target = fork();
        if (target == 0) {
            alarm(1);
            for (;;) pause();
        }
        show("same ids", kill(target, 0));
        CHECK(setresuid(1001, 1001, 1001) == 0);
        show("real is nothing of the target's", kill(target, 0));
        fflush(stdout);
        _exit(0);
    }
    CHECK(waitpid(mixed, NULL, 0) == mixed);
    fflush(stdout);
    pid_t const suid = fork();
    if (suid == 0) {
        int ends[2];
        CHECK(pipe(ends) == 0);
        pid_t const target = fork();
        if (target == 0) {
            CHECK(setresuid(2000, 2001, 2002) == 0);
            CHECK(write(ends[1], "x", 1) == 1);
            for (;;) pause();
        }
        char byte;
        CHECK(read(ends[0], &byte, 1) == 1);
        uid_t const ids[][2] = {{2000, 5}, {2001, 5}, {2002, 5}, {5, 2000}, {5, 2001}, {5, 2002}};
        for (int i = 0; i < 6; ++i) {
            pid_t const sender = fork();
            if (sender == 0) {
                CHECK(setresuid(ids[i][0], ids[i][1], 5) == 0);
                printf("from %d/%d: %s\n", (int)ids[i][0], (int)ids[i][1], kill(target, 0) < 0 ? error_name(errno) : "ok");
                fflush(stdout);
                _exit(0);
            }
            CHECK(waitpid(sender, NULL, 0) == sender);
        }
        kill(target, SIGKILL);
        _exit(0);
    }
    CHECK(waitpid(suid, NULL, 0) == suid);
    end(root);
    end(other_session);
}

// A group that loses its last tie to the session: stopped members get SIGHUP and SIGCONT.
static int report_pipe;
static void on_hup(int number) { CHECK(write(report_pipe, number == SIGHUP ? "h" : "c", 1) == 1); }

static void orphans(int stopped)
{
    int ends[2], ready[2];
    CHECK(pipe(ends) == 0);
    CHECK(pipe(ready) == 0);
    fflush(stdout);
    pid_t const middle = fork();
    if (middle == 0) {
        pid_t const child = fork();
        if (child == 0) {
            setpgid(0, 0);
            report_pipe = ends[1];
            signal(SIGHUP, on_hup);
            signal(SIGCONT, on_hup);
            CHECK(write(ready[1], "x", 1) == 1);
            if (stopped) kill(getpid(), SIGSTOP);
            else usleep(50000);
            CHECK(write(ends[1], "e", 1) == 1);
            _exit(0);
        }
        char byte;
        CHECK(read(ready[0], &byte, 1) == 1);
        if (stopped) {
            int status;
            CHECK(waitpid(child, &status, WUNTRACED) == child && WIFSTOPPED(status));
        }
        _exit(0);
    }
    CHECK(waitpid(middle, NULL, 0) == middle);
    close(ends[1]);
    char seen[10] = {0};
    int length = 0;
    while (length < 9 && read(ends[0], seen + length, 1) == 1) ++length;
    // Both are pending at once; which handler runs first says nothing.
    printf("orphaned group, stopped %d: hup %d cont %d end %d\n", stopped, strchr(seen, 'h') != NULL, strchr(seen, 'c') != NULL,
           strchr(seen, 'e') != NULL);
    close(ends[0]);
    close(ready[0]);
    close(ready[1]);
}

// In an orphaned group the terminal's stop signals do nothing; SIGSTOP does.
static void orphaned_stop(void)
{
    fflush(stdout);
    pid_t const child = fork();
    if (child == 0) {
        setsid();
        raise(SIGTSTP);
        raise(SIGTTIN);
        raise(SIGTTOU);
        printf("not stopped\n");
        fflush(stdout);
        raise(SIGSTOP);
        _exit(0);
    }
    int status;
    CHECK(waitpid(child, &status, WUNTRACED) == child);
    printf("then %s\n", status_text(status));
    end(child);
    pid_t const member = fork();
    if (member == 0) {
        setpgid(0, 0);
        raise(SIGTSTP);
        _exit(0);
    }
    CHECK(waitpid(member, &status, WUNTRACED) == member);
    printf("group with a tie: %s\n", status_text(status));
    end(member);
}

int main(int count, char** arguments)
{
    (void)arguments;
    (void)go;
    if (count > 1) {
        for (;;) pause();
    }
    // In a child, so that there is a parent on both sides.
    pid_t const child = fork();
    if (child != 0) {
        int status;
        CHECK(waitpid(child, &status, 0) == child);
        printf("%s\n", status_text(status));
        return 0;
    }
    signal(SIGUSR2, on_signal);
    setsid();
    groups();
    after_exec();
    numbers();
    permissions();
    orphans(0);
    orphans(1);
    orphaned_stop();
    fflush(stdout);
    return 0;
}
