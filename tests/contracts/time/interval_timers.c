// setitimer(2), getitimer(2), alarm(2): ITIMER_REAL rings by the clock, ITIMER_VIRTUAL and
// ITIMER_PROF by CPU time; the old setting comes back; alarm is the real timer in seconds;
// execve(2) keeps them, fork(2) does not.
#include "tests/contracts/contract.h"

#include <sys/time.h>

static volatile sig_atomic_t rings[3];

static void on_signal(int number) { ++rings[number == SIGALRM ? 0 : number == SIGVTALRM ? 1 : 2]; }

static void set(char const* what, int which, long seconds, long micros, long interval)
{
    struct itimerval const wanted = {{0, interval}, {seconds, micros}};
    struct itimerval old = {{9, 9}, {9, 9}};
    if (show(what, setitimer(which, &wanted, &old)) != 0) return;
    printf("  old: %s, interval %ld\n",
           old.it_value.tv_sec + old.it_value.tv_usec ? "some" : "off",
           (long)old.it_interval.tv_usec);
}

static void left(char const* what, int which)
{
    struct itimerval now;
    show(what, getitimer(which, &now));
    printf("  %s, interval %ld\n",
           now.it_value.tv_sec + now.it_value.tv_usec ? "some" : "off",
           (long)now.it_interval.tv_usec);
}

int main(int count, char** words)
{
    (void)words;
    if (count > 1) {
        left("real after exec", ITIMER_REAL);
        left("virtual after exec", ITIMER_VIRTUAL);
        return 0;
    }
    struct sigaction const action = {.sa_handler = on_signal};
    sigaction(SIGALRM, &action, NULL);
    sigaction(SIGVTALRM, &action, NULL);
    sigaction(SIGPROF, &action, NULL);
    left("real at first", ITIMER_REAL);
    set("real, once", ITIMER_REAL, 0, 1000, 0);
    while (rings[0] == 0) pause();
    left("it has rung", ITIMER_REAL);
    set("real, again and again", ITIMER_REAL, 0, 1000, 2000);
    while (rings[0] < 3) pause();
    left("it goes on", ITIMER_REAL);
    set("off, with an interval", ITIMER_REAL, 0, 0, 3000);
    left("off", ITIMER_REAL);
    // Short: the time is that of the processor.
    set("virtual", ITIMER_VIRTUAL, 0, 2000, 0);
    while (rings[1] == 0) {
    }
    left("it has rung", ITIMER_VIRTUAL);
    set("profile", ITIMER_PROF, 0, 2000, 0);
    while (rings[2] == 0) syscall(SYS_getppid);
    left("it has rung", ITIMER_PROF);
    set("unknown", 3, 1, 0, 0);
    set("microseconds", ITIMER_REAL, 0, 1000000, 0);
    set("negative microseconds", ITIMER_REAL, 0, -1, 0);
    set("negative seconds", ITIMER_REAL, -1, 0, 0);
    set("bad interval", ITIMER_REAL, 1, 0, 1000000);
    struct itimerval now;
    show("get an unknown one", getitimer(3, &now));
    show("get to a bad place", syscall(SYS_getitimer, ITIMER_REAL, 16L));
    show("set from a bad place", syscall(SYS_setitimer, ITIMER_REAL, 16L, NULL));
    show("alarm", alarm(100));
    left("as the real timer", ITIMER_REAL);
    show("rest is rounded up", alarm(50) == 100);
    set("replaces the alarm", ITIMER_REAL, 1000, 0, 0);
    show("alarm 0 tells the rest", alarm(0) == 1000);
    show("none", alarm(0));
    alarm(1000);
    set("virtual", ITIMER_VIRTUAL, 1000, 0, 0);
    pid_t const child = fork_child();
    if (child == 0) {
        left("in a child", ITIMER_REAL);
        leave(0);
    }
    show_end("child", child);
    fflush(NULL);
    execl("/proc/self/exe", "again", "x", NULL);
    return 1;
}
