// vfork(2): the parent sleeps until its child has called execve(2) or ended, also by a signal; both
// have one memory, but descriptors of their own; a signal for the sleeping parent waits.
#include "tests/contracts/contract.h"

static int volatile step;
static volatile sig_atomic_t seen;
static void on_signal(int number)
{
    (void)number;
    seen = step;
}

int main(int count, char** words)
{
    if (count > 1) return atoi(words[1]);
    setvbuf(stdout, NULL, _IONBF, 0);
    pid_t child = vfork();
    if (child == 0) {
        for (int i = 0; i < 5; ++i) {
            syscall(SYS_sched_yield);
            ++step;
        }
        _exit(1);
    }
    show("steps before the parent goes on", step);
    show_end("exit", child);
    child = vfork();
    if (child == 0) {
        step = 50;
        syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
        step = 51;
    }
    show("step at a signal", step);
    show_end("killed", child);
    int const file = open("/dev/null", O_RDONLY);
    child = vfork();
    if (child == 0) {
        close(file);
        execl("/proc/self/exe", "again", "7", NULL);
        step = 60;
        _exit(8);
    }
    show("step after exec", step);
    show("descriptor is open still", fcntl(file, F_GETFD));
    show_end("exec", child);
    child = vfork();
    if (child == 0) {
        execl("/work/missing", "missing", NULL);
        step = errno;
        _exit(9);
    }
    show("exec that fails leaves the child here", step == ENOENT);
    show_end("after it", child);
    struct sigaction const action = {.sa_handler = on_signal};
    sigaction(SIGUSR1, &action, NULL);
    step = 70;
    child = vfork();
    if (child == 0) {
        kill(getppid(), SIGUSR1);
        for (int i = 0; i < 5; ++i) syscall(SYS_sched_yield);
        step = 71;
        _exit(0);
    }
    show("the handler ran after step", seen);
    show_end("signalled", child);
    return 0;
}
