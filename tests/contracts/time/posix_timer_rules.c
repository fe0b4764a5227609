// timer_create(2), timer_gettime(2): what is refused; what a stopped, running, silent and expired
// timer reads as; numbers; fork(2) does not inherit timers, execve(2) deletes them.
#define _GNU_SOURCE
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static void show(char const* what, long result)
{
    printf("%s: %s\n", what, result < 0 ? strerror(errno) : "ok");
}

static long make(int clock, int notify, int number, int tid, int* timer)
{
    int event[16] = {0, 0, number, notify, tid};
    return syscall(SYS_timer_create, clock, event, timer);
}

static void read_it(char const* what, int timer)
{
    struct itimerspec now;
    memset(&now, 0, sizeof(now));
    show(what, syscall(SYS_timer_gettime, timer, &now));
    printf("  left %d interval %ld.%09ld\n", now.it_value.tv_sec != 0 || now.it_value.tv_nsec != 0,
           (long)now.it_interval.tv_sec, now.it_interval.tv_nsec);
}

static long set(int timer, int flags, long first, long interval)
{
    struct itimerspec const times = {{0, interval}, {first / 1000000000, first % 1000000000}};
    return syscall(SYS_timer_settime, timer, flags, &times, NULL);
}

int main(int count, char** words)
{
    setvbuf(stdout, NULL, _IONBF, 0);
    if (count > 1) {
        read_it(words[1], 0);
        return 0;
    }
    int first = -1, second = -1;
    show("no event", syscall(SYS_timer_create, CLOCK_MONOTONIC, NULL, &first));
    show("silent", make(CLOCK_MONOTONIC, SIGEV_NONE, 0, 0, &second));
    printf("numbers %d %d\n", first, second);
    read_it("stopped", first);
    set(first, 0, 100000000000, 7);
    read_it("running", first);
    set(first, 0, 0, 7);
    read_it("stopped again", first);
    set(second, 0, 1, 0);
    read_it("silent and over", second);
    set(second, 0, 1, 500000000);
    read_it("silent and periodic", second);
    printf("overrun %ld\n", syscall(SYS_timer_getoverrun, second));
    show("bad clock", make(10, SIGEV_NONE, 0, 0, &second));
    show("raw clock", make(CLOCK_MONOTONIC_RAW, SIGEV_NONE, 0, 0, &second));
    show("coarse clock", make(CLOCK_REALTIME_COARSE, SIGEV_NONE, 0, 0, &second));
    show("bad way", make(CLOCK_MONOTONIC, 3, SIGALRM, 0, &second));
    show("bad signal", make(CLOCK_MONOTONIC, SIGEV_SIGNAL, 65, 0, &second));
    show("no signal", make(CLOCK_MONOTONIC, SIGEV_SIGNAL, 0, 0, &second));
    show("other thread", make(CLOCK_MONOTONIC, 4, SIGALRM, getppid(), &second));
    show("bad event", syscall(SYS_timer_create, CLOCK_MONOTONIC, 8, &second));
    show("bad place", make(CLOCK_MONOTONIC, SIGEV_NONE, 0, 0, (int*)8));
    show("no timer", set(77, 0, 1, 0));
    show("no times", syscall(SYS_timer_settime, first, 0, NULL, NULL));
    show("bad times", syscall(SYS_timer_settime, first, 0, 8, NULL));
    show("too many nanoseconds", set(first, 0, 1, 1000000000));
    show("overrun of none", syscall(SYS_timer_getoverrun, 77));
    show("delete", syscall(SYS_timer_delete, second));
    show("delete again", syscall(SYS_timer_delete, second));
    sigset_t mask, pending;
    sigemptyset(&mask);
    sigaddset(&mask, SIGALRM);
    sigprocmask(SIG_BLOCK, &mask, NULL);
    show("time that has passed", set(first, TIMER_ABSTIME, 1, 0));
    sigpending(&pending);
    printf("pending %d\n", sigismember(&pending, SIGALRM));
    pid_t const child = fork();
    if (child == 0) {
        read_it("in the child", first);
        _exit(0);
    }
    waitpid(child, NULL, 0);
    execl("/proc/self/exe", words[0], "after exec", (char*)NULL);
    return 1;
}
