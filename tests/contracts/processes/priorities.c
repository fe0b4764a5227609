// setpriority(2), getpriority(2), nice(2): values are kept within -20 and 19, for processes, groups
// and users; a user may not go back down; fork(2) copies the value.
#include "tests/contracts/contract.h"

#include <sys/resource.h>

static void look(char const* what, int which, id_t who)
{
    errno = 0;
    int const value = getpriority(which, who);
    if (value == -1 && errno != 0)
        show(what, -1);
    else
        printf("%s: nice %d\n", what, value);
    fflush(stdout);
}

static void set(char const* what, int which, id_t who, int value)
{
    show(what, setpriority(which, who, value));
    look("  now", PRIO_PROCESS, 0);
}

int main(void)
{
    // It inherits that of whoever runs the contracts.
    require(setpriority(PRIO_PROCESS, 0, 0) == 0, "setpriority");
    set("5", PRIO_PROCESS, 0, 5);
    set("beyond 19", PRIO_PROCESS, 0, 100);
    set("beyond -20", PRIO_PROCESS, 0, -100);
    set("kind of target", 3, 0, 1);
    set("negative kind", -1, 0, 1);
    set("nobody", PRIO_PROCESS, 99999, 1);
    set("group of nobody", PRIO_PGRP, 99999, 1);
    set("user without processes", PRIO_USER, 4321, 1);
    look("nobody", PRIO_PROCESS, 99999);
    look("kind", 7, 0);
    set("own group", PRIO_PGRP, 0, 3);
    errno = 0;
    show("nice", nice(4) == -1 && errno != 0);
    look("added", PRIO_PROCESS, 0);
    struct barrier const ready = barrier_make();
    struct barrier const go = barrier_make();
    pid_t const child = fork_child();
    if (child == 0) {
        look("in a child", PRIO_PROCESS, 0);
        barrier_signal(&ready);
        barrier_wait(&go);
        look("set from outside", PRIO_PROCESS, 0);
        require(setpriority(PRIO_PROCESS, 0, -2) == 0, "setpriority");
        look("the group has the best of both", PRIO_PGRP, 0);
        require(setresuid(1000, 1000, 1000) == 0, "setresuid");
        set("user goes down", PRIO_PROCESS, 0, 10);
        set("user goes up", PRIO_PROCESS, 0, 9);
        set("user stays", PRIO_PROCESS, 0, 10);
        errno = 0;
        show("user is nice to go up", nice(-1));
        set("another user's process", PRIO_PROCESS, (id_t)getppid(), 15);
        set("all of a user's", PRIO_USER, 0, 12);
        look("  user 1000", PRIO_USER, 1000);
        leave(0);
    }
    barrier_wait(&ready);
    require(setpriority(PRIO_PROCESS, (id_t)child, 8) == 0, "setpriority");
    barrier_signal(&go);
    show_end("child", child);
    look("own is as it was", PRIO_PROCESS, 0);
    return 0;
}
