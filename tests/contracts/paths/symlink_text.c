// symlink(7), readlink(2): the text of a link is kept as it was given, its length is the size, and readlink cuts
// it without a zero.
#include "tests/contracts/contract.h"

int main(void)
{
    static char large[5000];
    char text[16];
    struct stat status;
    show("symlink", symlink("a//b/../c", "link"));
    lstat("link", &status);
    printf("size %ld mode %o\n", (long)status.st_size, status.st_mode);
    memset(text, '#', sizeof text);
    show("readlink", readlink("link", text, sizeof text));
    printf("%.16s\n", text);
    memset(text, '#', sizeof text);
    show("cut", readlink("link", text, 4));
    printf("%.6s\n", text);
    show("no room", readlink("link", text, 0));
    show("no room of nothing", readlink("nothing", text, 0));
    show("negative room", readlink("link", text, (size_t)-1));
    show("bad place", readlink("link", (char*)8, 4));
    show("of a directory", readlink(".", text, sizeof text));
    show("of nothing", readlink("nothing", text, sizeof text));
    show("of link/", readlink("link/", text, sizeof text));
    show("empty target", symlink("", "empty"));
    show("over a link", symlink("x", "link"));
    show("over a directory", symlink("x", "."));
    memset(large, 'x', 4095);
    show("4095 bytes", symlink(large, "long"));
    show("read", readlink("long", large, sizeof large));
    show("chmod of the link", fchmodat(AT_FDCWD, "link", 0600, AT_SYMLINK_NOFOLLOW));
    show("open", open("link", O_RDONLY));
    show("lchown", lchown("link", 11, 12));
    lstat("link", &status);
    printf("%u %u %o\n", status.st_uid, status.st_gid, status.st_mode);
    show("to a slash", symlink("/", "root"));
    show("through it", stat("root/work/link", &status) == -1 && errno == ENOENT);
    show("truncate a dangling link", truncate("link", 0));
    return 0;
}
