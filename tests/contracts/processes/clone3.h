#pragma once

// clone3(2) as a call that returns twice, without a stack of the child's own.
#include "tests/contracts/contract.h"

#include <sched.h>

struct clone3_arguments {
    uint64_t flags, pidfd, child_tid, parent_tid, exit_signal, stack, stack_size, tls;
    uint64_t set_tid, set_tid_size, cgroup;
};

static long clone3_sized(struct clone3_arguments const* arguments, size_t size)
{
    fflush(NULL);
    return syscall(SYS_clone3, arguments, size);
}

static long clone3(struct clone3_arguments const* arguments)
{
    return clone3_sized(arguments, sizeof *arguments);
}

// Prints whether a child was made; one that was ends at once and is waited for.
static void show_clone3(char const* what, struct clone3_arguments arguments, size_t size)
{
    long const child = clone3_sized(&arguments, size);
    if (child == 0) _exit(0);
    show_ok(what, child);
    if (child > 0) waitpid((pid_t)child, NULL, __WALL);
}

// The same for clone(2).
static void show_clone(char const* what, unsigned long flags)
{
    fflush(NULL);
    long const child = syscall(SYS_clone, flags, NULL, NULL, NULL, 0);
    if (child == 0) _exit(0);
    show_ok(what, child);
    if (child > 0) waitpid((pid_t)child, NULL, __WALL);
}
