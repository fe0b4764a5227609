// getcwd(2), rmdir(2): a working directory that was removed has no name; nothing can be made in it; "." and ".." still
// lead somewhere.
#include "tests/contracts/contract.h"
#include <dirent.h>

int main(void)
{
    char text[256];
    struct stat status;
    require(mkdir("dir", 0755) == 0 && chdir("dir") == 0, "dir");
    int const open_here = open(".", O_RDONLY);
    show("rmdir", rmdir("../dir"));
    show("getcwd", syscall(SYS_getcwd, text, sizeof text));
    show("stat .", stat(".", &status));
    show("links", status.st_nlink);
    show("stat ..", stat("..", &status));
    show_ok("open .", open(".", O_RDONLY));
    show("make a file", open("x", O_RDWR | O_CREAT, 0600));
    show("make a directory", mkdir("x", 0755));
    show("make a link", symlink("x", "y"));
    show("make a node", mknod("x", S_IFIFO | 0600, 0));
    show("look up", stat("x", &status));
    show_ok("temporary", open(".", O_TMPFILE | O_RDWR, 0600));
    show("rmdir .", rmdir("."));
    show("entries", syscall(SYS_getdents64, open_here, text, sizeof text));
    DIR* const entries = fdopendir(open_here);
    show("readdir", readdir(entries) != NULL);
    show("link into it", link("/contracts", "x"));
    show("chmod", chmod(".", 0700));
    show("readlink of /proc", readlink("/proc/self/cwd", text, sizeof text) > 0);
    text[15] = 0;
    printf("%s\n", text);
    show("a new one of the name", mkdir("/work/dir", 0755));
    show("is another", stat("../dir", &status) == 0 && status.st_nlink == 2);
    show("getcwd", syscall(SYS_getcwd, text, sizeof text));
    show("chdir ..", chdir(".."));
    show("getcwd", syscall(SYS_getcwd, text, sizeof text));
    printf("%s\n", text);
    show("fchdir", fchdir(open_here));
    return 0;
}
