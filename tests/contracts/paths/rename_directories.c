// rename(2): directories replace only empty directories, never move below themselves; ".." and link counts follow.
#include "tests/contracts/contract.h"

static void show_links(char const* path)
{
    struct stat status;
    require(stat(path, &status) == 0, path);
    printf("%s: %u links\n", path, (unsigned)status.st_nlink);
}

static int is_same(char const* left, char const* right)
{
    struct stat a, b;
    require(stat(left, &a) == 0 && stat(right, &b) == 0, left);
    return a.st_ino == b.st_ino;
}

int main(void)
{
    require(mkdir("a", 0755) == 0 && mkdir("a/b", 0755) == 0 && mkdir("a/b/c", 0755) == 0, "a");
    require(mkdir("empty", 0755) == 0 && mkdir("full", 0755) == 0, "targets");
    make_file("full/x", "");
    show("into itself", rename("a", "a/new"));
    show("into its child", rename("a", "a/b/c/new"));
    show("onto its parent", rename("a/b", "a"));
    show("onto its grandparent", rename("a/b/c", "a"));
    show("onto itself", rename("a", "a"));
    show("over a full one", rename("a", "full"));
    show("over its own child", rename("a", "a/b"));
    show("over an empty one", rename("a", "empty"));
    show_links(".");
    show_links("empty");
    show("move a level up", rename("empty/b", "b"));
    show_links("empty");
    show_links(".");
    show("its parent", is_same("b/..", "."));
    show("into a sibling", rename("b", "empty/b2"));
    show("its parent", is_same("empty/b2/..", "empty"));
    int const inside = open("empty/b2/c", O_RDONLY);
    show("move what is open", rename("empty/b2", "elsewhere"));
    show("its parent", fchdir(inside) == 0 && is_same("..", "/work/elsewhere"));
    char text[64];
    show("its name", getcwd(text, sizeof text) != NULL);
    printf("%s\n", text);
    show("over a removed working directory", chdir("/work"));
    show("mkdir", mkdir("gone", 0755));
    int const gone = open("gone", O_RDONLY);
    show("rmdir", rmdir("gone"));
    show("into a removed one", renameat(AT_FDCWD, "full", gone, "x"));
    show("removed itself", renameat(gone, ".", AT_FDCWD, "x"));
    return 0;
}
