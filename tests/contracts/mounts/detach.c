// umount(2), MNT_DETACH: the mount is out of the tree at once; who is inside goes on, and what was
// mounted on it is on its own. getcwd(2), "(unreachable)".
#include "tests/contracts/mounts/support.h"

int main(void)
{
    mkdir("m", 0755);
    make_file("m/below", "below");
    show_mount("mount", "none", "m", "tmpfs", 0, NULL);
    mkdir("m/d", 0755);
    mkdir("m/d/e", 0755);
    mkdir("m/in", 0755);
    make_file("m/in/covered", "");
    show_mount("mount inside", "none", "m/in", "tmpfs", 0, NULL);
    make_file("m/in/f", "");
    int const folder = open("m", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int const inner = open("m/in", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int const file = open("m/d/f", O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    chdir("m/d/e");
    show("umount", umount("/work/m"));
    show("detach", umount2("/work/m", MNT_DETACH));
    show_mounts("mounts", "/work");
    show_contents("what was below", "/work/m/below");
    show("write to what was open", write(file, "text", 4));
    char here[256];
    long const size = syscall(SYS_getcwd, here, sizeof here);
    show("getcwd", size);
    if (size > 0) printf("here: %s\n", here);
    show("chdir up", chdir(".."));
    show("chdir up", chdir(".."));
    show("chdir up, at its root", chdir(".."));
    show_exists("still inside", "d");
    show_ok("make a file in it", openat(folder, "new", O_WRONLY | O_CREAT | O_CLOEXEC, 0644));
    show("what was mounted on it, from above", faccessat(folder, "in/f", F_OK, 0));
    show("the folder that it stood on", faccessat(folder, "in/covered", F_OK, 0));
    show("what was mounted on it, from inside", faccessat(inner, "f", F_OK, 0));
    show("its parent is itself", faccessat(inner, "../f", F_OK, 0));
    show_mount("bind from it", "d", "/work/m", NULL, MS_BIND, NULL);
    char path[64];
    snprintf(path, sizeof path, "/proc/self/fd/%d", folder);
    show("umount it again", umount(path));
    show("detach it again", umount2(path, MNT_DETACH));
    chdir("/work");
    show_exists("from outside by a descriptor", path);
    for (int i = 3; i < 16; ++i) close(i);
    show("detach of what is no mount", umount2("m", MNT_DETACH));
    return 0;
}
