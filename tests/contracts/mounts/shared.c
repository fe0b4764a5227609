// mount_namespaces(7), SHARED SUBTREES: what is mounted below one peer comes to all peers and to
// the slaves of their group, and goes again. A slave passes nothing on.
#include "tests/contracts/mounts/support.h"

static void look(char const* what) { show_mounts(what, "/work/"); }

int main(void)
{
    mkdir("a", 0755);
    mkdir("b", 0755);
    mkdir("c", 0755);
    show_mount("mount", "none", "a", "tmpfs", 0, NULL);
    mkdir("a/x", 0755);
    mkdir("a/y", 0755);
    show_mount("share", NULL, "a", NULL, MS_SHARED, NULL);
    show_mount("a peer", "a", "b", NULL, MS_BIND, NULL);
    show_mount("another", "a", "c", NULL, MS_BIND, NULL);
    show_mount("that only listens", NULL, "c", NULL, MS_SLAVE, NULL);
    look("before");
    show_mount("below the first", "none", "a/x", "tmpfs", 0, NULL);
    make_file("b/x/f", "through a peer");
    show_contents("through the slave", "c/x/f");
    show_mount("below the slave", "none", "c/y", "tmpfs", 0, NULL);
    look("after");
    show_mount("move out of a shared one", "a/x", "c/y", NULL, MS_MOVE, NULL);
    int const file = open("b/x/f", O_RDONLY | O_CLOEXEC);
    show("umount with a file open elsewhere", umount("a/x"));
    close(file);
    show("umount", umount("a/x"));
    look("gone again");
    show_mount("below the second, where the slave has one", "none", "b/y", "tmpfs", 0, NULL);
    make_file("a/y/f", "from the peer");
    show_exists("the slave's own is above", "c/y/f");
    show("umount the slave's own", umount("c/y"));
    show_contents("the other is below", "c/y/f");
    show("umount", umount("a/y"));
    show_mount("slave with peers of its own", NULL, "c", NULL, MS_SHARED, NULL);
    show_mount("private", NULL, "b", NULL, MS_PRIVATE, NULL);
    look("changed");
    show_mount("below the first", "none", "a/x", "tmpfs", 0, NULL);
    look("the private one hears nothing");
    show("umount", umount("a/x"));
    show_mount("slave without peers", NULL, "a", NULL, MS_SLAVE, NULL);
    look("the last peer has left");
    show("umount", umount("a"));
    show("umount", umount("b"));
    show("umount", umount("c"));
    return 0;
}
