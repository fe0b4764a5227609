// Signals: which are delivered when, what exec leaves of them, stopping, timers.
#include "probe.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int const kNumbers[] = {
    SIGHUP, SIGUSR1, SIGUSR2, SIGALRM, SIGTERM, SIGCHLD, SIGWINCH, SIGURG};
enum { kNumberCount = sizeof kNumbers / sizeof kNumbers[0] };

static unsigned volatile delivered[65];

static void count_signal(int number) { ++delivered[number]; }

static void handle_all(void (*handler)(int))
{
    struct sigaction action = {.sa_handler = handler};
    for (int i = 0; i < kNumberCount; ++i)
        need(sigaction(kNumbers[i], &action, NULL) == 0, "sigaction");
}

// A blocked signal waits until it is unblocked; others arrive before kill() is over.
static void try_delivery(void* argument)
{
    struct dice* const dice = argument;
    handle_all(count_signal);
    sigset_t blocked;
    sigemptyset(&blocked);
    int is_blocked[kNumberCount];
    for (int i = 0; i < kNumberCount; ++i) {
        is_blocked[i] = roll(dice, 2) == 1;
        if (is_blocked[i]) sigaddset(&blocked, kNumbers[i]);
    }
    need(sigprocmask(SIG_SETMASK, &blocked, NULL) == 0, "sigprocmask");
    unsigned sent[kNumberCount] = {0};
    for (unsigned left = 1 + roll(dice, 12); left > 0; --left) {
        uint32_t const i = roll(dice, kNumberCount);
        need(kill(getpid(), kNumbers[i]) == 0, "kill");
        // Sent twice while it waits, it is still one.
        sent[i] = is_blocked[i] ? 1 : sent[i] + 1;
        unsigned const seen = delivered[kNumbers[i]];
        if (is_blocked[i] && seen != 0) broken("blocked signal %d was delivered", kNumbers[i]);
        if (!is_blocked[i] && seen != sent[i])
            broken("signal %d came %u times of %u", kNumbers[i], seen, sent[i]);
    }
    sigset_t pending;
    need(sigpending(&pending) == 0, "sigpending");
    for (int i = 0; i < kNumberCount; ++i) {
        int const expected = is_blocked[i] && sent[i] > 0;
        if (sigismember(&pending, kNumbers[i]) != expected)
            broken("signal %d pends, or does not", kNumbers[i]);
    }
    sigemptyset(&blocked);
    need(sigprocmask(SIG_SETMASK, &blocked, NULL) == 0, "sigprocmask");
    for (int i = 0; i < kNumberCount; ++i) {
        unsigned const seen = delivered[kNumbers[i]];
        if (seen != sent[i])
            broken("unblocked, signal %d came %u times of %u", kNumbers[i], seen, sent[i]);
    }
}

void check_signals(struct dice* dice) { check_in_child(try_delivery, dice, "signals"); }

// Exec keeps what is ignored and what is blocked, and puts handlers back to the default.
static void exec_with_handlers(void* argument)
{
    struct dice* const dice = argument;
    char expected[kNumberCount + 1] = "";
    sigset_t blocked;
    sigemptyset(&blocked);
    for (int i = 0; i < kNumberCount; ++i) {
        uint32_t const kind = roll(dice, 3);
        int const is_blocked = roll(dice, 2) == 1;
        struct sigaction const action = {.sa_handler = kind == 0   ? SIG_DFL
                                                       : kind == 1 ? SIG_IGN
                                                                   : count_signal};
        need(sigaction(kNumbers[i], &action, NULL) == 0, "sigaction");
        if (is_blocked) sigaddset(&blocked, kNumbers[i]);
        expected[i] = (char)((kind == 1 ? 'i' : 'd') - (is_blocked ? 'a' - 'A' : 0));
    }
    need(sigprocmask(SIG_SETMASK, &blocked, NULL) == 0, "sigprocmask");
    char* const arguments[] = {"/proc/self/exe", "after-exec", "signals", expected, NULL};
    execv(arguments[0], arguments);
    broken("exec: %s", strerror(errno));
}

