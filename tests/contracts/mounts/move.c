// mount(2), MS_MOVE: a mount and all that is mounted on it go to another place. Who has a file open
// there, or stands there, does not notice.
#include "tests/contracts/mounts/support.h"

int main(void)
{
    mkdir("a", 0755);
    mkdir("b", 0755);
    mkdir("c", 0755);
    make_file("file", "");
    show_mount("mount", "none", "a", "tmpfs", MS_NOSUID, NULL);
    mkdir("a/in", 0755);
    show_mount("mount inside", "none", "a/in", "tmpfs", 0, NULL);
    make_file("a/in/f", "deep");
    int const file = open("a/in/f", O_RDONLY | O_CLOEXEC);
    chdir("a/in");
    show_mount("into itself", "/work/a", "/work/a/in", NULL, MS_MOVE, NULL);
    show_mount("onto itself", "/work/a", "/work/a", NULL, MS_MOVE, NULL);
    show_mount("onto a file", "/work/a", "/work/file", NULL, MS_MOVE, NULL);
    show_mount("onto nothing", "/work/a", "/work/gone", NULL, MS_MOVE, NULL);
    show_mount("of a folder that is no mount", "/work/c", "/work/b", NULL, MS_MOVE, NULL);
    show_mount("of a folder in a mount", "/work/a/in/.", "/work/c", NULL, MS_MOVE, NULL);
    char here[256];
    printf("here: %s\n", getcwd(here, sizeof here));
    show_mounts("mounts", "/work");
    chdir("/work/c");
    show_mount("back", "/work/c", "/work/a/in", NULL, MS_MOVE, NULL);
    printf("here: %s\n", getcwd(here, sizeof here));
    show_mount("all", "/work/a", "/work/b", NULL, MS_MOVE, NULL);
    printf("here: %s\n", getcwd(here, sizeof here));
    show_mounts("mounts", "/work");
    char text[8] = "";
    show("read what was open", read(file, text, 4));
    show_exists("the old place", "/work/a/in");
    close(file);
    chdir("/work");
    show("umount", umount("b/in"));
    show("umount", umount("b"));
    return 0;
}
