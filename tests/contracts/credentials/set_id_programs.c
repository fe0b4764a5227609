// execve(2): a set-user program gets the effective and saved id of its owner, a set-group program its group; not
// without x bits of the group, and not for the real ids.
#include "tests/contracts/contract.h"
#include <sys/auxv.h>
#include <grp.h>

static void copy_self(char const* path, uid_t user, gid_t group, int mode)
{
    static char bytes[1 << 20];
    int const from = open("/proc/self/exe", O_RDONLY), to = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0755);
    ssize_t const size = read(from, bytes, sizeof bytes);
    require(size > 0 && size < (ssize_t)sizeof bytes && write(to, bytes, size) == size, path);
    close(from);
    close(to);
    require(chown(path, user, group) == 0 && chmod(path, mode) == 0, path);
}

static void run(char const* what, char const* path, uid_t user, gid_t group)
{
    pid_t const child = fork_child();
    if (child == 0) {
        require(setgroups(0, NULL) == 0 && setresgid(group, group, group) == 0 && setresuid(user, user, user) == 0, "ids");
        execl(path, path, "inside", NULL);
        show("execl", -1);
        leave(1);
    }
    show_end(what, child);
}

int main(int count, char** words)
{
    (void)words;
    if (count > 1) {
        uid_t ids[3];
        gid_t groups[3];
        getresuid(&ids[0], &ids[1], &ids[2]);
        getresgid(&groups[0], &groups[1], &groups[2]);
        printf("  %u %u %u, %u %u %u secure %lu\n", ids[0], ids[1], ids[2], groups[0], groups[1], groups[2], getauxval(AT_SECURE));
        return 0;
    }
    copy_self("plain", 2000, 3000, 0755);
    copy_self("user", 2000, 3000, 04755);
    copy_self("group", 2000, 3000, 02755);
    copy_self("both", 2000, 3000, 06755);
    copy_self("no_group_x", 2000, 3000, 02745);
    copy_self("of_root", 0, 0, 04755);
    copy_self("owner_only", 2000, 3000, 04700);
    run("plain", "./plain", 1000, 1000);
    run("user", "./user", 1000, 1000);
    run("group", "./group", 1000, 1000);
    run("both", "./both", 1000, 1000);
    run("set-group without x of the group", "./no_group_x", 1000, 1000);
    run("of root", "./of_root", 1000, 1000);
    run("not executable for others", "./owner_only", 1000, 1000);
    run("by its owner", "./user", 2000, 1000);
    run("root becomes the owner", "./user", 0, 0);
    return 0;
}
