// kill(2): the real or effective id of the sender must be the real or saved one of the target; SIGCONT within the
// session is free; -1 and groups take those that may.
#include "tests/contracts/contract.h"

static pid_t start(uid_t real, uid_t effective, uid_t saved)
{
    struct barrier const ready = barrier_make();
    pid_t const child = fork_child();
    if (child == 0) {
        require(setresuid(real, effective, saved) == 0, "setresuid");
        barrier_signal(&ready);
        for (;;) pause();
    }
    barrier_wait(&ready);
    return child;
}

int main(void)
{
    pid_t const same = start(1000, 1000, 1000);
    pid_t const other = start(2000, 2000, 2000);
    pid_t const effective = start(2000, 1000, 2000);
    pid_t const saved = start(2000, 2000, 1000);
    pid_t const root = start(0, 0, 0);
    pid_t const child = fork_child();
    if (child == 0) {
        require(setresuid(1000, 1000, 1000) == 0, "setresuid");
        show("same", kill(same, 0));
        show("other", kill(other, 0));
        show("effective alone", kill(effective, 0));
        show("saved", kill(saved, 0));
        show("root", kill(root, 0));
        show("SIGCONT in the session", kill(other, SIGCONT));
        show("nobody", kill(0x3fffffff, 0));
        show("bad signal to other", kill(other, 99));
        setsid();
        show("SIGCONT from another session", kill(other, SIGCONT));
        leave(0);
    }
    show_end("child", child);
    pid_t const mixed = fork_child();
    if (mixed == 0) {
        require(setresuid(3000, 2000, 3000) == 0, "setresuid");
        show("by the effective id", kill(other, 0));
        show("not the foreign", kill(same, 0));
        leave(0);
    }
    show_end("child", mixed);
    pid_t const all[] = {same, other, effective, saved, root};
    for (int i = 0; i < 5; ++i) {
        kill(all[i], SIGKILL);
        show_end("killed", all[i]);
    }
    return 0;
}
