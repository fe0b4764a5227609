// clone(2), CLONE_PARENT: the child of a child is its sibling: it has the same parent, which waits
// for it and gets the signal that its maker would have sent.
#include "tests/contracts/processes/clone3.h"

static volatile sig_atomic_t last_signal;
static void on_signal(int number) { last_signal = number; }

int main(void)
{
    struct sigaction const action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    sigaction(SIGCHLD, &action, NULL);
    sigaction(SIGUSR1, &action, NULL);
    struct barrier const numbers = barrier_make();
    struct barrier const end = barrier_make();
    pid_t const parent = getpid();
    // The maker's own end is told by SIGUSR1.
    fflush(NULL);
    long const maker = syscall(SYS_clone, SIGUSR1, NULL, NULL, NULL, 0);
    if (maker == 0) {
        pid_t const maker_pid = getpid();
        long const sibling = syscall(SYS_clone, CLONE_PARENT | SIGCHLD, NULL, NULL, NULL, 0);
        if (sibling == 0) _exit(getppid() == parent && getppid() != maker_pid ? 21 : 1);
        int const got = (int)sibling;
        show("the maker has no child", waitpid(-1, NULL, __WALL));
        require(write(numbers.ends[1], &got, sizeof got) == sizeof got, "write");
        barrier_wait(&end);
        leave(22);
    }
    int sibling = 0;
    require(read(numbers.ends[0], &sibling, sizeof sibling) == sizeof sibling, "read");
    int status = 0;
    // Children that end with another signal than SIGCHLD are waited for with __WALL only.
    show("without __WALL", waitpid(sibling, NULL, WNOHANG));
    show("sibling is here", waitpid(sibling, &status, __WALL) == sibling);
    printf("sibling: %s, signal %s\n", status_text(status), last_signal == SIGUSR1 ? "USR1" : "?");
    last_signal = 0;
    barrier_signal(&end);
    show("maker is here", waitpid((pid_t)maker, &status, __WALL) == maker);
    printf("maker: %s, signal %s\n", status_text(status), last_signal == SIGUSR1 ? "USR1" : "?");
    show("nobody is left", waitpid(-1, NULL, __WALL));
    return 0;
}
