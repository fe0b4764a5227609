// clone3(2), CLONE_INTO_CGROUP: the child begins in the cgroup whose folder is open.
#include "tests/contracts/cgroups/support.h"

#ifndef CLONE_INTO_CGROUP
#    define CLONE_INTO_CGROUP 0x200000000ULL
#endif

struct arguments {
    uint64_t flags, pidfd, child_tid, parent_tid, exit_signal;
    uint64_t stack, stack_size, tls, set_tid, set_tid_size, cgroup;
};

static struct barrier end;

static void try_clone(char const* what, uint64_t flags, uint64_t cgroup, size_t size)
{
    struct arguments arguments;
    memset(&arguments, 0, sizeof arguments);
    arguments.flags = flags;
    arguments.exit_signal = SIGCHLD;
    arguments.cgroup = cgroup;
    fflush(NULL);
    long const child = syscall(SYS_clone3, &arguments, size);
    if (child == 0) {
        barrier_wait(&end);
        leave(0);
    }
    if (child < 0) {
        show(what, -1);
        return;
    }
    show_group_of(what, (pid_t)child);
    barrier_signal(&end);
    show_end("  child", (pid_t)child);
}

int main(void)
{
    begin_groups();
    end = barrier_make();
    require(mkdir(in_own("a"), 0755) == 0 && mkdir(in_own("gone"), 0755) == 0, "mkdir");
    int const folder = open(in_own("a"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int const place = open(in_own("a"), O_PATH | O_CLOEXEC);
    int const gone = open(in_own("gone"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int const file = open(in_own("a/cgroup.procs"), O_RDWR | O_CLOEXEC);
    int const work = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    require(rmdir(in_own("gone")) == 0, "rmdir");
    size_t const whole = sizeof(struct arguments);
    try_clone("folder", CLONE_INTO_CGROUP, (uint64_t)folder, whole);
    try_clone("O_PATH", CLONE_INTO_CGROUP, (uint64_t)place, whole);
    try_clone("without the flag", 0, (uint64_t)folder, whole);
    try_clone("removed", CLONE_INTO_CGROUP, (uint64_t)gone, whole);
    try_clone("a file of it", CLONE_INTO_CGROUP, (uint64_t)file, whole);
    try_clone("another file system", CLONE_INTO_CGROUP, (uint64_t)work, whole);
    try_clone("not open", CLONE_INTO_CGROUP, 900, whole);
    try_clone("no descriptor", CLONE_INTO_CGROUP, (uint64_t)1 << 32, whole);
    try_clone("structure too short", CLONE_INTO_CGROUP, (uint64_t)folder, whole - 8);
    show_group_of("self", 0);
    show_lines("a/cgroup.procs");
    return 0;
}
