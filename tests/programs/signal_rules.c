// Signals: masks of handlers, the alternate stack, queues, waits for signals, timers, bad frames.
#include "support.h"

#include <fenv.h>
#include <setjmp.h>
#include <ucontext.h>

static void show(const char* what, long result)
{
    printf("%s: %ld %s\n", what, result, result < 0 ? error_name(errno) : "");
}

static volatile int runs, depth, deepest, log_length, log_of[40];
static void nesting(int number)
{
    ++depth;
    if (depth > deepest) deepest = depth;
    if (++runs < 4) raise(number);
    --depth;
}
static void note(int number) { if (log_length < 40) log_of[log_length++] = number; }
static int values[40];
static void note_value(int number, siginfo_t* info, void* context)
{
    (void)number;
    (void)context;
    if (log_length < 40) {
        values[log_length] = info->si_code == SI_QUEUE ? info->si_value.sival_int : -info->si_code;
        log_of[log_length++] = number;
    }
}

static void install(int number, void (*handler)(int), int flags, int also)
{
    struct sigaction action = {0};
    action.sa_handler = handler;
    action.sa_flags = flags;
    if (also) sigaddset(&action.sa_mask, also);
    CHECK(sigaction(number, &action, NULL) == 0);
}

static void print_log(const char* what)
{
    printf("%s:", what);
    for (int i = 0; i < log_length; ++i) printf(" %d", log_of[i]);
    printf("\n");
    log_length = 0;
}

static void raises_other(int number)
{
    note(number);
    raise(SIGUSR2);
    note(-number);
}

static void masks(void)
{
    install(SIGUSR1, nesting, 0, 0);
    raise(SIGUSR1);
    printf("deferred: %d runs, depth %d\n", runs, deepest);
    runs = deepest = 0;
    install(SIGUSR1, nesting, SA_NODEFER, 0);
    raise(SIGUSR1);
    printf("SA_NODEFER: %d runs, depth %d\n", runs, deepest);
    install(SIGUSR2, note, 0, 0);
    install(SIGUSR1, raises_other, 0, 0);
    raise(SIGUSR1);
    print_log("other not masked");
    install(SIGUSR1, raises_other, 0, SIGUSR2);
    raise(SIGUSR1);
    print_log("other masked");
    sigset_t set, old;
    sigfillset(&set);
    sigprocmask(SIG_SETMASK, &set, &old);
    sigprocmask(SIG_BLOCK, NULL, &set);
    printf("cannot block: %d %d\n", sigismember(&set, SIGKILL), sigismember(&set, SIGSTOP));
    int const order[] = {SIGTERM, SIGUSR2, SIGUSR1, SIGINT, SIGRTMIN + 1, SIGRTMIN};
    for (int i = 0; i < 6; ++i) {
        install(order[i], note, 0, 0);
        raise(order[i]);
        raise(order[i]);
    }
    sigprocmask(SIG_SETMASK, &old, NULL);
    // The frames are stacked: what was taken last runs first.
    print_log("all at once");
    struct sigaction action = {0};
    show("SIGKILL", sigaction(SIGKILL, &action, NULL));
    show("SIGKILL, asked", syscall(SYS_rt_sigaction, SIGKILL, NULL, &action, 8));
    show("signal 0", syscall(SYS_rt_sigaction, 0, NULL, NULL, 8));
    show("signal 65", syscall(SYS_rt_sigaction, 65, NULL, NULL, 8));
    show("set size", syscall(SYS_rt_sigaction, 10, NULL, NULL, 4));
    show("bad how", syscall(SYS_rt_sigprocmask, 7, &set, NULL, 8));
    show("bad how, no set", syscall(SYS_rt_sigprocmask, 7, NULL, &set, 8));
    show("mask size", syscall(SYS_rt_sigprocmask, 0, &set, NULL, 16));
    show("pending size", syscall(SYS_rt_sigpending, &set, 9));
    show("suspend size", syscall(SYS_rt_sigsuspend, &set, 4));
    show("timedwait size", syscall(SYS_rt_sigtimedwait, &set, NULL, NULL, 4));
}

