// path_resolution(7): at most 40 links in one resolution, ELOOP after that; a link to itself; O_NOFOLLOW.
#include "tests/contracts/contract.h"

int main(void)
{
    char from[32], to[32];
    struct stat status;
    make_file("file", "text");
    require(symlink("file", "0") == 0, "symlink");
    for (int i = 1; i <= 41; ++i) {
        snprintf(from, sizeof from, "%d", i - 1);
        snprintf(to, sizeof to, "%d", i);
        require(symlink(from, to) == 0, "symlink");
    }
    show("40 links", stat("39", &status));
    show("41 links", stat("40", &status));
    show_ok("open of 40", open("39", O_RDONLY));
    show("open of 41", open("40", O_RDONLY));
    show("create through 41", open("41", O_RDWR | O_CREAT, 0600));
    show("lstat of 41", lstat("40", &status));
    require(mkdir("dir", 0755) == 0 && symlink(".", "dir/here") == 0, "dir");
    char path[1024] = "dir";
    for (int i = 0; i < 40; ++i) strcat(path, "/here");
    show("40 in a row", stat(path, &status));
    strcat(path, "/here");
    show("41 in a row", stat(path, &status));
    show("the last not followed", lstat(path, &status));
    strcat(path, "/");
    show("a slash follows it", lstat(path, &status));
    require(symlink("self", "self") == 0 && symlink("pong", "ping") == 0 && symlink("ping", "pong") == 0, "loops");
    show("self", stat("self", &status));
    show("ping", open("ping", O_RDONLY));
    show("through self", stat("self/x", &status));
    show("create self", open("self", O_RDWR | O_CREAT, 0600));
    show("create self, exclusive", open("self", O_RDWR | O_CREAT | O_EXCL, 0600));
    show("chdir", chdir("self"));
    show("unlink", unlink("self"));
    show("rename", rename("ping", "ring"));
    show("now dangling", stat("ring", &status));
    show("readlink", readlink("ring", to, sizeof to));
    return 0;
}
