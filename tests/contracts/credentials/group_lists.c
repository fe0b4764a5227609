// setgroups(2), getgroups(2): the list is sorted, limited, for the privileged alone, and inherited.
#include "tests/contracts/contract.h"
#include <grp.h>

static void show_groups(void)
{
    gid_t groups[64];
    int const count = (int)syscall(SYS_getgroups, 64, groups);
    printf("  %d:", count);
    for (int i = 0; i < count; ++i) printf(" %u", groups[i]);
    printf("\n");
}

int main(void)
{
    gid_t const groups[] = {30, 10, 20, 10, 4000000000u};
    gid_t few[2];
    show("set", syscall(SYS_setgroups, 5, groups));
    show_groups();
    show("how many", syscall(SYS_getgroups, 0, NULL));
    show("too little room", syscall(SYS_getgroups, 2, few));
    show("negative room", syscall(SYS_getgroups, -1, few));
    show("bad place", syscall(SYS_getgroups, 5, 8));
    show("bad list", syscall(SYS_setgroups, 3, 8));
    show("too many", syscall(SYS_setgroups, 65537, groups));
    show("-1", syscall(SYS_setgroups, -1, groups));
    show_groups();
    pid_t child = fork_child();
    if (child == 0) {
        show_groups();
        show("none", syscall(SYS_setgroups, 0, NULL));
        show_groups();
        leave(0);
    }
    show_end("child", child);
    show_groups();
    show("setresuid", setresuid(1000, 1000, 1000));
    show("unprivileged", syscall(SYS_setgroups, 1, groups));
    show("unprivileged, none", syscall(SYS_setgroups, 0, NULL));
    show("too many, unprivileged", syscall(SYS_setgroups, 65537, groups));
    show_groups();
    return 0;
}
