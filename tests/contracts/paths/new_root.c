// chroot(2): only the start of absolute paths changes; the working directory stays where it is, and getcwd(2) then
// names it "(unreachable)"; ".." does not lead out of the root.
#include "tests/contracts/contract.h"

static void show_here(void)
{
    char text[256] = {0};
    // What is outside has no name from here; where it lies for others is not told.
    if (syscall(SYS_getcwd, text, sizeof text) < 0)
        show("getcwd", -1);
    else if (strncmp(text, "(unreachable)/", 14) == 0)
        printf("  (unreachable)\n");
    else
        printf("  %s\n", text);
}

int main(void)
{
    struct stat status;
    require(mkdir("root", 0755) == 0 && mkdir("root/in", 0755) == 0, "root");
    make_file("root/file", "in");
    make_file("outside", "");
    require(symlink("/file", "link") == 0 && symlink("/../../file", "root/up") == 0, "links");
    show("to a file", chroot("outside"));
    show("to nothing", chroot("nothing"));
    pid_t child = fork_child();
    if (child == 0) {
        require(setresuid(1000, 1000, 1000) == 0, "setresuid");
        show("unprivileged", chroot("root"));
        show("of nothing", chroot("nothing"));
        leave(0);
    }
    show_end("child", child);
    int const outside = open(".", O_RDONLY);
    show("chroot", chroot("root"));
    show_here();
    show("relative", stat("outside", &status));
    show("absolute", stat("/file", &status));
    show("absolute link from outside", stat("link", &status));
    show("above the root", stat("/../../../file", &status));
    show("chdir", chdir("/in"));
    show_here();
    show("up", chdir("../../.."));
    show_here();
    show("link that goes up", stat("/up", &status));
    show("out by descriptor", fchdir(outside));
    show_here();
    show("outside", stat("outside", &status));
    show("further up", chdir(".."));
    show_here();
    child = fork_child();
    if (child == 0) leave(stat("/file", &status) == 0 ? 0 : 1);
    show_end("inherited", child);
    show("back", chroot("."));
    show("work", stat("/work/outside", &status));
    show_here();
    return 0;
}
