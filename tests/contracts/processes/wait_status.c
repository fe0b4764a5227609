// wait(2): the status tells exit and signal apart; only the low 8 bits of an exit status count;
// ECHILD without children, EINVAL for options that there are not.
#include "tests/contracts/contract.h"

int main(void)
{
    int status = 0;
    show("no child", waitpid(-1, &status, 0));
    int const codes[] = {0, 1, 255, 256, -1};
    for (int i = 0; i < 5; ++i) {
        pid_t const child = fork_child();
        if (child == 0) leave(codes[i]);
        show_end("exit", child);
    }
    int const signals[] = {SIGTERM, SIGKILL, SIGABRT, SIGUSR1};
    for (int i = 0; i < 4; ++i) {
        pid_t const child = fork_child();
        if (child == 0) {
            raise(signals[i]);
            leave(9);
        }
        show_end("raise", child);
    }
    show("bad options", waitpid(-1, &status, 0x40000));
    show("not a child", waitpid(1, &status, WNOHANG));
    return 0;
}
