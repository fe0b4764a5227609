// close_range(2): closes or marks all from first to last, the last included, whether open or not; a
// table that is shared is copied first if asked.
#include "tests/contracts/contract.h"
#include <sched.h>

enum { UNSHARE = 2, CLOEXEC = 4 };

static long range(unsigned first, unsigned last, unsigned flags)
{
    return syscall(SYS_close_range, first, last, flags);
}

static void show_open(void)
{
    printf(" ");
    for (int i = 10; i < 18; ++i) {
        int const flag = fcntl(i, F_GETFD);
        printf(" %s", flag < 0 ? "-" : flag == 0 ? "open" : "marked");
    }
    printf("\n");
}

static void fill(void)
{
    for (int i = 10; i < 18; ++i) require(dup2(1, i) == i, "dup2");
}

static int in_thread(void* unused)
{
    (void)unused;
    return range(10, 13, UNSHARE) == 0 && fcntl(10, F_GETFD) == -1 ? 5 : 6;
}

int main(void)
{
    fill();
    show("12 to 14", range(12, 14, 0));
    show_open();
    show("again", range(12, 14, 0));
    show("mark 10 to 13", range(10, 13, CLOEXEC));
    show_open();
    show("first above last", range(14, 13, 0));
    show("unknown flag", range(10, 17, 1));
    show("unknown flag", range(10, 17, 8));
    show_open();
    show("only one", range(15, 15, 0));
    show("all from 17", range(17, ~0u, 0));
    show("far beyond", range(1u << 30, ~0u, 0));
    show_open();
    fill();
    static char stack[65536] __attribute__((aligned(16)));
    fflush(NULL);
    pid_t const child = clone(in_thread, stack + sizeof stack, CLONE_FILES | SIGCHLD, NULL);
    require(child > 0, "clone");
    show_end("closed in its own copy", child);
    show_open();
    show("unshare and mark", range(16, 17, UNSHARE | CLOEXEC));
    show_open();
    return 0;
}
