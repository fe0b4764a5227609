// rmdir(2), unlink(2), rename(2), POSIX 4.16: what may not be done to ".", "..", "/" and to what ends in them.
#include "tests/contracts/contract.h"

int main(void)
{
    struct stat status;
    make_file("file", "");
    require(mkdir("dir", 0755) == 0 && mkdir("dir/inner", 0755) == 0 && mkdir("full", 0755) == 0, "tree");
    require(symlink("dir/inner", "link") == 0, "link");
    make_file("full/file", "");
    char const* const paths[] = {".", "..", "/", "dir/.", "dir/inner/..", "/..", "dir/./", "//"};
    for (int i = 0; i < 8; ++i) {
        printf("%s\n", paths[i]);
        show("  rmdir", rmdir(paths[i]));
        show("  unlink", unlink(paths[i]));
        show("  mkdir", mkdir(paths[i], 0755));
        show("  rename", rename(paths[i], "other"));
        show("  rename to", rename("dir", paths[i]));
        show("  link to", link("file", paths[i]));
        show("  symlink", symlink("file", paths[i]));
        show("  mknod", mknod(paths[i], S_IFIFO | 0600, 0));
    }
    show("rmdir full", rmdir("full"));
    show("rmdir file", rmdir("file"));
    show("rmdir link", rmdir("link"));
    show("rmdir nothing", rmdir("nothing"));
    show("rmdir dir/inner", rmdir("dir/inner"));
    show("link dangles", stat("link", &status));
    show("unlink dir", unlink("dir"));
    show("unlink nothing", unlink("nothing"));
    show("unlink file/x", unlink("file/x"));
    show("rmdir dir//", rmdir("dir//"));
    return 0;
}
