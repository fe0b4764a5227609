// splice(2), tee(2), vmsplice(2): bytes go from file to pipe to pipe to file, at offsets or at the
// files' own positions; tee keeps them; the end of a source is 0.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

static void show(char const* what, long result)
{
    printf("%s: %ld %s\n", what, result, result < 0 ? strerror(errno) : "");
}

static void show_file(int fd)
{
    char text[100] = {0};
    long const size = pread(fd, text, sizeof(text) - 1, 0);
    printf("file of %ld: ", size);
    for (long i = 0; i < size; ++i) putchar(text[i] == 0 ? '.' : text[i]);
    printf(" position %ld\n", (long)lseek(fd, 0, SEEK_CUR));
}

int main(void)
{
    setvbuf(stdout, NULL, _IONBF, 0);
    int first[2], second[2];
    pipe(first);
    pipe(second);
    int const source = memfd_create("source", 0);
    int const target = memfd_create("target", 0);
    write(source, "0123456789abcdef", 16);
    off_t offset = 10;
    show("at an offset", splice(source, &offset, first[1], NULL, 3, 0));
    printf("offset %ld\n", (long)offset);
    lseek(source, 2, SEEK_SET);
    show("at the position", splice(source, NULL, first[1], NULL, 5, 0));
    show_file(source);
    show("tee", tee(first[0], second[1], 4, 0));
    show("tee of all", tee(first[0], second[1], 100, 0));
    char text[100] = {0};
    show("read the copy", read(second[0], text, sizeof(text)));
    printf("%s\n", text);
    offset = 3;
    show("into a file", splice(first[0], NULL, target, &offset, 4, 0));
    show("and on", splice(first[0], NULL, target, NULL, 2, SPLICE_F_MOVE));
    show_file(target);
    show("from pipe to pipe", splice(first[0], NULL, second[1], NULL, 100, SPLICE_F_MORE));
    show("now empty", splice(first[0], NULL, second[1], NULL, 100, SPLICE_F_NONBLOCK));
    struct iovec parts[2] = {{"vm", 2}, {"splice", 6}};
    show("vmsplice in", vmsplice(second[1], parts, 2, 0));
    struct iovec const place = {text, sizeof(text)};
    memset(text, 0, sizeof(text));
    show("vmsplice out", vmsplice(second[0], &place, 1, 0));
    printf("%s\n", text);
    lseek(source, 0, SEEK_END);
    show("end of the file", splice(source, NULL, first[1], NULL, 5, 0));
    ftruncate(source, 100000);
    offset = 0;
    show("until the pipe is full", splice(source, &offset, first[1], NULL, 100000, 0));
    show("full", splice(source, &offset, first[1], NULL, 1, SPLICE_F_NONBLOCK));
    show("no room for tee", tee(first[0], first[1], 1, SPLICE_F_NONBLOCK));
    show("pipe to pipe", splice(first[0], NULL, second[1], NULL, 5000, 0));
    close(first[1]);
    offset = 0;
    show("the rest", splice(first[0], NULL, target, &offset, 100000, 0));
    show("end of the pipe", splice(first[0], NULL, target, &offset, 100000, 0));
    show("tee at the end", tee(first[0], second[1], 100, 0));
    return 0;
}
