// execve(2), open(2), ETXTBSY: what somebody has open for writing is not run, and what runs is not
// written to; reading, renaming, removing and replacing it is fine.
#include "tests/contracts/contract.h"

static void copy_self(char const* name)
{
    static char bytes[1 << 20];
    int const source = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    int const target = open(name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755);
    require(source >= 0 && target >= 0, name);
    ssize_t size;
    while ((size = read(source, bytes, sizeof bytes)) > 0) {
        require(write(target, bytes, (size_t)size) == size, "copy");
    }
    close(source);
    close(target);
}

static void open_it(char const* what, char const* name, int flags)
{
    int const file = (int)show_ok(what, open(name, flags | O_CLOEXEC, 0755));
    if (file >= 0) close(file);
}

int main(int count, char** words)
{
    if (count > 1) {
        barrier_signal(&(struct barrier){{-1, atoi(words[1])}});
        char byte;
        return read(atoi(words[2]), &byte, 1) == 1 ? 5 : 6;
    }
    copy_self("program");
    int const writer = open("program", O_WRONLY | O_CLOEXEC);
    show("open for writing", execl("program", "program", NULL));
    close(writer);
    int ready[2], done[2];
    require(pipe(ready) == 0 && pipe(done) == 0, "pipe");
    char first[16], second[16];
    snprintf(first, sizeof first, "%d", ready[1]);
    snprintf(second, sizeof second, "%d", done[0]);
    pid_t const child = fork_child();
    if (child == 0) {
        execl("program", "program", first, second, NULL);
        leave(1);
    }
    barrier_wait(&(struct barrier){{ready[0], -1}});
    open_it("write to it", "program", O_WRONLY);
    open_it("read and write", "program", O_RDWR);
    open_it("read and cut", "program", O_RDONLY | O_TRUNC);
    open_it("create", "program", O_WRONLY | O_CREAT);
    open_it("read", "program", O_RDONLY);
    show("truncate", truncate("program", 10));
    show("change its mode", chmod("program", 0700));
    show("access for writing", access("program", W_OK));
    show("link", link("program", "second"));
    open_it("write to its other name", "second", O_WRONLY);
    show("rename", rename("program", "moved"));
    open_it("write to its new name", "moved", O_WRONLY);
    show("remove", unlink("moved"));
    barrier_signal(&(struct barrier){{-1, done[1]}});
    show_end("the program", child);
    open_it("write when it has ended", "second", O_WRONLY);
    return 0;
}
