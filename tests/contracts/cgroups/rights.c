// cgroups(7), DELEGATION: who may write to cgroup.procs of the target and of what is above both;
// the rights are those of who opened the file.
#include "tests/contracts/cgroups/support.h"

static void as_user(void)
{
    require(setresgid(1000, 1000, 1000) == 0 && setresuid(1000, 1000, 1000) == 0, "setresuid");
}

static void try_move(char const* what)
{
    pid_t const child = fork_child();
    if (child == 0) {
        as_user();
        show(what, write_text(in_own("a/cgroup.procs"), "0"));
        show("  mkdir", mkdir(in_own("a/new"), 0755));
        show("  rmdir", rmdir(in_own("a/new")));
        show("  limit", write_text(in_own("a/cgroup.max.depth"), "5"));
        leave(0);
    }
    show_end("  child", child);
}

int main(void)
{
    begin_groups();
    require(mkdir(in_own("a"), 0755) == 0 && mkdir(in_own("b"), 0755) == 0, "mkdir");
    try_move("nothing is theirs");
    require(chown(in_own("a"), 1000, 1000) == 0, "chown");
    try_move("the folder is theirs");
    require(chown(in_own("a/cgroup.procs"), 1000, 1000) == 0, "chown");
    try_move("the list is theirs, the one above is not");
    put("b/cgroup.procs", "0");
    require(chown(in_own("cgroup.procs"), 1000, 1000) == 0, "chown");
    try_move("the one above both is theirs");
    int const file = open(in_own("b/cgroup.procs"), O_WRONLY | O_CLOEXEC);
    require(file >= 0, "open");
    put("a/cgroup.procs", "0");
    pid_t const child = fork_child();
    if (child == 0) {
        as_user();
        show("open", open(in_own("b/cgroup.procs"), O_WRONLY | O_CLOEXEC));
        show("opened by root", write(file, "0", 1));
        show_group_of("self", 0);
        leave(0);
    }
    show_end("child", child);
    return 0;
}
