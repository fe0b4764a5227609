// mount(2), MS_BIND | MS_REC: with what is mounted below, but for what must not be bound
// (MS_UNBINDABLE). Without MS_REC the folders below are seen as they are.
#include "tests/contracts/mounts/support.h"

int main(void)
{
    mkdir("a", 0755);
    mkdir("a/one", 0755);
    mkdir("a/two", 0755);
    mkdir("a/deep", 0755);
    mkdir("b", 0755);
    show_mount("one", "none", "a/one", "tmpfs", 0, NULL);
    mkdir("a/one/in", 0755);
    show_mount("one/in", "none", "a/one/in", "tmpfs", 0, NULL);
    make_file("a/one/in/f", "deep");
    show_mount("two", "none", "a/two", "tmpfs", 0, NULL);
    make_file("a/two/f", "two");
    show_mount("two must not be bound", NULL, "a/two", NULL, MS_UNBINDABLE, NULL);
    show_mount("bind two", "a/two", "b", NULL, MS_BIND, NULL);
    show_mount("bind two with all below", "a/two", "b", NULL, MS_BIND | MS_REC, NULL);
    show_mount("bind a", "a", "b", NULL, MS_BIND, NULL);
    show_exists("one/in", "b/one/in");
    show("umount", umount("b"));
    show_mount("bind a with all below", "a", "b", NULL, MS_BIND | MS_REC, NULL);
    show_contents("one/in/f", "b/one/in/f");
    show_exists("two/f", "b/two/f");
    show_mounts("mounts", "/work");
    show("umount", umount("b"));
    show("umount with all below", umount2("b", MNT_DETACH));
    show_mount("a folder in it with all below that", "a/one", "b", NULL, MS_BIND | MS_REC, NULL);
    show_mounts("mounts", "/work/b");
    show("umount", umount2("b", MNT_DETACH));
    show_mount("into itself", "a", "a/deep", NULL, MS_BIND | MS_REC, NULL);
    show_mounts("mounts", "/work");
    show("umount", umount2("a/deep", MNT_DETACH));
    show("umount", umount2("a/one", MNT_DETACH));
    show("umount", umount("a/two"));
    show_mounts("what is left", "/work");
    return 0;
}
