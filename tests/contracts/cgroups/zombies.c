// cgroups(7): a zombie is in no list and keeps no cgroup; its /proc/PID/cgroup still names the one
// that it was in, also when that has been removed.
#include "tests/contracts/cgroups/support.h"

int main(void)
{
    begin_groups();
    require(mkdir(in_own("a"), 0755) == 0, "mkdir");
    pid_t const child = sleeper_in("a");
    show_group_of("alive", child);
    kill(child, SIGKILL);
    wait_for_state(child, 'Z');
    show_lines("a/cgroup.procs");
    show_lines("a/cgroup.threads");
    get("a/cgroup.events");
    show_group_of("zombie", child);
    char number[16];
    snprintf(number, sizeof number, "%d", (int)child);
    show("moved", write_text(in_own("cgroup.procs"), number));
    show_group_of("where it was", child);
    show("rmdir", rmdir(in_own("a")));
    show_group_of("removed", child);
    show("the same name", mkdir(in_own("a"), 0755));
    show_group_of("still the old one", child);
    show_end("child", child);
    show("rmdir", rmdir(in_own("a")));
    return 0;
}
