// listxattr(2): all names with their zeros, sizes asked for first; they stay with the file through links and renames
// and go with it.
#include "tests/contracts/contract.h"
#include <sys/xattr.h>

static int compare(void const* left, void const* right)
{
    return strcmp(*(char* const*)left, *(char* const*)right);
}

static void show_list(char const* what, char const* path)
{
    static char list[4096];
    char* names[64];
    int count = 0;
    long const size = llistxattr(path, list, sizeof list);
    show(what, size);
    for (long at = 0; at < size; at += (long)strlen(list + at) + 1) {
        // What the system adds by itself is not told.
        if (strncmp(list + at, "security.", 9) != 0) names[count++] = list + at;
    }
    qsort(names, count, sizeof names[0], compare);
    for (int i = 0; i < count; ++i) printf("  %s\n", names[i]);
}

int main(void)
{
    char list[64];
    make_file("f", "");
    show_list("none", "f");
    setxattr("f", "user.b", "1", 1, 0);
    setxattr("f", "user.a", "2", 1, 0);
    setxattr("f", "trusted.t", "3", 1, 0);
    show_list("three", "f");
    show("size", listxattr("f", NULL, 0));
    show("too small", listxattr("f", list, 5));
    show("bad place", listxattr("f", (char*)8, 64));
    removexattr("f", "user.b");
    show_list("two", "f");
    link("f", "g");
    rename("f", "h");
    show_list("by another name", "g");
    show_list("renamed", "h");
    unlink("h");
    unlink("g");
    make_file("f", "");
    show_list("a new file", "f");
    setxattr("f", "user.x", "1", 1, 0);
    int const file = open("f", O_RDONLY);
    unlink("f");
    show("removed file", flistxattr(file, list, sizeof list));
    show("and set", fsetxattr(file, "user.y", "1", 1, 0));
    mkdir("dir", 0755);
    setxattr("dir", "user.d", "1", 1, 0);
    mkdir("dir/in", 0755);
    show_list("directory", "dir");
    show_list("not inherited", "dir/in");
    show("nothing", listxattr("nothing", list, sizeof list));
    show("closed", flistxattr(77, list, sizeof list));
    make_file("g", "");
    setxattr("g", "trusted.t", "1", 1, 0);
    setxattr("g", "user.u", "1", 1, 0);
    require(setresuid(1000, 1000, 1000) == 0, "setresuid");
    show_list("trusted is not for others", "g");
    return 0;
}
