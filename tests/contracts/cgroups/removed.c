// rmdir(2) of a cgroup whose files are open: ENODEV from then on; whose folder somebody is in.
#include "tests/contracts/cgroups/support.h"

int main(void)
{
    begin_groups();
    require(mkdir(in_own("a"), 0755) == 0, "mkdir");
    int const procs = open(in_own("a/cgroup.procs"), O_RDWR | O_CLOEXEC);
    int const type = open(in_own("a/cgroup.type"), O_RDONLY | O_CLOEXEC);
    int const events = open(in_own("a/cgroup.events"), O_RDONLY | O_CLOEXEC);
    int const folder = open(in_own("a"), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    require(procs >= 0 && type >= 0 && events >= 0 && folder >= 0, "open");
    char text[256];
    show_ok("read", read(type, text, sizeof text));
    show("rmdir", rmdir(in_own("a")));
    show("read", pread(type, text, sizeof text, 0));
    show("read of another", read(events, text, sizeof text));
    show("read of the list", read(procs, text, sizeof text));
    show("write", write(procs, "0", 1));
    struct pollfd entry = {events, POLLPRI | POLLIN, 0};
    int const count = poll(&entry, 1, 0);
    printf("poll: %d, %x\n", count, entry.revents);
    show("a file of the folder", openat(folder, "cgroup.procs", O_RDONLY | O_CLOEXEC));
    show("mkdir in it", mkdirat(folder, "b", 0755));
    struct stat info;
    require(fstat(folder, &info) == 0, "fstat");
    printf("links %d\n", (int)info.st_nlink);
    show("list", syscall(SYS_getdents64, folder, text, sizeof text));
    show("enter", fchdir(folder));
    char path[128];
    show("where", getcwd(path, sizeof path) == NULL ? -1 : 0);
    require(chdir("/work") == 0, "chdir");
    close(folder);
    show("the name is free", mkdir(in_own("a"), 0755));
    show("the old file", pread(type, text, sizeof text, 0));
    get("a/cgroup.type");
    return 0;
}
