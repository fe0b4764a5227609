// setreuid(2), setregid(2): the unprivileged set the real id to the real or effective one, the effective to any of
// the three; when the real id is set, or the effective to another than it, the saved one follows.
#include "tests/contracts/contract.h"

static void show_ids(void)
{
    uid_t ids[3];
    gid_t groups[3];
    getresuid(&ids[0], &ids[1], &ids[2]);
    getresgid(&groups[0], &groups[1], &groups[2]);
    printf("  %u %u %u, %u %u %u\n", ids[0], ids[1], ids[2], groups[0], groups[1], groups[2]);
}

int main(void)
{
    show("groups", setresgid(10, 20, 30));
    show("users", setresuid(1, 2, 3));
    show_ids();
    show("effective to the saved", setreuid(-1, 3));
    show_ids();
    show("effective to the real", setreuid(-1, 1));
    show_ids();
    show("real to the saved", setreuid(3, -1));
    show("effective to another", setreuid(-1, 9));
    show("swap", setreuid(1, 3));
    show_ids();
    show("and back", setreuid(3, 1));
    show_ids();
    show("none", setreuid(-1, -1));
    show("group to the saved", setregid(-1, 30));
    show_ids();
    show("real group to the effective", setregid(30, -1));
    show_ids();
    show("group to another", setregid(-1, 99));
    show("real group to another", setregid(99, -1));
    show_ids();
    return 0;
}
