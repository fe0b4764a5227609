// sigaltstack(2): sizes and flags; what it says of itself in and out of a handler; no change while
// it is used; only handlers with SA_ONSTACK run there; fork(2) copies it, execve(2) and new threads
// have none.
#include "tests/contracts/contract.h"

#include <pthread.h>

static char memory[65536] __attribute__((aligned(16)));
static char other[65536] __attribute__((aligned(16)));

static void tell(char const* what)
{
    stack_t now;
    require(sigaltstack(NULL, &now) == 0, "sigaltstack");
    char const* const where = now.ss_sp == memory  ? "first"
                              : now.ss_sp == other ? "second"
                              : now.ss_sp          ? "?"
                                                   : "none";
    printf("%s: %s flags %d size %zu\n", what, where, now.ss_flags, now.ss_size);
    fflush(stdout);
}

static int is_inside(void const* place)
{
    return (char const*)place >= memory && (char const*)place < memory + sizeof memory;
}

static void on_signal(int number)
{
    int here;
    printf("handler of %d: on it %d\n", number, is_inside(&here));
    tell("  says");
    stack_t const changed = {.ss_sp = other, .ss_size = sizeof other};
    show("  change", sigaltstack(&changed, NULL));
    stack_t const none = {.ss_flags = SS_DISABLE};
    show("  disable", sigaltstack(&none, NULL));
    if (number == SIGUSR1) raise(SIGUSR2);
}

static void set(char const* what, void* place, size_t size, int flags)
{
    stack_t const stack = {.ss_sp = place, .ss_size = size, .ss_flags = flags};
    show(what, syscall(SYS_sigaltstack, &stack, NULL));
    tell("  now");
}

static void* in_thread(void* unused)
{
    tell("in a thread");
    return unused;
}

int main(int count, char** words)
{
    (void)words;
    if (count > 1) {
        tell("after exec");
        return 0;
    }
    tell("at first");
    set("too small", memory, 2047, 0);
    set("smallest", memory, 2048, 0);
    set("unknown flag", memory, sizeof memory, 4);
    set("in use, set by the user", memory, sizeof memory, SS_ONSTACK);
    set("disabled, the rest is not looked at", other, 1, SS_DISABLE);
    show("at a bad place", syscall(SYS_sigaltstack, 16L, NULL));
    show("told to a bad place", syscall(SYS_sigaltstack, NULL, 16L));
    set("usable", memory, sizeof memory, 0);
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_ONSTACK};
    sigaction(SIGUSR1, &action, NULL);
    sigaction(SIGUSR2, &action, NULL);
    raise(SIGUSR1);
    tell("after handlers, one within the other");
    action.sa_flags = 0;
    sigaction(SIGHUP, &action, NULL);
    raise(SIGHUP);
    tell("replaced by a handler on the usual stack");
    set("usable again", memory, sizeof memory, 0);
    pid_t const child = fork_child();
    if (child == 0) {
        tell("in a child");
        execl("/proc/self/exe", "again", "x", NULL);
        leave(1);
    }
    show_end("child", child);
    pthread_t thread;
    require(pthread_create(&thread, NULL, in_thread, NULL) == 0, "thread");
    pthread_join(thread, NULL);
    return 0;
}
