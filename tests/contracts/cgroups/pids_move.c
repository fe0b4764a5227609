// The controller pids: charges go with the process, count in all cgroups around it, and stay with a
// zombie until its status is taken.
#include "tests/contracts/cgroups/support.h"

static void show_all(char const* what)
{
    printf("%s:\n", what);
    get("pids.current");
    get("a/pids.current");
    get("b/pids.current");
}

int main(void)
{
    begin_pids();
    require(mkdir(in_own("a"), 0755) == 0 && mkdir(in_own("b"), 0755) == 0, "mkdir");
    // Of version 2 the controller must be given on; version 1 has no such file.
    write_text(in_own("cgroup.subtree_control"), "+pids");
    pid_t const first = sleeper_in("a");
    pid_t const second = sleeper_in("a");
    show_all("two in a");
    put("b/pids.max", "0");
    char number[16];
    snprintf(number, sizeof number, "%d", (int)first);
    put("a/pids.max", "1");
    show("over the limit", write_text(in_own("b/cgroup.procs"), number));
    show_all("one moved");
    kill(second, SIGKILL);
    wait_for_state(second, 'Z');
    show_all("a zombie");
    show_end("second", second);
    show_all("reaped");
    kill(first, SIGKILL);
    wait_for_state(first, 'Z');
    show("rmdir", rmdir(in_own("b")));
    get("pids.current");
    show_end("first", first);
    get("pids.current");
    return 0;
}
