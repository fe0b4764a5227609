// xattr(7): names have a name space before the first dot and at most 255 bytes; which name spaces there are, and for
// which kinds of files.
#include "tests/contracts/contract.h"
#include <sys/xattr.h>

int main(void)
{
    static char name[300] = "user.";
    char text[16];
    make_file("f", "");
    require(mkdir("dir", 0755) == 0 && mkfifo("fifo", 0600) == 0 && symlink("f", "link") == 0, "tree");
    require(symlink("nothing", "dangling") == 0, "dangling");
    char const* const names[] = {"user.", "user", "user.x.y", "other.x", "trusted.x", "trusted.", ".", "", "x", "USER.x"};
    for (int i = 0; i < 10; ++i) {
        printf("\"%s\"\n", names[i]);
        show("  set", setxattr("f", names[i], "v", 1, 0));
        show("  get", getxattr("f", names[i], text, sizeof text));
        show("  remove", removexattr("f", names[i]));
    }
    memset(name + 5, 'n', 250);
    show("255 bytes", setxattr("f", name, "v", 1, 0));
    name[255] = 'n';
    show("256 bytes", setxattr("f", name, "v", 1, 0));
    show("get 256 bytes", getxattr("f", name, text, sizeof text));
    show("remove 256 bytes", removexattr("f", name));
    show("user of a directory", setxattr("dir", "user.x", "v", 1, 0));
    show("user of a fifo", setxattr("fifo", "user.x", "v", 1, 0));
    show("get user of a fifo", getxattr("fifo", "user.x", text, sizeof text));
    show("trusted of a fifo", setxattr("fifo", "trusted.x", "v", 1, 0));
    show("through a link", setxattr("link", "user.l", "v", 1, 0));
    show("seen at the file", getxattr("f", "user.l", text, sizeof text));
    show("user of a link", lsetxattr("link", "user.x", "v", 1, 0));
    show("get user of a link", lgetxattr("link", "user.x", text, sizeof text));
    show("trusted of a link", lsetxattr("link", "trusted.x", "v", 1, 0));
    show("get it", lgetxattr("link", "trusted.x", text, sizeof text));
    show("not at the file", getxattr("link", "trusted.x", text, sizeof text));
    show("dangling", setxattr("dangling", "user.x", "v", 1, 0));
    show("in /proc", setxattr("/proc/version", "user.x", "v", 1, 0));
    show("get in /proc", getxattr("/proc/version", "user.x", text, sizeof text));
    return 0;
}
