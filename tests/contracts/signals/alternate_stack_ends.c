// sigaltstack(2): SS_AUTODISARM takes the stack away while a handler runs, so that it may be
// changed there, and gives it back; a stack overflow can be handled on it; a frame that does not
// fit kills.
#include "tests/contracts/contract.h"

#include <setjmp.h>
#include <sys/resource.h>

#define AUTODISARM (1u << 31)

static char memory[65536] __attribute__((aligned(16)));
static sigjmp_buf back;

static void tell(char const* what)
{
    stack_t now;
    require(sigaltstack(NULL, &now) == 0, "sigaltstack");
    printf("%s: %s flags %#x size %zu\n",
           what,
           now.ss_sp == memory ? "it" : "none",
           (unsigned)now.ss_flags,
           now.ss_size);
    fflush(stdout);
}

static void on_signal(int number)
{
    (void)number;
    int here;
    printf("on it: %d\n", (char*)&here >= memory && (char*)&here < memory + sizeof memory);
    tell("in the handler");
    stack_t const changed = {.ss_sp = memory, .ss_size = 4096};
    show("change", sigaltstack(&changed, NULL));
    tell("changed");
}

static void on_overflow(int number)
{
    (void)number;
    siglongjmp(back, 1);
}

static __attribute__((noinline)) int deep(int level)
{
    char volatile frame[1024];
    frame[0] = (char)level;
    return level < 1 << 20 ? deep(level + 1) + frame[0] : 0;
}

int main(void)
{
    stack_t stack = {.ss_sp = memory, .ss_size = sizeof memory, .ss_flags = (int)AUTODISARM};
    show("set", syscall(SYS_sigaltstack, &stack, NULL));
    tell("now");
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_ONSTACK};
    sigaction(SIGUSR1, &action, NULL);
    raise(SIGUSR1);
    tell("given back");
    stack.ss_flags = (int)(AUTODISARM | SS_ONSTACK);
    show("with SS_ONSTACK", syscall(SYS_sigaltstack, &stack, NULL));
    stack.ss_flags = (int)(AUTODISARM | SS_DISABLE);
    show("with SS_DISABLE", syscall(SYS_sigaltstack, &stack, NULL));
    tell("now");
    pid_t child = fork_child();
    if (child == 0) {
        struct rlimit const small = {1 << 20, 1 << 20};
        setrlimit(RLIMIT_STACK, &small);
        stack = (stack_t){.ss_sp = memory, .ss_size = sizeof memory};
        sigaltstack(&stack, NULL);
        action.sa_handler = on_overflow;
        sigaction(SIGSEGV, &action, NULL);
        if (sigsetjmp(back, 1) == 0) deep(0);
        printf("the overflow was handled\n");
        leave(0);
    }
    show_end("overflow", child);
    child = fork_child();
    if (child == 0) {
        struct rlimit const small = {1 << 20, 1 << 20};
        setrlimit(RLIMIT_STACK, &small);
        stack = (stack_t){.ss_flags = SS_DISABLE};
        sigaltstack(&stack, NULL);
        action = (struct sigaction){.sa_handler = on_overflow};
        sigaction(SIGSEGV, &action, NULL);
        deep(0);
        leave(0);
    }
    show_end("overflow, handler on the same stack", child);
    child = fork_child();
    if (child == 0) {
        stack = (stack_t){.ss_sp = (void*)0x10000, .ss_size = sizeof memory};
        sigaltstack(&stack, NULL);
        action = (struct sigaction){.sa_handler = on_signal, .sa_flags = SA_ONSTACK};
        sigaction(SIGUSR1, &action, NULL);
        raise(SIGUSR1);
        leave(0);
    }
    show_end("no memory there", child);
    return 0;
}
