// path_resolution(7), ENAMETOOLONG: a component has at most 255 bytes, a path at most 4095; longer trees can be
// walked step by step.
#include "tests/contracts/contract.h"

int main(void)
{
    static char path[8192], name[300];
    struct stat status;
    memset(name, 'n', 255);
    show("255 bytes", mkdir(name, 0755));
    show("found", stat(name, &status));
    name[255] = 'n';
    show("256 bytes", mkdir(name, 0755));
    show("looked up", stat(name, &status));
    show("opened", open(name, O_RDWR | O_CREAT, 0600));
    show("as a link", symlink("x", name));
    show("as a target", symlink(name, "to_long"));
    show("followed", stat("to_long", &status));
    show("renamed", rename("to_long", name));
    show("below nothing", stat("nothing/x", &status));
    memset(path, '/', sizeof path);
    path[4095] = 0;
    show("4095 slashes", stat(path, &status));
    path[4095] = '/';
    path[4096] = 0;
    show("4096 slashes", stat(path, &status));
    memset(path, 0, sizeof path);
    for (int i = 0; i < 2047; ++i) strcat(path, "./");
    show("4094 bytes", stat(path, &status));
    strcat(path, ".");
    show("4095 bytes", stat(path, &status));
    strcat(path, "/");
    show("4096 bytes", stat(path, &status));
    path[4095] = 0;
    show("target of 4095", symlink(path, "long"));
    path[4095] = '/';
    show("target of 4096", symlink(path, "longer"));
    show("followed", stat("long", &status));
    show("followed and more", stat("long/x", &status));
    name[255] = 0;
    int depth = 0;
    for (; depth < 20; ++depth) {
        if (mkdir(name, 0755) != 0 && errno != EEXIST) break;
        if (chdir(name) != 0) break;
    }
    show("deep", depth);
    show("getcwd", getcwd(path, sizeof path) == NULL ? -1 : 0);
    show("by the call", syscall(SYS_getcwd, path, sizeof path));
    make_file("here", "");
    show("file there", stat("here", &status));
    return 0;
}
