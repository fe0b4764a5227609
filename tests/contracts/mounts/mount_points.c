// What a mount point forbids: unlink(2), rmdir(2), rename(2), link(2) on and across it; path walks
// through it, ".." from its root, and mounts on top of each other.
#include "tests/contracts/mounts/support.h"

int main(void)
{
    mkdir("d", 0755);
    mkdir("d/m", 0755);
    mkdir("other", 0755);
    make_file("file", "");
    show_mount("mount", "none", "d/m", "tmpfs", 0, NULL);
    make_file("d/m/f", "first");
    mkdir("d/m/sub", 0755);
    show("rmdir of it", rmdir("d/m"));
    show("rename of it", rename("d/m", "d/n"));
    show("rename over it", rename("other", "d/m"));
    show("rename of what it is in", rename("d", "e"));
    show("out of it", rename("e/m/f", "f"));
    show("into it", rename("file", "e/m/file"));
    show("link out of it", link("e/m/f", "f"));
    show("exchange", syscall(SYS_renameat2, AT_FDCWD, "other", AT_FDCWD, "e/m", 2));
    show("exchange across", syscall(SYS_renameat2, AT_FDCWD, "file", AT_FDCWD, "e/m/f", 2));
    show_exists("up and down again", "e/m/sub/../../m/sub/../f");
    show_mount("on top", "none", "e/m", "tmpfs", 0, NULL);
    show_exists("the lower one is covered", "e/m/f");
    make_file("e/m/f", "second");
    show_mount("on a folder under a cover", "none", "e/m/sub", "tmpfs", 0, NULL);
    show_mounts("mounts", "/work");
    show("umount", umount("e/m"));
    show_contents("first again", "e/m/f");
    show_mount("the same file system on its own root", "e/m", "e/m", NULL, MS_BIND, NULL);
    show("umount", umount("e/m"));
    char here[256];
    chdir("e/m/sub");
    printf("here: %s\n", getcwd(here, sizeof here));
    chdir("../..");
    printf("up: %s\n", getcwd(here, sizeof here));
    show("umount", umount("m"));
    show_exists("nothing is left", "m/f");
    return 0;
}