static void queues(void)
{
    struct sigaction action = {0};
    action.sa_sigaction = note_value;
    action.sa_flags = SA_SIGINFO;
    sigset_t set, old;
    sigemptyset(&set);
    for (int i = 0; i < 3; ++i) {
        sigaction(SIGRTMIN + i, &action, NULL);
        sigaddset(&set, SIGRTMIN + i);
    }
    sigprocmask(SIG_BLOCK, &set, &old);
    for (int i = 0; i < 6; ++i) sigqueue(getpid(), SIGRTMIN + 2 - i % 3, (union sigval){.sival_int = i});
    kill(getpid(), SIGRTMIN);
    raise(SIGRTMIN + 1);
    siginfo_t info;
    struct timespec const none = {0, 0};
    for (int i = 0; i < 3; ++i) {
        int const number = sigtimedwait(&set, &info, &none);
        printf("waited: %d code %d value %d\n", number, info.si_code, info.si_code == SI_QUEUE ? info.si_value.sival_int : -1);
    }
    sigprocmask(SIG_SETMASK, &old, NULL);
    for (int i = 0; i < log_length; ++i) printf("handled: %d value %d\n", log_of[i], values[i]);
    log_length = 0;
    sigprocmask(SIG_BLOCK, &set, &old);
    show("empty", sigtimedwait(&set, &info, &none));
    struct timespec const bad = {0, 1000000000};
    show("bad time", sigtimedwait(&set, &info, &bad));
    install(SIGALRM, note, SA_RESTART, 0);
    struct itimerval const soon = {{0, 0}, {0, 2000}};
    setitimer(ITIMER_REAL, &soon, NULL);
    show("interrupted", syscall(SYS_rt_sigtimedwait, &set, &info, NULL, 8));
    log_length = 0;
    fflush(stdout);
    pid_t const child = fork();
    if (child == 0) {
        sigset_t pending;
        sigpending(&pending);
        _exit(sigismember(&pending, SIGRTMIN));
    }
    sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = 1});
    int status;
    CHECK(waitpid(child, &status, 0) == child);
    printf("child has pending: %s\n", status_text(status));
    signal(SIGRTMIN, SIG_IGN);
    sigpending(&set);
    printf("dropped when ignored: %d\n", !sigismember(&set, SIGRTMIN));
    sigprocmask(SIG_SETMASK, &old, NULL);
}

static char other_stack[32768] __attribute__((aligned(16)));
static void on_stack(int number, siginfo_t* info, void* context)
{
    (void)info;
    ucontext_t* const state = context;
    char here;
    stack_t now, changed = {other_stack, 0, sizeof other_stack};
    CHECK(sigaltstack(NULL, &now) == 0);
    printf("signal %d, on it: %d, flags %d, saved flags %d size %d, change: ", number, &here > other_stack && &here < other_stack + sizeof other_stack,
           now.ss_flags, state->uc_stack.ss_flags, (int)state->uc_stack.ss_size);
    printf("%d ", sigaltstack(&changed, NULL));
    printf("%s\n", now.ss_flags == SS_ONSTACK ? error_name(errno) : "-");
    if (number == SIGUSR1) raise(SIGUSR2);
}

static void alternate_stack(void)
{
    stack_t stack = {other_stack, 0, 1000}, former;
    show("too small", sigaltstack(&stack, NULL));
    stack.ss_size = 2047;
    show("just too small", sigaltstack(&stack, NULL));
    stack.ss_flags = 8;
    show("bad flags", sigaltstack(&stack, NULL));
    stack.ss_flags = 0;
    stack.ss_size = sizeof other_stack;
    show("set", sigaltstack(&stack, NULL));
    struct sigaction action = {0};
    action.sa_sigaction = on_stack;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    sigaction(SIGUSR1, &action, NULL);
    sigaction(SIGUSR2, &action, NULL);
    raise(SIGUSR1);
    stack.ss_flags = SS_DISABLE;
    show("disable", sigaltstack(&stack, &former));
    printf("was %d %d\n", former.ss_flags, (int)former.ss_size);
    sigaltstack(NULL, &stack);
    printf("is %d %d %d\n", stack.ss_flags, (int)stack.ss_size, stack.ss_sp == NULL);
    stack = (stack_t){other_stack, (int)(1u << 31), sizeof other_stack};
    show("autodisarm", sigaltstack(&stack, NULL));
    raise(SIGUSR2);
}

