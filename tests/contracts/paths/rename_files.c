// rename(2): the target is replaced in one step, whatever is open on it; two names of one file both stay.
#include "tests/contracts/contract.h"

static void show_text(char const* path)
{
    char text[16] = {0};
    int const file = open(path, O_RDONLY);
    if (file < 0) {
        show(path, -1);
        return;
    }
    if (read(file, text, sizeof text - 1) >= 0) printf("%s: %s\n", path, text);
    close(file);
}

int main(void)
{
    char text[8] = {0};
    struct stat status;
    make_file("a", "one");
    make_file("b", "two");
    require(mkdir("dir", 0755) == 0 && symlink("a", "link") == 0, "tree");
    require(symlink("dir", "dir_link") == 0 && link("a", "same") == 0, "links");
    int const replaced = open("b", O_RDONLY);
    show("a to same", rename("a", "same"));
    show("both are there", access("a", F_OK) + access("same", F_OK));
    unlink("same");
    show("a to b", rename("a", "b"));
    show_text("a");
    show_text("b");
    show("replaced", read(replaced, text, sizeof text));
    fstat(replaced, &status);
    show("its links", status.st_nlink);
    show("to itself", rename("b", "b"));
    show("nothing", rename("nothing", "b"));
    show("link itself moves", rename("link", "link2"));
    show("over a link", rename("b", "link2"));
    show_text("link2");
    show("file over a directory", rename("link2", "dir"));
    show("directory over a file", rename("dir", "link2"));
    show("file to dir/", rename("link2", "dir/"));
    show("file to new/", rename("link2", "new/"));
    show("file/ to new", rename("link2/", "new"));
    show("dir/ to newdir/", rename("dir/", "newdir/"));
    show("through a link to a directory", rename("link2", "dir_link/in"));
    symlink("newdir", "to");
    show("through another", rename("link2", "to/in"));
    show_text("newdir/in");
    show("dot", rename(".", "x"));
    show("to dot", rename("newdir", "."));
    show("dot dot", rename("newdir/..", "x"));
    show("root", rename("/", "x"));
    show("below a file", rename("newdir/in", "newdir/in/x"));
    show("to another file system", rename("newdir/in", "/proc/x"));
    show("empty", rename("", "x"));
    show("to empty", rename("newdir", ""));
    return 0;
}
