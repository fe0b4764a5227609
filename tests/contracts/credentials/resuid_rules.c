// setresuid(2), setresgid(2), getresuid(2): each id to any of the three, all or nothing; -1 leaves one alone.
#include "tests/contracts/contract.h"

static void show_ids(void)
{
    uid_t ids[3];
    getresuid(&ids[0], &ids[1], &ids[2]);
    printf("  %u %u %u\n", ids[0], ids[1], ids[2]);
}

int main(void)
{
    show("to 1 2 3", setresuid(1, 2, 3));
    show("rotate", setresuid(2, 3, 1));
    show_ids();
    show("one is foreign", setresuid(1, 2, 4));
    show_ids();
    show("keep two", setresuid(-1, 1, -1));
    show_ids();
    show("all the same", setresuid(3, 3, 3));
    show_ids();
    pid_t const child = fork_child();
    if (child == 0) {
        show("not back", setresuid(1, 1, 1));
        show("not to root", setresuid(0, -1, -1));
        leave(0);
    }
    show_end("child", child);
    show("groups without the right", setresgid(1, 1, 1));
    show("groups as they are", setresgid(0, 0, 0));
    show("bad place", syscall(SYS_getresuid, 8, 8, 8));
    show("bad third place", syscall(SYS_getresuid, (uid_t[1]){0}, (uid_t[1]){0}, 8));
    return 0;
}
