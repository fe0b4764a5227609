// splice(2), tee(2), vmsplice(2), ERRORS; and that the first one waits for data unless told not to.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

static void show(char const* what, long result)
{
    printf("%s: %ld %s\n", what, result, result < 0 ? strerror(errno) : "");
}

int main(void)
{
    setvbuf(stdout, NULL, _IONBF, 0);
    int ends[2], other[2];
    pipe(ends);
    pipe(other);
    int const file = memfd_create("file", 0);
    write(file, "text", 4);
    off_t offset = 0, negative = -1;
    show("nothing", splice(99, NULL, 98, NULL, 0, 0xff));
    show("flags", splice(ends[0], NULL, other[1], NULL, 1, 0x10));
    show("no source", splice(99, NULL, other[1], NULL, 1, 0));
    show("no target", splice(ends[0], NULL, 99, NULL, 1, 0));
    show("no pipe", splice(file, &offset, file, &offset, 1, 0));
    show("offset of a pipe", splice(ends[0], &offset, file, NULL, 1, 0));
    show("offset of the other", splice(file, NULL, ends[1], &offset, 1, 0));
    show("wrong end", splice(ends[1], NULL, other[1], NULL, 1, 0));
    show("other wrong end", splice(ends[0], NULL, other[0], NULL, 1, 0));
    show("itself", splice(ends[0], NULL, ends[1], NULL, 1, 0));
    show("negative offset", splice(file, &negative, ends[1], NULL, 1, 0));
    show("bad offset", splice(file, (off_t*)8, ends[1], NULL, 1, 0));
    show("empty", splice(ends[0], NULL, file, NULL, 1, SPLICE_F_NONBLOCK));
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    show("empty and non-blocking", splice(ends[0], NULL, file, NULL, 1, 0));
    show("empty for tee", tee(ends[0], other[1], 1, SPLICE_F_NONBLOCK));
    show("tee itself", tee(ends[0], ends[1], 1, 0));
    show("tee of a file", tee(file, ends[1], 1, 0));
    show("tee of nothing", tee(99, 98, 0, 0));
    fcntl(ends[0], F_SETFL, 0);
    struct iovec part = {"x", 1};
    show("vmsplice to a file", vmsplice(file, &part, 1, 0));
    show("vmsplice of nothing", vmsplice(file, &part, 0, 0));
    show("vmsplice flags", vmsplice(ends[1], &part, 1, 0x20));
    part.iov_base = (void*)8;
    show("vmsplice of nowhere", vmsplice(ends[1], &part, 1, 0));
    fcntl(file, F_SETFL, O_APPEND);
    write(ends[1], "abc", 3);
    show("appending", splice(ends[0], NULL, file, NULL, 1, 0));
    fcntl(file, F_SETFL, 0);
    read(ends[0], &offset, 3);
    pid_t const child = fork();
    if (child == 0) {
        long const moved = splice(ends[0], NULL, file, NULL, 10, 0);
        _exit((int)moved);
    }
    write(ends[1], "waited", 6);
    int status = 0;
    waitpid(child, &status, 0);
    printf("child moved %d\n", WEXITSTATUS(status));
    signal(SIGPIPE, SIG_IGN);
    close(other[0]);
    offset = 0;
    show("nobody reads", splice(file, &offset, other[1], NULL, 1, 0));
    write(ends[1], "abc", 3);
    show("nobody reads it", splice(ends[0], NULL, other[1], NULL, 1, 0));
    return 0;
}
