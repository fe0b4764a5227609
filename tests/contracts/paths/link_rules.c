// link(2), linkat(2): another name for a file, not for directories, not across file systems; links are followed only
// if asked.
#include "tests/contracts/contract.h"

static void show_links(char const* path)
{
    struct stat status;
    require(lstat(path, &status) == 0, path);
    printf("%s: %s, %u links\n", path, S_ISLNK(status.st_mode) ? "link" : S_ISFIFO(status.st_mode) ? "fifo" : "file", (unsigned)status.st_nlink);
}

int main(void)
{
    make_file("a", "text");
    require(mkdir("dir", 0755) == 0 && symlink("a", "link") == 0 && mkfifo("fifo", 0600) == 0, "tree");
    require(symlink("nothing", "dangling") == 0, "link");
    show("link", link("a", "b"));
    show_links("a");
    show("over a name", link("a", "b"));
    show("over a dangling link", link("a", "dangling"));
    show("to itself", link("a", "a"));
    show("of a directory", link("dir", "dir2"));
    show("of nothing", link("nothing", "c"));
    show("below nothing", link("a", "nothing/c"));
    show("below a file", link("a", "b/c"));
    show("to a slash", link("a", "c/"));
    show("of a slash", link("a/", "c"));
    show("of a link", link("link", "link2"));
    show_links("link2");
    show("followed", linkat(AT_FDCWD, "link", AT_FDCWD, "c", AT_SYMLINK_FOLLOW));
    show_links("c");
    show("dangling, followed", linkat(AT_FDCWD, "dangling", AT_FDCWD, "d", AT_SYMLINK_FOLLOW));
    show("of a fifo", link("fifo", "fifo2"));
    show_links("fifo2");
    show("to another file system", link("a", "/proc/x"));
    show("from another file system", link("/proc/version", "x"));
    show("bad flags", linkat(AT_FDCWD, "a", AT_FDCWD, "x", AT_SYMLINK_NOFOLLOW));
    int const file = open("a", O_RDONLY);
    show("by descriptor", linkat(file, "", AT_FDCWD, "e", AT_EMPTY_PATH));
    show("without the flag", linkat(file, "", AT_FDCWD, "f", 0));
    show("of the working directory", linkat(AT_FDCWD, "", AT_FDCWD, "f", AT_EMPTY_PATH));
    show_links("a");
    show("unlink", unlink("a") + unlink("b") + unlink("c") + unlink("e"));
    show("what has no name any more", linkat(file, "", AT_FDCWD, "f", AT_EMPTY_PATH));
    show("dot", link(".", "x"));
    show("to dot", link("fifo", "."));
    return 0;
}
