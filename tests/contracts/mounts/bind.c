// mount(2), MS_BIND: a folder or a file seen at another place, too. One file system, two mounts:
// neither links nor renames go from one to the other.
#include "tests/contracts/mounts/support.h"

int main(void)
{
    mkdir("a", 0755);
    mkdir("a/d", 0755);
    mkdir("b", 0755);
    make_file("a/d/f", "one");
    make_file("file", "covered");
    show_mount("a folder on a file", "a/d", "file", NULL, MS_BIND, NULL);
    show_mount("a file on a folder", "file", "b", NULL, MS_BIND, NULL);
    show_mount("a folder", "a/d", "b", "ignored", MS_BIND, "ignored");
    show_mount("a file", "a/d/f", "file", NULL, MS_BIND, NULL);
    show_contents("through the folder", "b/f");
    show_contents("through the file", "file");
    struct stat one, two;
    require(stat("a/d/f", &one) == 0 && stat("file", &two) == 0, "stat");
    printf("the same inode: %d, device: %d\n", one.st_ino == two.st_ino, one.st_dev == two.st_dev);
    make_file("b/new", "new");
    show_contents("what was made through it", "a/d/new");
    show("rename across", rename("b/f", "a/d/g"));
    show("link across", link("b/f", "a/d/g"));
    show("rename inside", rename("b/f", "b/g"));
    show_contents("the bound file moved", "file");
    show("unlink of a bound file", unlink("file"));
    show("rename of a bound file", rename("file", "other"));
    show("rename over a bound file", rename("a/d/new", "file"));
    show("rmdir of a bound folder", rmdir("b"));
    show("unlink of what is bound elsewhere", unlink("a/d/g"));
    show_contents("it is still there", "file");
    struct stat gone;
    require(stat("file", &gone) == 0, "stat");
    printf("links: %d\n", (int)gone.st_nlink);
    show_mounts("mounts", "/work");
    show_mount("again on the same place", "a", "b", NULL, MS_BIND, NULL);
    show_exists("the upper one", "b/d");
    show("umount", umount("b"));
    show_exists("the lower one", "b/new");
    show("umount", umount("b"));
    show("umount", umount("file"));
    show_contents("covered", "file");
    show_mount("onto itself", "a", "a", NULL, MS_BIND, NULL);
    show("umount", umount("a"));
    return 0;
}
