// mount_namespaces(7): a tree that is bound or moved into a shared mount is shared from then on;
// MS_REC changes all below; the combinations that mount(2) refuses.
#include "tests/contracts/mounts/support.h"

int main(void)
{
    char const* const names[] = {"a", "b", "t", "s"};
    for (int i = 0; i < 4; ++i) mkdir(names[i], 0755);
    show_mount("target", "none", "a", "tmpfs", 0, NULL);
    mkdir("a/x", 0755);
    mkdir("a/y", 0755);
    show_mount("two kinds at once", NULL, "a", NULL, MS_SHARED | MS_PRIVATE, NULL);
    show_mount("with another flag", NULL, "a", NULL, MS_SHARED | MS_RDONLY, NULL);
    show_mount("silently", NULL, "a", NULL, MS_SHARED | MS_SILENT, NULL);
    show_mount("of a folder", NULL, "a/x", NULL, MS_SHARED, NULL);
    show_mount("peer", "a", "b", NULL, MS_BIND, NULL);
    show_mount("tree", "none", "t", "tmpfs", 0, NULL);
    mkdir("t/in", 0755);
    show_mount("in the tree", "none", "t/in", "tmpfs", 0, NULL);
    show_mount("bind the tree below", "t", "a/x", NULL, MS_BIND | MS_REC, NULL);
    show_mounts("bound", "/work/");
    show_mount("must not be copied", NULL, "t/in", NULL, MS_UNBINDABLE, NULL);
    show_mount("move the tree below", "t", "a/y", NULL, MS_MOVE, NULL);
    show_mount("may be copied", NULL, "t/in", NULL, MS_PRIVATE, NULL);
    show_mount("move the tree below", "t", "a/y", NULL, MS_MOVE, NULL);
    show_mounts("moved", "/work/");
    show_mount("all private", NULL, "a", NULL, MS_PRIVATE | MS_REC, NULL);
    show_mounts("private", "/work/");
    show_mount("all slaves", NULL, "b", NULL, MS_SLAVE | MS_REC, NULL);
    show_mounts("slaves of nobody are private", "/work/b");
    show("umount", umount2("a", MNT_DETACH));
    show("umount", umount2("b", MNT_DETACH));
    show_mounts("what is left", "/work");
    return 0;
}
