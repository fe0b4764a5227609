// prlimit(2): old and new values, of the caller and of another process; a soft limit stays below
// the hard one, which a user can only lower; other users' limits are out of reach.
#include "tests/contracts/contract.h"

#include <sys/resource.h>

static void tell(char const* what, struct rlimit const* limit)
{
    printf("%s: ", what);
    if (limit->rlim_cur == RLIM_INFINITY)
        printf("unlimited ");
    else
        printf("%llu ", (unsigned long long)limit->rlim_cur);
    if (limit->rlim_max == RLIM_INFINITY)
        printf("unlimited\n");
    else
        printf("%llu\n", (unsigned long long)limit->rlim_max);
    fflush(stdout);
}

static void set(char const* what, pid_t who, int resource, rlim_t soft, rlim_t hard)
{
    struct rlimit const changed = {soft, hard};
    struct rlimit old = {1, 1};
    if (show(what, syscall(SYS_prlimit64, who, resource, &changed, &old)) == 0) tell("  was", &old);
}

int main(void)
{
    struct rlimit limit;
    set("files", 0, RLIMIT_NOFILE, 100, 200);
    set("soft above hard", 0, RLIMIT_NOFILE, 150, 140);
    set("unknown resource", 0, 16, 1, 1);
    set("negative resource", 0, -1, 1, 1);
    set("nobody", 99999, RLIMIT_NOFILE, 1, 1);
    show("bad place for the old", syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, NULL, 16L));
    show("bad place of the new", syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, 16L, NULL));
    show("nothing at all", syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, NULL, NULL));
    struct barrier const ready = barrier_make();
    struct barrier const go = barrier_make();
    struct barrier const end = barrier_make();
    pid_t const child = fork_child();
    if (child == 0) {
        getrlimit(RLIMIT_NOFILE, &limit);
        tell("inherited", &limit);
        barrier_signal(&ready);
        barrier_wait(&go);
        getrlimit(RLIMIT_NOFILE, &limit);
        tell("set from outside", &limit);
        show("counts", dup2(1, 70));
        require(setresuid(1000, 1000, 1000) == 0, "setresuid");
        set("a user lowers the soft limit", 0, RLIMIT_NOFILE, 20, 80);
        set("raises it to the hard limit", 0, RLIMIT_NOFILE, 80, 80);
        set("raises the hard limit", 0, RLIMIT_NOFILE, 80, 81);
        set("lowers the hard limit", 0, RLIMIT_NOFILE, 60, 60);
        set("the parent's", getppid(), RLIMIT_NOFILE, 60, 60);
        show("looks at the parent's", syscall(SYS_prlimit64, getppid(), RLIMIT_NOFILE, 0, &limit));
        barrier_wait(&end);
        leave(0);
    }
    barrier_wait(&ready);
    set("the child's", child, RLIMIT_NOFILE, 64, 80);
    barrier_signal(&go);
    barrier_signal(&end);
    show_end("child", child);
    getrlimit(RLIMIT_NOFILE, &limit);
    tell("own stay", &limit);
    show("setrlimit, bad place", syscall(SYS_setrlimit, RLIMIT_NOFILE, 16L));
    show("getrlimit, bad place", syscall(SYS_getrlimit, RLIMIT_NOFILE, 16L));
    show("getrlimit, unknown", syscall(SYS_getrlimit, 16, &limit));
    show("setrlimit, unknown", syscall(SYS_setrlimit, 16, &limit));
    return 0;
}
