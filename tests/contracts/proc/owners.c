// proc(5): files of a process belong to its effective ids; to root where it cannot be dumped, and
// when it has ended, but for folders that all may read.
#include "tests/contracts/contract.h"

#include <sys/prctl.h>

static void show_owners(char const* what, pid_t process)
{
    char const* const names[] = {"",
                                 "/stat",
                                 "/environ",
                                 "/fd",
                                 "/task",
                                 "/ns",
                                 "/exe",
                                 "/ns/uts",
                                 "/fdinfo",
                                 "/oom_score_adj"};
    printf("%s:\n", what);
    for (unsigned i = 0; i < sizeof names / sizeof names[0]; ++i) {
        char path[64];
        struct stat info;
        snprintf(path, sizeof path, "/proc/%d%s", (int)process, names[i]);
        if (lstat(path, &info) != 0) {
            show(names[i], -1);
            continue;
        }
        printf("  %s: %o of %d, %d\n", names[i], info.st_mode, (int)info.st_uid, (int)info.st_gid);
    }
    fflush(stdout);
}

int main(void)
{
    struct barrier const ready = barrier_make();
    struct barrier const go = barrier_make();
    show_owners("root", getpid());
    pid_t const child = fork_child();
    if (child == 0) {
        require(setresgid(34, 35, 34) == 0 && setresuid(12, 13, 12) == 0, "setresuid");
        require(prctl(PR_SET_DUMPABLE, 1) == 0, "prctl");
        barrier_signal(&ready);
        barrier_wait(&go);
        require(prctl(PR_SET_DUMPABLE, 0) == 0, "prctl");
        barrier_signal(&ready);
        barrier_wait(&go);
        leave(0);
    }
    barrier_wait(&ready);
    show_owners("another user's", child);
    barrier_signal(&go);
    barrier_wait(&ready);
    show_owners("not to be dumped", child);
    barrier_signal(&go);
    wait_for_state(child, 'Z');
    struct stat info;
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/stat", (int)child);
    require(stat(path, &info) == 0, path);
    printf("of a zombie: %d, %d\n", (int)info.st_uid, (int)info.st_gid);
    show_end("child", child);
    return 0;
}
