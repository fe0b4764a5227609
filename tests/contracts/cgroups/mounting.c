// mount(2) of cgroup2: one hierarchy, however often it is mounted; options; what statfs(2) and
// /proc say of it.
#include "tests/contracts/cgroups/support.h"

#include <sys/statfs.h>

int main(void)
{
    begin_groups();
    struct statfs info;
    require(statfs("t", &info) == 0, "statfs");
    printf("type %lx, longest name %ld\n", (unsigned long)info.f_type, (long)info.f_namelen);
    printf("known: %d\n", strstr(read_text("/proc/filesystems"), "nodev\tcgroup2\n") != NULL);
    require(mkdir("other", 0755) == 0, "mkdir");
    show("at the same place", mount("none", "t", "cgroup2", 0, NULL));
    show("unknown option", mount("none", "other", "cgroup2", 0, "no-such-option"));
    show("elsewhere", mount("any name", "other", "cgroup2", 0, NULL));
    char path[700];
    snprintf(path, sizeof path, "other%s/a", own_path);
    show("mkdir there", mkdir(path, 0755));
    show("seen here", access(in_own("a"), F_OK));
    struct stat here, there;
    require(stat(in_own("a"), &here) == 0 && stat(path, &there) == 0, "stat");
    printf("the same: %d\n", here.st_ino == there.st_ino && here.st_dev == there.st_dev);
    show("rmdir here", rmdir(in_own("a")));
    show("seen there", access(path, F_OK));
    show("umount", umount("other"));
    show("group stays", access(in_own(""), F_OK));
    require(stat("t", &here) == 0, "stat");
    printf("root: mode %o, inode %ld\n", here.st_mode, (long)here.st_ino);
    return 0;
}
