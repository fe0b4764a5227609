// mkdir(2), umask(2), inode(7): mode & ~umask & 01777; a set-group directory hands its group and the bit down.
#include "tests/contracts/contract.h"

static void show_directory(char const* path, int mode)
{
    struct stat status;
    if (mkdir(path, mode) != 0) {
        show(path, -1);
        return;
    }
    stat(path, &status);
    printf("%s: %o gid %u links %u\n", path, status.st_mode & 07777, status.st_gid, (unsigned)status.st_nlink);
}

int main(void)
{
    struct stat status;
    show("umask", umask(0));
    show_directory("all", 07777);
    show_directory("none", 0);
    umask(0777);
    show_directory("masked", 0777);
    show("mask", umask(07777));
    show("of it what counts", umask(022));
    show_directory("group", 0755);
    require(chown("group", 0, 1234) == 0 && chmod("group", 02755) == 0, "group");
    show_directory("group/inner", 0700);
    make_file("group/file", "");
    stat("group/file", &status);
    printf("file: %o gid %u\n", status.st_mode & 07777, status.st_gid);
    int const program = open("group/program", O_CREAT | O_RDWR, 02755);
    fstat(program, &status);
    printf("program: %o gid %u\n", status.st_mode & 07777, status.st_gid);
    stat("group", &status);
    show("links of the parent", status.st_nlink);
    show("rmdir", rmdir("group/inner"));
    stat("group", &status);
    show("links of the parent", status.st_nlink);
    show("again", mkdir("group", 0700));
    show("over a file", mkdir("group/file", 0700));
    show("below a file", mkdir("group/file/x", 0700));
    show("below nothing", mkdir("nothing/x", 0700));
    require(symlink("dangles", "dangling") == 0, "symlink");
    show("over a dangling link", mkdir("dangling", 0700));
    show("dot", mkdir(".", 0700));
    show("root", mkdir("/", 0700));
    show("new/.", mkdir("new/.", 0700));
    show("slashes", mkdir("new///", 0700));
    show("bad place", mkdir((char*)8, 0700));
    show("empty", mkdir("", 0700));
    return 0;
}
