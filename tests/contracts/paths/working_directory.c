// chdir(2), fchdir(2), getcwd(2): which directories can be entered, how names follow, sizes of the buffer.
#include "tests/contracts/contract.h"

static void show_here(void)
{
    char text[256] = {0};
    show("getcwd", syscall(SYS_getcwd, text, sizeof text));
    printf("  %s\n", text);
}

int main(void)
{
    char text[16];
    make_file("file", "");
    require(mkdir("dir", 0755) == 0 && mkdir("dir/inner", 0755) == 0 && symlink("dir/inner", "link") == 0, "tree");
    show_here();
    show("chdir link", chdir("link"));
    show_here();
    show("chdir ..", chdir(".."));
    show_here();
    show("rename it", rename("/work/dir", "/work/other"));
    show_here();
    show("to a file", chdir("../file"));
    show("to nothing", chdir("nothing"));
    show("to empty", chdir(""));
    show("bad place", chdir((char*)8));
    show("fchdir of a file", fchdir(open("../file", O_RDONLY)));
    show("of a closed one", fchdir(77));
    int ends[2];
    require(pipe(ends) == 0, "pipe");
    show("of a pipe", fchdir(ends[0]));
    show("fchdir of a place", fchdir(open("inner", O_PATH)));
    show_here();
    show("root", chdir("/"));
    show_here();
    show("above it", chdir("../.."));
    show_here();
    show("exactly", syscall(SYS_getcwd, text, 2));
    show("too small", syscall(SYS_getcwd, text, 1));
    show("no room", syscall(SYS_getcwd, text, 0));
    show("bad place", syscall(SYS_getcwd, 8, 100));
    require(mkdir("/work/shut", 0700) == 0 && mkdir("/work/shut/in", 0777) == 0, "shut");
    int const in = open("/work/shut/in", O_RDONLY), shut = open("/work/shut", O_RDONLY);
    require(setresuid(1000, 1000, 1000) == 0, "setresuid");
    show("without the right to search", chdir("/work/shut"));
    show("through it", chdir("/work/shut/in"));
    show("by descriptor", fchdir(shut));
    show("one level below", fchdir(in));
    show_here();
    show("up again", chdir(".."));
    return 0;
}