void check_exec(struct dice* dice) { check_in_child(exec_with_handlers, dice, "exec"); }

int run_after_exec(char** arguments)
{
    expect_fresh_data();
    if (strcmp(arguments[0], "blank") == 0) return 0;
    char const* const expected = arguments[1];
    sigset_t blocked;
    need(sigprocmask(SIG_SETMASK, NULL, &blocked) == 0, "sigprocmask");
    for (int i = 0; i < kNumberCount; ++i) {
        struct sigaction action;
        need(sigaction(kNumbers[i], NULL, &action) == 0, "sigaction");
        int const is_ignored = (expected[i] | 0x20) == 'i';
        int const is_blocked = (expected[i] & 0x20) == 0;
        if (action.sa_handler != (is_ignored ? SIG_IGN : SIG_DFL))
            broken("the action of signal %d", kNumbers[i]);
        if (sigismember(&blocked, kNumbers[i]) != is_blocked)
            broken("the mask of signal %d", kNumbers[i]);
    }
    return 0;
}

static void sleep_ms(unsigned ms)
{
    struct timespec left = {ms / 1000, (long)(ms % 1000) * 1000000};
    while (nanosleep(&left, &left) != 0) need(errno == EINTR, "nanosleep");
}

static void work_a_while(void* argument)
{
    sleep_ms(*(unsigned*)argument);
    _exit(7);
}

// A stopped process goes on where it was when it is continued.
void check_stop(struct dice* dice)
{
    unsigned duration = roll(dice, 30);
    pid_t const child = fork();
    need(child >= 0, "fork");
    if (child == 0) work_a_while(&duration);
    unsigned const rounds = 1 + roll(dice, 3);
    for (unsigned i = 0; i < rounds; ++i) {
        sleep_ms(roll(dice, 4));
        need(kill(child, SIGSTOP) == 0, "kill");
        int status = 0;
        need(waitpid(child, &status, WUNTRACED) == child, "waitpid");
        if (WIFEXITED(status) && WEXITSTATUS(status) == 7) return;  // It was faster.
        if (!WIFSTOPPED(status)) broken("stopped: status %x", (unsigned)status);
        sleep_ms(roll(dice, 40));
        need(kill(child, SIGCONT) == 0, "kill");
    }
    int status = 0;
    need(waitpid(child, &status, 0) == child, "waitpid");
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 7)
        broken("continued: status %x", (unsigned)status);
}

static uint64_t now_ns(void)
{
    struct timespec now;
    need(clock_gettime(CLOCK_MONOTONIC, &now) == 0, "clock_gettime");
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static void try_timers(void* argument)
{
    struct dice* const dice = argument;
    handle_all(count_signal);
    unsigned const first = 1 + roll(dice, 20);
    unsigned const period = 1 + roll(dice, 10);
    unsigned const wanted = 1 + roll(dice, 4);
    uint64_t const began = now_ns();
    struct itimerval const timer = {{0, (int)period * 1000}, {0, (int)first * 1000}};
    need(setitimer(ITIMER_REAL, &timer, NULL) == 0, "setitimer");
    while (delivered[SIGALRM] < wanted) pause();
    struct itimerval const off = {{0, 0}, {0, 0}};
    need(setitimer(ITIMER_REAL, &off, NULL) == 0, "setitimer");
    uint64_t const least = ((uint64_t)first + (uint64_t)period * (wanted - 1)) * 1000000;
    uint64_t const passed = now_ns() - began;
    if (passed < least) broken("%u alarms after %llu ns", wanted, (unsigned long long)passed);
    uint64_t const before = now_ns();
    unsigned const nap = roll(dice, 20);
    sleep_ms(nap);
    if (now_ns() - before < (uint64_t)nap * 1000000) broken("a sleep of %u ms was shorter", nap);
}

void check_timers(struct dice* dice) { check_in_child(try_timers, dice, "timers"); }
