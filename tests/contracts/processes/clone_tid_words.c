// clone(2): CLONE_PARENT_SETTID, CLONE_CHILD_SETTID and CLONE_CHILD_CLEARTID store in whose memory
// they say; bad addresses make no difference; the cleared word wakes a futex where memory is
// shared.
#include "tests/contracts/processes/clone3.h"

static char stack[32768] __attribute__((aligned(16)));
static int words[2];

static char const* kind(int word, int pid)
{
    return word == pid ? "number" : word == 0 ? "0" : word == -1 ? "untouched" : "?";
}

static int tell(void* unused)
{
    (void)unused;
    printf("  child has %s %s\n", kind(words[0], getpid()), kind(words[1], getpid()));
    fflush(NULL);
    return 0;
}

static void attempt(char const* what, int flags)
{
    words[0] = words[1] = -1;
    fflush(NULL);
    pid_t const child =
        clone(tell, stack + sizeof stack, flags | SIGCHLD, NULL, &words[0], NULL, &words[1]);
    require(child > 0, what);
    show_end(what, child);
    printf("  parent has %s %s\n", kind(words[0], child), kind(words[1], child));
}

static int leave_at_once(void* unused)
{
    (void)unused;
    return 4;
}

int main(void)
{
    attempt("none", 0);
    attempt("parent's", CLONE_PARENT_SETTID);
    attempt("child's", CLONE_CHILD_SETTID);
    attempt("both", CLONE_PARENT_SETTID | CLONE_CHILD_SETTID);
    attempt("cleared", CLONE_CHILD_CLEARTID);
    attempt("set and cleared", CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID);
    attempt("set and cleared, one memory", CLONE_VM | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID);
    int const flags = CLONE_PARENT_SETTID | CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | SIGCHLD;
    long const child = syscall(SYS_clone, flags, NULL, 16, 24, 0);
    if (child == 0) _exit(6);
    show_end("bad addresses", (pid_t)child);
    // The kernel's last act in shared memory: the word is 0 and who sleeps at it goes on.
    words[1] = 77;
    require(clone(leave_at_once,
                  stack + sizeof stack,
                  CLONE_VM | CLONE_CHILD_CLEARTID | SIGCHLD,
                  NULL,
                  NULL,
                  NULL,
                  &words[1]) > 0,
            "clone");
    while (__atomic_load_n(&words[1], __ATOMIC_ACQUIRE) == 77) {
        syscall(SYS_futex, &words[1], 0 /* FUTEX_WAIT */, 77, NULL, NULL, 0);
    }
    show("cleared word", words[1]);
    show("waited for", waitpid(-1, NULL, 0) > 0);
    return 0;
}
