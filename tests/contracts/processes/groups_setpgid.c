// setpgid(2), getpgid(2), getsid(2), setsid(2): who may be moved where; session leaders and
// children that have called execve(2) stay; groups end at the border of the session.
#include "tests/contracts/contract.h"

static struct barrier ready, done;

static pid_t start(void (*first)(void))
{
    pid_t const child = fork_child();
    if (child == 0) {
        if (first != NULL) first();
        barrier_signal(&ready);
        barrier_wait(&done);
        leave(0);
    }
    barrier_wait(&ready);
    return child;
}

static void new_session(void) { require(setsid() == getpid(), "setsid"); }

static void again(void)
{
    char number[2][16];
    snprintf(number[0], 16, "%d", ready.ends[1]);
    snprintf(number[1], 16, "%d", done.ends[0]);
    fcntl(ready.ends[1], F_SETFD, 0);
    fcntl(done.ends[0], F_SETFD, 0);
    execl("/proc/self/exe", "again", number[0], number[1], NULL);
}

int main(int count, char** words)
{
    if (count > 1) {
        barrier_signal(&(struct barrier){{-1, atoi(words[1])}});
        barrier_wait(&(struct barrier){{atoi(words[2]), -1}});
        return 0;
    }
    ready = barrier_make();
    done = barrier_make();
    pid_t const self = getpid();
    show("leader of a session itself", setpgid(0, 0));
    show("leader makes another session", setsid());
    pid_t const child = start(NULL);
    show("group of a child", getpgid(child) == self);
    show("session of a child", getsid(child) == self);
    show("negative group", setpgid(child, -1));
    show("negative process", setpgid(-1, 0));
    show("nobody", setpgid(99999, 0));
    show("the parent", setpgid(getppid(), 0));
    show("group of nobody", getpgid(99999));
    show("group of a negative number", getpgid(-3));
    show("session of nobody", getsid(99999));
    show("into a group that is not there", setpgid(child, 99999));
    show("into a group of its own", setpgid(child, 0));
    show("it leads it", getpgid(child) == child);
    pid_t const second = start(NULL);
    show("into its sibling's group", setpgid(second, child));
    show("it is there", getpgid(second) == child);
    show("back", setpgid(second, self));
    pid_t const apart = start(new_session);
    show("leader of another session", setpgid(apart, apart));
    show("to another session", setpgid(second, apart));
    show("its session", getsid(apart) == apart);
    pid_t const program = start(again);
    show("one that called execve", setpgid(program, program));
    for (int i = 0; i < 4; ++i) barrier_signal(&done);
    pid_t const all[] = {child, second, apart, program};
    wait_for_state(child, 'Z');
    show("group of a zombie", getpgid(child) == child);
    show("move a zombie", setpgid(child, self));
    for (int i = 0; i < 4; ++i) show_end("end", all[i]);
    show("group of one that has gone", getpgid(child));
    pid_t const leader = fork_child();
    if (leader == 0) {
        // The number of its group is still in use when it wants a session.
        require(setpgid(0, 0) == 0, "setpgid");
        show("leader of a group", setsid());
        pid_t const member = fork_child();
        if (member == 0) {
            show("member of a group", setsid() == getpid());
            show("leads a group", getpgrp() == getpid());
            leave(0);
        }
        show_end("member", member);
        leave(0);
    }
    show_end("leader", leader);
    return 0;
}