static void suspend(void)
{
    install(SIGUSR1, note, 0, 0);
    sigset_t set, old, empty;
    sigemptyset(&empty);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, &old);
    int count = 0;
    fflush(stdout);
    pid_t const child = fork();
    if (child == 0) {
        for (int i = 0; i < 1000; ++i) {
            kill(getppid(), SIGUSR1);
            sigsuspend(&empty);
        }
        _exit(0);
    }
    for (int i = 0; i < 1000; ++i) {
        log_length = 0;
        sigsuspend(&empty);
        count += log_length;
        sigprocmask(SIG_BLOCK, NULL, &set);
        if (!sigismember(&set, SIGUSR1)) break;
        kill(child, SIGUSR1);
    }
    int status;
    CHECK(waitpid(child, &status, 0) == child);
    printf("ping-pong: %d, %s\n", count, status_text(status));
    sigprocmask(SIG_SETMASK, &old, NULL);
    log_length = 0;
}

static void timers(void)
{
    install(SIGALRM, note, 0, 0);
    struct itimerval const repeat = {{0, 2000}, {0, 2000}};
    struct itimerval now;
    setitimer(ITIMER_REAL, &repeat, NULL);
    while (log_length < 5) pause();
    struct itimerval const none = {{0, 0}, {0, 0}};
    setitimer(ITIMER_REAL, &none, &now);
    printf("repeats, interval %d\n", (int)now.it_interval.tv_usec);
    log_length = 0;
    show("alarm", alarm(100));
    show("alarm again", alarm(0));
    show("alarm none", alarm(0));
    struct itimerval const odd = {{0, 0}, {3, 600000}};
    setitimer(ITIMER_REAL, &odd, NULL);
    show("rounded", alarm(0));
    struct itimerval const bad = {{0, 0}, {0, 1000000}};
    show("bad", setitimer(ITIMER_REAL, &bad, NULL));
    show("bad which", setitimer(3, &none, NULL));
    show("get bad which", getitimer(3, &now));
    struct itimerval const soon = {{0, 0}, {0, 3000}};
    struct timespec const second = {1, 0};
    struct timespec rest = {9, 9};
    setitimer(ITIMER_REAL, &soon, NULL);
    int const slept = nanosleep(&second, &rest);
    printf("nanosleep: %d %s, rest below a second: %d\n", slept, error_name(errno), rest.tv_sec == 0 && rest.tv_nsec > 0);
    rest = (struct timespec){9, 9};
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += 1;
    setitimer(ITIMER_REAL, &soon, NULL);
    printf("absolute: %s", error_name(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, &rest)));
    printf(", rest untouched: %d\n", rest.tv_sec == 9);
    until.tv_sec = 0;
    printf("past: %s\n", error_name(clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &until, NULL)));
    printf("bad clock: %s\n", error_name(clock_nanosleep(77, 0, &second, NULL)));
    printf("thread clock: %s\n", error_name(clock_nanosleep(CLOCK_THREAD_CPUTIME_ID, 0, &second, NULL)));
    struct timespec const negative = {-1, 0};
    show("negative", nanosleep(&negative, NULL));
    log_length = 0;
    install(SIGVTALRM, note, 0, 0);
    install(SIGPROF, note, 0, 0);
    setitimer(ITIMER_VIRTUAL, &soon, NULL);
    while (log_length < 1) {}
    print_log("virtual");
    setitimer(ITIMER_PROF, &repeat, NULL);
    while (log_length < 3) {}
    setitimer(ITIMER_PROF, &none, &now);
    printf("profile interval %d\n", (int)now.it_interval.tv_usec);
    log_length = 0;
    struct timeval before, after;
    gettimeofday(&before, NULL);
    int backwards = 0;
    for (int i = 0; i < 10000; ++i) {
        gettimeofday(&after, NULL);
        backwards += timercmp(&after, &before, <);
        before = after;
    }
    printf("backwards: %d\n", backwards);
}

static void in_child(const char* what, void (*body)(void))
{
    fflush(stdout);
    pid_t const child = fork();
    if (child == 0) {
        body();
        _exit(55);
    }
    int status;
    CHECK(waitpid(child, &status, 0) == child);
    printf("%s: %s\n", what, status_text(status));
}

static void no_stack(void)
{
    install(SIGALRM, note, 0, 0);
    struct itimerval const soon = {{0, 0}, {0, 1000}};
    setitimer(ITIMER_REAL, &soon, NULL);
    __asm__ volatile("xorl %%esp, %%esp; 1: jmp 1b" : : : "memory");
}

static void catches_segv(int number)
{
    (void)number;
    _exit(66);
}

static void no_stack_handler(void)
{
    install(SIGSEGV, catches_segv, 0, 0);
    no_stack();
}

