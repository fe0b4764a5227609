// path_resolution(7): the first class that fits decides, owner, group, others: an owner without rights has none even
// where others have them; root needs an x bit somewhere to execute.
#include "tests/contracts/contract.h"
#include <grp.h>

static void try_as(char const* who, uid_t user, gid_t group, gid_t more)
{
    pid_t const child = fork_child();
    if (child == 0) {
        require(setgroups(more != 0, &more) == 0 && setresgid(group, group, group) == 0, "groups");
        require(setresuid(user, user, user) == 0, "setresuid");
        char const* const names[] = {"owner", "group", "others", "none"};
        printf("%s:", who);
        for (int i = 0; i < 4; ++i) {
            printf(" %s", names[i]);
            int const reader = open(names[i], O_RDONLY), writer = open(names[i], O_WRONLY);
            printf("%s%s%s", reader >= 0 ? "+r" : "", writer >= 0 ? "+w" : "", access(names[i], X_OK) == 0 ? "+x" : "");
        }
        printf("\n");
        leave(0);
    }
    show_end(who, child);
}

int main(void)
{
    char const* const names[] = {"owner", "group", "others", "none"};
    int const modes[] = {0700, 0070, 0007, 0};
    for (int i = 0; i < 4; ++i) {
        make_file(names[i], "text");
        require(chown(names[i], 1000, 2000) == 0 && chmod(names[i], modes[i]) == 0, names[i]);
    }
    try_as("root", 0, 0, 0);
    try_as("the owner", 1000, 3000, 0);
    try_as("the owner in the group", 1000, 2000, 0);
    try_as("a member", 1001, 2000, 0);
    try_as("a member by list", 1001, 3000, 2000);
    try_as("somebody", 1001, 3000, 3001);
    return 0;
}
