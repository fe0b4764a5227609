// mount(2), umount(2): a tmpfs covers what was in its folder, and what it had is gone with it. It
// stays while a file is open in it, somebody stands in it, or something is mounted inside.
#include "tests/contracts/mounts/support.h"

int main(void)
{
    mkdir("m", 0755);
    make_file("m/below", "below");
    show_mount("mount", "none", "m", "tmpfs", 0, "mode=700");
    show_exists("what was there", "m/below");
    struct stat root, place, parent;
    require(stat("m", &root) == 0 && stat(".", &parent) == 0 && stat("m/..", &place) == 0, "stat");
    printf("mode %o, links %d, another device: %d, .. is the parent: %d\n",
           root.st_mode & 07777,
           (int)root.st_nlink,
           root.st_dev != parent.st_dev,
           place.st_dev == parent.st_dev && place.st_ino == parent.st_ino);
    mkdir("m/d", 0755);
    make_file("m/d/f", "above");
    show_contents("a file of it", "m/d/f");
    int const file = open("m/d/f", O_RDONLY | O_CLOEXEC);
    show("umount with an open file", umount("m"));
    close(file);
    chdir("m/d");
    show("umount of where one stands", umount("/work/m"));
    chdir("/work");
    void* const mapped =
        mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, open("m/d/f", O_RDONLY | O_CLOEXEC), 0);
    for (int i = 3; i < 10; ++i) close(i);
    show("umount with a mapped file", umount("m"));
    munmap(mapped, 4096);
    show_mount("mount inside", "none", "m/d", "tmpfs", 0, NULL);
    show("umount of the outer one", umount("m"));
    show("umount of the inner one", umount("m/d"));
    show("umount by another name", umount("/work/./m/d/.."));
    show("umount again", umount("m"));
    show_contents("what was there", "m/below");
    show_mount("a new one", "none", "m", "tmpfs", 0, NULL);
    show_exists("what the old one had", "m/d");
    show("umount", umount("m"));
    return 0;
}
