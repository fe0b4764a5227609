// reboot(2) in a pid namespace: its process 1 seems to be killed.
#include "tests/contracts/namespaces/pid_support.h"

#include <sys/reboot.h>

static void try_reboot(char const* what, unsigned command)
{
    pid_t const init = clone_init();
    if (init == 0) {
        pid_t const child = fork_child();
        if (child == 0) {
            long const result = syscall(SYS_reboot, 0xfee1dead, 672274793, command, 0);
            show(what, result);
            leave(0);
        }
        show_end(what, child);
        leave(8);
    }
    show_end(what, init);
}

int main(void)
{
    // Never outside of a namespace.
    try_reboot("unknown", 0x1234567 + 1);
    try_reboot("restart", RB_AUTOBOOT);
    try_reboot("halt", RB_HALT_SYSTEM);
    try_reboot("power off", RB_POWER_OFF);
    return 0;
}
