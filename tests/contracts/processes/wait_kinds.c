// wait(2), __WALL and __WCLONE: children that end without SIGCHLD are another kind, found by
// either flag only; waitid(2) takes the same flags; execve makes a child of the usual kind of them.
#include "tests/contracts/processes/clone3.h"

static pid_t start(int signal)
{
    fflush(NULL);
    long const child = syscall(SYS_clone, signal, NULL, NULL, NULL, 0);
    if (child == 0) _exit(3);
    wait_for_state((pid_t)child, 'Z');
    return (pid_t)child;
}

static void look(char const* what, int options)
{
    show_ok(what, waitpid(-1, NULL, options | WNOHANG));
}

int main(int count, char** words)
{
    if (count > 1) return words[1][0] - '0';
    signal(SIGUSR1, SIG_IGN);
    int const signals[] = {SIGCHLD, SIGUSR1, 0};
    char const* const names[] = {"SIGCHLD", "SIGUSR1", "no signal"};
    for (int i = 0; i < 3; ++i) {
        printf("%s\n", names[i]);
        start(signals[i]);
        look("  usual", 0);
        look("  __WCLONE", __WCLONE);
        look("  __WALL", __WALL);
        look("  nothing is left", __WALL);
        start(signals[i]);
        look("  __WALL and __WCLONE", __WALL | __WCLONE);
        siginfo_t info = {0};
        pid_t const child = start(signals[i]);
        show("  waitid", waitid(P_PID, (id_t)child, &info, WEXITED | WNOHANG));
        show("  waitid __WALL", waitid(P_PID, (id_t)child, &info, WEXITED | __WALL | WNOHANG));
    }
    fflush(NULL);
    long const child = syscall(SYS_clone, 0, NULL, NULL, NULL, 0);
    if (child == 0) {
        execl("/proc/self/exe", "again", "6", NULL);
        _exit(1);
    }
    wait_for_state((pid_t)child, 'Z');
    show_end("after exec", (pid_t)child);
    // Threads are nobody's children, and those of this thread alone are all there are.
    look("__WNOTHREAD", __WNOTHREAD);
    return 0;
}
