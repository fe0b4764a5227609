// Handlers, masks, nesting, the alternate stack, faults as signals, restart, real-time queues.
#include "support.h"

#include <setjmp.h>
#include <ucontext.h>

static int depth, deepest, order[8], order_length;
static sigjmp_buf back;

static void nested(int number)
{
    ++depth;
    if (depth > deepest) deepest = depth;
    order[order_length++] = number;
    if (number == SIGUSR1) raise(SIGUSR2);
    --depth;
}

static int last_code, last_value;
static void with_info(int number, siginfo_t* info, void* context)
{
    (void)number;
    (void)context;
    last_code = info->si_code;
    last_value = info->si_value.sival_int;
    order[order_length++] = last_value;
}

static void on_fault(int number, siginfo_t* info, void* context)
{
    ucontext_t* const state = context;
    char here;
    printf("signal %d code %d address %s, on the alternate stack: %d\n", number, info->si_code,
           info->si_addr == (void*)0x1234 ? "0x1234" : "other", state->uc_stack.ss_size == 65536 && (&here > (char*)state->uc_stack.ss_sp));
    siglongjmp(back, 1);
}

static void show(const char* what, int result)
{
    printf("%s: %d %s\n", what, result, result < 0 ? error_name(errno) : "");
}

static void registers_survive(void)
{
    double x = 1.5;
    long sum = 0;
    for (int i = 0; i < 100; ++i) {
        x = x * 1.01 + i;
        sum += i;
        if (i % 10 == 0) raise(SIGUSR2);
    }
    printf("registers survive: %ld %.6f\n", sum, x);
}

static void faults(void)
{
    stack_t stack = {malloc(65536), 0, 65536};
    CHECK(sigaltstack(&stack, NULL) == 0);
    struct sigaction action = {0};
    action.sa_sigaction = on_fault;
    action.sa_flags = SA_SIGINFO | SA_ONSTACK;
    int const numbers[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP};
    for (int i = 0; i < 5; ++i) sigaction(numbers[i], &action, NULL);
    if (sigsetjmp(back, 1) == 0) *(volatile int*)0x1234 = 1;
    char* const page = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (sigsetjmp(back, 1) == 0) *(volatile char*)page = 1;
    if (sigsetjmp(back, 1) == 0) ((void (*)(void))page)();
    volatile int zero = 0;
    if (sigsetjmp(back, 1) == 0) __asm__ volatile("xorl %%edx, %%edx; movl $1, %%eax; idivl %0" : : "m"(zero) : "eax", "edx");
    if (sigsetjmp(back, 1) == 0) __asm__ volatile("ud2");
    if (sigsetjmp(back, 1) == 0) __asm__ volatile("int3");
    if (sigsetjmp(back, 1) == 0) __asm__ volatile("hlt");
    if (sigsetjmp(back, 1) == 0) __asm__ volatile("movq (%0), %%rax" : : "r"(0x8000000000000000) : "rax");
    int const file = open("/tmp/signals.file", O_RDWR | O_CREAT | O_TRUNC, 0600);
    char* const empty = mmap(NULL, 4096, PROT_READ, MAP_SHARED, file, 0);
    if (sigsetjmp(back, 1) == 0) printf("%d\n", *(volatile char*)empty);
    unlink("/tmp/signals.file");
    for (int i = 0; i < 5; ++i) signal(numbers[i], SIG_DFL);
}

static void default_actions(void)
{
    int const numbers[] = {SIGHUP, SIGINT, SIGQUIT, SIGABRT, SIGKILL, SIGUSR1, SIGSEGV, SIGPIPE, SIGALRM, SIGTERM,
                           SIGCHLD, SIGCONT, SIGURG, SIGWINCH, SIGSYS, 34, 64};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; ++i) {
        fflush(stdout);
        pid_t const child = fork();
        if (child == 0) {
            signal(SIGUSR1, SIG_DFL);
            raise(numbers[i]);
            _exit(5);
        }
        int status = 0;
        CHECK(waitpid(child, &status, 0) == child);
        printf("default of %d: %s%s\n", numbers[i], status_text(status), WIFSIGNALED(status) && WCOREDUMP(status) ? " core" : "");
    }
}

static void stop_and_continue(void)
{
    pid_t const child = fork();
    if (child == 0) {
        raise(SIGSTOP);
        _exit(9);
    }
    int status = 0;
    CHECK(waitpid(child, &status, WUNTRACED) == child);
    printf("child %s", status_text(status));
    kill(child, SIGCONT);
    CHECK(waitpid(child, &status, WCONTINUED) == child);
    printf(", %s", status_text(status));
    CHECK(waitpid(child, &status, 0) == child);
    printf(", %s\n", status_text(status));
}

int main(void)
{
    struct sigaction action = {0};
    action.sa_handler = nested;
    sigaction(SIGUSR1, &action, NULL);
    sigaction(SIGUSR2, &action, NULL);
    raise(SIGUSR1);
    printf("nested: depth %d, order %d %d\n", deepest, order[0], order[1]);

    sigset_t set, old;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGRTMIN);
    sigprocmask(SIG_BLOCK, &set, &old);
    order_length = 0;
    raise(SIGUSR1);
    raise(SIGUSR1);
    sigset_t waiting;
    sigpending(&waiting);
    printf("blocked: %d run, pending %d\n", order_length, sigismember(&waiting, SIGUSR1));
    struct sigaction queued = {0};
    queued.sa_sigaction = with_info;
    queued.sa_flags = SA_SIGINFO;
    sigaction(SIGRTMIN, &queued, NULL);
    for (int i = 1; i <= 4; ++i) CHECK(sigqueue(getpid(), SIGRTMIN, (union sigval){.sival_int = i}) == 0);
    sigprocmask(SIG_SETMASK, &old, NULL);
    printf("unblocked: %d run, last code %d, order", order_length, last_code);
    for (int i = 0; i < order_length; ++i) printf(" %d", order[i]);
    printf("\n");

    order_length = 0;
    action.sa_flags = SA_RESETHAND | SA_NODEFER;
    sigaction(SIGUSR2, &action, NULL);
    raise(SIGUSR2);
    struct sigaction now;
    sigaction(SIGUSR2, NULL, &now);
    printf("reset: %d\n", now.sa_handler == SIG_DFL);
    action.sa_flags = 0;
    sigaction(SIGUSR2, &action, NULL);
    order_length = 0;
    registers_survive();
    faults();
    default_actions();
    stop_and_continue();

    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, NULL);
    raise(SIGUSR1);
    struct timespec const none = {0, 0};
    siginfo_t info;
    show("sigtimedwait", sigtimedwait(&set, &info, &none));
    show("again", sigtimedwait(&set, &info, &none));

    struct itimerval const soon = {{0, 0}, {0, 5000}};
    order_length = 0;
    sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL, &soon, NULL);
    pause();
    printf("alarm: %d\n", order[0]);
    show("kill nobody", kill(999999, 0));
    show("bad signal", kill(getpid(), 65));
    return 0;
}
