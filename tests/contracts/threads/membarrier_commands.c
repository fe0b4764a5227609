// membarrier(2): what MEMBARRIER_CMD_QUERY promises works; the private expedited commands need a
// registration, which fork(2) copies and execve(2) takes away; flags and unknown commands are
// refused.
#include "tests/contracts/contract.h"

enum {
    kQuery = 0,
    kGlobal = 1,
    kGlobalExpedited = 2,
    kRegisterGlobal = 4,
    kPrivate = 8,
    kRegisterPrivate = 16,
    kPrivateCore = 32,
    kRegisterCore = 64,
};

static long barrier(int command, unsigned flags)
{
    return syscall(SYS_membarrier, command, flags, 0);
}

int main(int count, char** words)
{
    (void)words;
    if (count > 1) {
        show("after exec", barrier(kPrivate, 0));
        return 0;
    }
    long const known = barrier(kQuery, 0);
    int const all[] = {kGlobal,
                       kGlobalExpedited,
                       kRegisterGlobal,
                       kPrivate,
                       kRegisterPrivate,
                       kPrivateCore,
                       kRegisterCore};
    for (int i = 0; i < 7; ++i)
        printf("command %d: %s\n", all[i], known & all[i] ? "known" : "not");
    show("query with flags", barrier(kQuery, 1));
    show("not registered", barrier(kPrivate, 0));
    show("core not registered", barrier(kPrivateCore, 0));
    show("global", barrier(kGlobal, 0));
    show("global expedited without registration", barrier(kGlobalExpedited, 0));
    show("register global", barrier(kRegisterGlobal, 0));
    show("register", barrier(kRegisterPrivate, 0));
    show("registered", barrier(kPrivate, 0));
    show("core still not", barrier(kPrivateCore, 0));
    show("register core", barrier(kRegisterCore, 0));
    show("registered core", barrier(kPrivateCore, 0));
    show("with flags", barrier(kPrivate, 1));
    show("two commands", barrier(kPrivate | kGlobal, 0));
    show("unknown", barrier(1 << 20, 0));
    show("negative", barrier(-1, 0));
    pid_t const child = fork_child();
    if (child == 0) {
        show("in a child", barrier(kPrivate, 0));
        execl("/proc/self/exe", "again", "x", NULL);
        leave(1);
    }
    show_end("child", child);
    return 0;
}
