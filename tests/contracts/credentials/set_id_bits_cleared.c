// write(2), truncate(2): by the unprivileged they clear the set-user bit, and the set-group bit of a program; by root
// they keep them; writing nothing and reading change nothing.
#include "tests/contracts/contract.h"
#include <sys/sendfile.h>

static void show_mode(char const* what)
{
    struct stat status;
    require(stat("program", &status) == 0, "stat");
    printf("%s: %o\n", what, status.st_mode & 07777);
}

int main(void)
{
    make_file("source", "0123456789");
    make_file("program", "0123456789");
    require(chmod(".", 0777) == 0, "chmod");
    int const file = open("program", O_RDWR);
    chmod("program", 06777);
    pwrite(file, "x", 1, 0);
    show_mode("root writes");
    ftruncate(file, 5);
    show_mode("root cuts");
    int const own = open("program", O_RDWR);
    pid_t const child = fork_child();
    if (child == 0) {
        require(setresuid(1000, 0, 0) == 0, "setresuid");
        for (int step = 0; step < 8; ++step) {
            require(seteuid(0) == 0 && chmod("program", step == 7 ? 06767 : 06777) == 0 && seteuid(1000) == 0, "reset");
            char byte;
            char const* const names[] = {"read", "write nothing", "write", "ftruncate to the same size", "truncate", "O_TRUNC", "sendfile", "write without x of the group"};
            switch (step) {
            case 0: read(own, &byte, 1); break;
            case 1: write(own, "", 0); break;
            case 2: write(own, "x", 1); break;
            case 3: ftruncate(own, 5); break;
            case 4: truncate("program", 6); break;
            case 5: close(open("program", O_WRONLY | O_TRUNC)); break;
            case 6: sendfile(own, open("source", O_RDONLY), NULL, 1); break;
            default: write(own, "x", 1);
            }
            show_mode(names[step]);
        }
        leave(0);
    }
    show_end("child", child);
    return 0;
}
