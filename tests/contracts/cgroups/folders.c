// cgroups(7): folders are cgroups; nothing else can be made, moved or removed there.
#include "tests/contracts/cgroups/support.h"

int main(void)
{
    begin_groups();
    umask(022);
    show("mkdir", mkdir(in_own("a"), 0777));
    show("again", mkdir(in_own("a"), 0777));
    show("name of a file", mkdir(in_own("cgroup.procs"), 0777));
    show("end of line in the name", mkdir(in_own("a\nb"), 0777));
    show("child", mkdir(in_own("a/b"), 0700));
    struct stat info;
    require(stat(in_own("a"), &info) == 0, "stat");
    printf("mode %o, links %d, size %ld\n", info.st_mode, (int)info.st_nlink, (long)info.st_size);
    require(stat(in_own("a/b"), &info) == 0, "stat");
    printf("mode %o, links %d\n", info.st_mode, (int)info.st_nlink);
    show("rmdir with a child", rmdir(in_own("a")));
    show("rmdir", rmdir(in_own("a/b")));
    pid_t const child = sleeper_in("a");
    show("rmdir with a process", rmdir(in_own("a")));
    end_sleeper("child", child);
    show("a file", open(in_own("a/file"), O_CREAT | O_WRONLY | O_CLOEXEC, 0644));
    show("a pipe", mkfifo(in_own("a/pipe"), 0644));
    show("a link", symlink("x", in_own("a/link")));
    show("another name", link(in_own("a/cgroup.procs"), in_own("a/x")));
    show("unlink", unlink(in_own("a/cgroup.procs")));
    show("unlink of a folder", unlink(in_own("a")));
    show("rmdir of a file", rmdir(in_own("a/cgroup.procs")));
    show("rename", rename(in_own("a"), in_own("b")));
    show("rename of a file", rename(in_own("a/cgroup.procs"), in_own("a/x")));
    show("chmod", chmod(in_own("a/cgroup.procs"), 0600));
    show("chown", chown(in_own("a"), 12, 34));
    require(stat(in_own("a/cgroup.procs"), &info) == 0, "stat");
    printf("mode %o of %d\n", info.st_mode, (int)info.st_uid);
    require(stat(in_own("a"), &info) == 0, "stat");
    printf("mode %o of %d, %d\n", info.st_mode, (int)info.st_uid, (int)info.st_gid);
    show("truncate", truncate(in_own("a/cgroup.procs"), 0));
    show("rmdir", rmdir(in_own("a")));
    show("again", rmdir(in_own("a")));
    show("rmdir of the mount", rmdir("t"));
    return 0;
}