static void no_stack_alternate(void)
{
    stack_t const stack = {other_stack, 0, sizeof other_stack};
    sigaltstack(&stack, NULL);
    install(SIGSEGV, catches_segv, SA_ONSTACK, 0);
    no_stack();
}

static void sigreturn_nowhere(void) { syscall(SYS_rt_sigreturn); }
static void sigreturn_no_stack(void) { __asm__ volatile("movq $4096, %%rsp; movl $15, %%eax; syscall" : : : "memory"); }

static int corruption;
static void corrupts(int number, siginfo_t* info, void* context)
{
    (void)number;
    (void)info;
    ucontext_t* const state = context;
    if (corruption == 0) state->uc_mcontext.gregs[REG_RIP] = 0x800000000000;
    if (corruption == 1) state->uc_mcontext.gregs[REG_RIP] = 0;
    if (corruption == 2) state->uc_mcontext.fpregs = (void*)1;
    if (corruption == 3) state->uc_mcontext.gregs[REG_EFL] = 0x3ffed7 & ~0x100 & ~0x40000;
    if (corruption == 4) state->uc_mcontext.fpregs->mxcsr = 0x1f80 | 0x40000000;
    if (corruption == 5) state->uc_mcontext.gregs[REG_RIP] = (greg_t)0xffffffff80000000;
    if (corruption == 6) state->uc_mcontext.fpregs = NULL;
}
static void corrupt(void)
{
    struct sigaction action = {0};
    action.sa_sigaction = corrupts;
    action.sa_flags = SA_SIGINFO;
    sigaction(SIGUSR1, &action, NULL);
    raise(SIGUSR1);
    uint64_t flags;
    __asm__ volatile("pushfq; popq %0" : "=r"(flags));
    __asm__ volatile("cld");
    _exit((flags & 0x3000) == 0 && (flags & 0x200) ? 77 : 78);
}

static void no_restorer(void)
{
    struct { void (*handler)(int); unsigned long flags; void* restorer; unsigned long mask; } action = {note, 0, NULL, 0};
    syscall(SYS_rt_sigaction, SIGUSR1, &action, NULL, 8);
    raise(SIGUSR1);
}

static void bad_handler(void)
{
    install(SIGSEGV, (void (*)(int))0x10, 0, 0);
    raise(SIGSEGV);
}

static void blocked_fault(void)
{
    install(SIGSEGV, catches_segv, 0, 0);
    sigset_t set;
    sigfillset(&set);
    sigprocmask(SIG_SETMASK, &set, NULL);
    *(volatile int*)8 = 1;
}

static void ignored_fault(void)
{
    signal(SIGSEGV, SIG_IGN);
    *(volatile int*)8 = 1;
}

static void fault_in_handler(int number)
{
    (void)number;
    *(volatile int*)8 = 1;
}
static void nested_fault(void)
{
    install(SIGSEGV, fault_in_handler, 0, 0);
    *(volatile int*)8 = 1;
}

static void overflow_stack(void)
{
    stack_t const stack = {other_stack, 0, 2048};
    sigaltstack(&stack, NULL);
    install(SIGSEGV, catches_segv, SA_ONSTACK | SA_NODEFER, 0);
    struct sigaction action = {0};
    action.sa_handler = nesting;
    action.sa_flags = SA_ONSTACK | SA_NODEFER;
    runs = -1000;
    sigaction(SIGUSR1, &action, NULL);
    raise(SIGUSR1);
}

int main(void)
{
    masks();
    queues();
    alternate_stack();
    suspend();
    timers();
    in_child("no stack", no_stack);
    in_child("no stack, handler", no_stack_handler);
    in_child("no stack, alternate", no_stack_alternate);
    in_child("sigreturn from nowhere", sigreturn_nowhere);
    in_child("sigreturn without a stack", sigreturn_no_stack);
    for (corruption = 0; corruption < 7; ++corruption) {
        if (corruption == 2) continue;
        char name[40];
        snprintf(name, sizeof name, "corrupt frame %d", corruption);
        in_child(name, corrupt);
    }
    in_child("no restorer", no_restorer);
    in_child("bad handler", bad_handler);
    in_child("fault while blocked", blocked_fault);
    in_child("fault while ignored", ignored_fault);
    in_child("fault in its handler", nested_fault);
    in_child("alternate stack overflows", overflow_stack);
    return 0;
}
