// xattr(7): user attributes follow the rights to the file, in sticky directories setting them is for the owner; trusted
// ones are for CAP_SYS_ADMIN: for others they are not there.
#include "tests/contracts/contract.h"
#include <sys/xattr.h>

static void try(char const* path, char const* name)
{
    char text[16];
    printf("%s %s\n", path, name);
    show("  get", getxattr(path, name, text, sizeof text));
    show("  set", setxattr(path, name, "new", 3, 0));
    show("  create", setxattr(path, name, "new", 3, XATTR_CREATE));
    show("  remove", removexattr(path, name));
    show("  remove what is not there", removexattr(path, "user.nothing"));
}

int main(void)
{
    struct stat before, after;
    char const* const names[] = {"own", "readable", "writable", "shut"};
    int const modes[] = {0600, 0644, 0622, 0600};
    for (int i = 0; i < 4; ++i) {
        make_file(names[i], "");
        require(setxattr(names[i], "user.x", "v", 1, 0) == 0 && setxattr(names[i], "trusted.x", "v", 1, 0) == 0, names[i]);
        require(chmod(names[i], modes[i]) == 0, names[i]);
    }
    require(chown("own", 1000, 1000) == 0 && mkdir("sticky", 0777) == 0 && chmod("sticky", 01777) == 0, "sticky");
    setxattr("sticky", "user.x", "v", 1, 0);
    stat("own", &before);
    do {
        require(setxattr("own", "user.t", "v", 1, 0) == 0, "setxattr");
        stat("own", &after);
    } while (after.st_ctim.tv_sec == before.st_ctim.tv_sec && after.st_ctim.tv_nsec == before.st_ctim.tv_nsec);
    show("modification time is untouched", after.st_mtim.tv_nsec == before.st_mtim.tv_nsec);
    int const reader = open("writable", O_RDONLY);
    require(setresuid(1000, 1000, 1000) == 0, "setresuid");
    for (int i = 0; i < 4; ++i) {
        try(names[i], "user.x");
        try(names[i], "trusted.x");
    }
    try("sticky", "user.x");
    show("by an open reader", fsetxattr(reader, "user.x", "v", 1, 0));
    show("get by it", fgetxattr(reader, "user.x", NULL, 0));
    return 0;
}
