// cgroup.kill: 1 ends every process in the cgroup and below it.
#include "tests/contracts/cgroups/support.h"

int main(void)
{
    begin_groups();
    require(mkdir(in_own("a"), 0755) == 0 && mkdir(in_own("a/b"), 0755) == 0, "mkdir");
    require(mkdir(in_own("c"), 0755) == 0, "mkdir");
    pid_t const first = sleeper_in("a");
    pid_t const second = sleeper_in("a/b");
    pid_t const third = sleeper_in("c");
    char const* const bad[] = {"0", "2", "-1", "x", "1 1", "4294967297"};
    for (unsigned i = 0; i < sizeof bad / sizeof bad[0]; ++i) put("a/cgroup.kill", bad[i]);
    get("a/cgroup.kill");
    put("a/cgroup.kill", "1\n");
    show_end("first", first);
    show_end("second", second);
    show("third", kill(third, 0));
    get("a/cgroup.events");
    put("a/cgroup.kill", "1");
    put("c/cgroup.kill", "0x1");
    show_end("third", third);
    show("in the root", access("t/cgroup.kill", F_OK));
    pid_t const child = fork_child();
    if (child == 0) {
        require(write_text(in_own("a/cgroup.procs"), "0") == 0, "move");
        write_text(in_own("a/cgroup.kill"), "1");
        leave(0);
    }
    show_end("by itself", child);
    return 0;
}
