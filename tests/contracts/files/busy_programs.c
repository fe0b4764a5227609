// open(2), execve(2) ETXTBSY: a program that runs cannot be opened for writing; what is open for writing cannot be run.
#include "tests/contracts/contract.h"

int main(int count, char** words)
{
    (void)words;
    if (count > 1) {
        // Until the input ends.
        char byte;
        read(0, &byte, 1);
        return 7;
    }
    static char bytes[1 << 20];
    int const self = open("/proc/self/exe", O_RDONLY);
    ssize_t const size = read(self, bytes, sizeof bytes);
    int writer = open("program", O_RDWR | O_CREAT, 0755);
    require(size > 0 && write(writer, bytes, (size_t)size) == size, "copy");
    pid_t child = fork_child();
    if (child == 0) {
        show("run what is open for writing", execl("program", "program", "wait", NULL));
        leave(3);
    }
    show_end("child", child);
    close(writer);
    struct barrier const input = barrier_make();
    child = fork_child();
    if (child == 0) {
        dup2(input.ends[0], 0);
        close(input.ends[1]);
        execl("program", "program", "wait", NULL);
        leave(3);
    }
    wait_for_state(child, 'S');
    show("open for writing", open("program", O_WRONLY));
    show("for both", open("program", O_RDWR));
    show("O_TRUNC", open("program", O_RDONLY | O_TRUNC));
    show("truncate", truncate("program", 0));
    show_ok("for reading", open("program", O_RDONLY));
    show("chmod", chmod("program", 0700));
    show("rename", rename("program", "other"));
    show("still busy", open("other", O_WRONLY));
    show("unlink", unlink("other"));
    close(input.ends[1]);
    show_end("program", child);
    int const own = open("/proc/self/exe", O_WRONLY);
    show("own program", own);
    return 0;
}
