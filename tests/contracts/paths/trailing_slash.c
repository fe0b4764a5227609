// path_resolution(7): a path that ends in a slash must name a directory; final symbolic links are
// then followed.
#include "tests/contracts/contract.h"

int main(void)
{
    struct stat status;
    make_file("file", "x");
    require(mkdir("dir", 0755) == 0, "mkdir");
    require(symlink("dir", "link") == 0, "symlink");
    require(symlink("file", "file_link") == 0, "symlink");
    show("stat file/", stat("file/", &status));
    show("stat dir/", stat("dir/", &status));
    show("lstat link/", lstat("link/", &status));
    printf("a directory: %d\n", S_ISDIR(status.st_mode));
    show("lstat file_link/", lstat("file_link/", &status));
    show("open file/", open("file/", O_RDONLY));
    show("creat new/", open("new/", O_CREAT | O_WRONLY, 0644));
    show("mkdir new/", mkdir("new/", 0755));
    show("unlink file/", unlink("file/"));
    show("unlink link/", unlink("link/"));
    show("rmdir link/", rmdir("link/"));
    show("rmdir dir/", rmdir("dir/"));
    show("rename file to other/", rename("file", "other/"));
    show("rename new/ to newer/", rename("new/", "newer/"));
    show("symlink to there/", symlink("file", "there/"));
    show("link to there/", link("file", "there/"));
    show("stat of nothing", stat("", &status));
    return 0;
}
