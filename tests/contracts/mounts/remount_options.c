// mount(2), MS_REMOUNT: limits of a tmpfs move (tmpfs(5)), but not below what is used; the root's
// mode stays. A bind mount of it shows the same file system.
#include "tests/contracts/mounts/support.h"

static void show_room(char const* what)
{
    struct statfs info;
    require(statfs("m", &info) == 0, "statfs");
    printf("%s: %ld blocks, %ld free, %ld inodes\n",
           what,
           (long)info.f_blocks,
           (long)info.f_bfree,
           (long)info.f_files);
    fflush(stdout);
}

int main(void)
{
    mkdir("m", 0755);
    mkdir("b", 0755);
    show_mount("mount", "none", "m", "tmpfs", 0, "size=16k,nr_inodes=4,mode=750");
    show_room("at first");
    int const file = open("m/f", O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    static char bytes[32768];
    show("write", write(file, bytes, sizeof bytes));
    show("write more", write(file, bytes, sizeof bytes));
    show_room("full");
    show("mkdir", mkdir("m/one", 0755));
    show("mkdir", mkdir("m/two", 0755));
    show("mkdir", mkdir("m/three", 0755));
    show_mount("smaller", NULL, "m", NULL, MS_REMOUNT, "size=8k");
    show_mount("fewer inodes", NULL, "m", NULL, MS_REMOUNT, "nr_inodes=2");
    show_mount("larger", NULL, "m", NULL, MS_REMOUNT, "size=24k,nr_inodes=5,mode=777");
    show("write", pwrite(file, bytes, sizeof bytes, 16384));
    show("mkdir", mkdir("m/three", 0755));
    show_mount("unknown option", NULL, "m", NULL, MS_REMOUNT, "no-such-option");
    show_mount("bind", "m", "b", NULL, MS_BIND, NULL);
    show_mount(
        "flags of the file system", NULL, "b", NULL, MS_REMOUNT | MS_SYNCHRONOUS | MS_NOEXEC, NULL);
    show_mounts("mounts", "/work");
    show_mount(
        "read-only with a writer through the other", NULL, "b", NULL, MS_REMOUNT | MS_RDONLY, NULL);
    close(file);
    show_mount("read-only", NULL, "b", NULL, MS_REMOUNT | MS_RDONLY, NULL);
    show_mounts("mounts", "/work");
    show("write through the first", access("m/f", W_OK));
    struct stat root;
    require(stat("m", &root) == 0, "stat");
    printf("mode %o\n", root.st_mode & 07777);
    show("umount", umount("m"));
    show("umount", umount("b"));
    return 0;
}
