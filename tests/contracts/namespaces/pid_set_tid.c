// clone3(2), set_tid: numbers that the caller chooses, innermost first.
#include "tests/contracts/namespaces/pid_support.h"

struct arguments {
    uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls, set_tid,
        set_tid_size, cgroup;
};

static void try_numbers(char const* what, uint64_t flags, pid_t const* numbers, uint64_t count)
{
    struct arguments arguments = {0};
    arguments.flags = flags;
    arguments.exit_signal = SIGCHLD;
    arguments.set_tid = (uint64_t)(uintptr_t)numbers;
    arguments.set_tid_size = count;
    struct barrier const told = barrier_make();
    fflush(NULL);
    pid_t const child = (pid_t)syscall(SYS_clone3, &arguments, sizeof arguments);
    if (child == 0) {
        barrier_wait(&told);
        printf("%s: inside %d\n", what, (int)getpid());
        leave(0);
    }
    if (child < 0) {
        show(what, -1);
        return;
    }
    printf("%s: returned %d\n", what, (int)child);
    fflush(stdout);
    barrier_signal(&told);
    show_end(what, child);
}

int main(void)
{
    pid_t const init = clone_init();
    if (init == 0) {
        pid_t const some[3] = {77, 0, 0};
        try_numbers("one", 0, some, 1);
        try_numbers("the next is not changed", 0, NULL, 0);
        pid_t const own = 1;
        try_numbers("taken", 0, &own, 1);
        pid_t const bad[4] = {0, -1, 1 << 30, 32768};
        for (int i = 0; i < 3; ++i) try_numbers("bad", 0, bad + i, 1);
        pid_t const two[2] = {1, 90};
        try_numbers("within", CLONE_NEWPID, two, 2);
        try_numbers("no init there", CLONE_NEWPID, some, 1);
        try_numbers("only within", CLONE_NEWPID, two, 1);
        try_numbers("no size", 0, some, 0);
        try_numbers("no numbers", 0, NULL, 1);
        try_numbers("too many", 0, some, 33);
        try_numbers("bad address", 0, (pid_t const*)8, 1);
        leave(0);
    }
    show_end("init", init);
    return 0;
}
