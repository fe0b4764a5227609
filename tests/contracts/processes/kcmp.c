// kcmp(2): what two processes share: open files after dup(2) and fork(2), nothing else of a fork.
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static void show(char const* what, long result)
{
    if (result < 0) {
        printf("%s: %s\n", what, strerror(errno));
    } else {
        printf("%s: %s\n", what, result == 0 ? "equal" : "different");
    }
}

int main(void)
{
    setvbuf(stdout, NULL, _IONBF, 0);
    int ends[2];
    pipe(ends);
    int const copy = dup(ends[0]);
    pid_t const self = getpid();
    pid_t const child = fork();
    if (child == 0) {
        while (1) pause();
    }
    show("dup", syscall(SYS_kcmp, self, self, 0, ends[0], copy));
    show("two ends", syscall(SYS_kcmp, self, self, 0, ends[0], ends[1]));
    show("inherited", syscall(SYS_kcmp, self, child, 0, ends[0], copy));
    char const* const names[] = {"file", "memory", "table", "folders", "actions", "io", "semaphores"};
    for (int type = 1; type <= 6; ++type) {
        show(names[type], syscall(SYS_kcmp, self, self, type, 0, 0));
        if (type < 5) show("  of the child", syscall(SYS_kcmp, self, child, type, 0, 0));
    }
    show("closed", syscall(SYS_kcmp, self, self, 0, 77, copy));
    show("type", syscall(SYS_kcmp, self, self, 99, 0, 0));
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    show("no process", syscall(SYS_kcmp, self, child, 1, 0, 0));
    return 0;
}
