// copy_file_range(2): from one file to another, at offsets of its own or the files' positions; never within
// itself where the ranges meet, and only between regular files.
#include "tests/contracts/contract.h"

static long copy(int from, off_t* from_offset, int to, off_t* to_offset, size_t size, unsigned flags)
{
    return syscall(SYS_copy_file_range, from, from_offset, to, to_offset, size, flags);
}

int main(void)
{
    char text[64] = {0};
    make_file("source", "0123456789");
    make_file("target", "abcdef");
    int const source = open("source", O_RDWR);
    int const target = open("target", O_RDWR);
    off_t from = 4, to = 2;
    show("at offsets", copy(source, &from, target, &to, 3, 0));
    printf("%ld %ld\n", (long)from, (long)to);
    show("positions", lseek(source, 0, SEEK_CUR) + lseek(target, 0, SEEK_CUR));
    show("at positions", copy(source, NULL, target, NULL, 2, 0));
    show("position", lseek(source, 0, SEEK_CUR));
    show("beyond the end", copy(source, NULL, target, NULL, 100, 0));
    show("at the end", copy(source, NULL, target, NULL, 100, 0));
    show("read", pread(target, text, sizeof text - 1, 0));
    printf("%s\n", text);
    show("nothing", copy(source, NULL, target, NULL, 0, 0));
    from = 0, to = 5;
    show("apart in one file", copy(source, &from, source, &to, 5, 0));
    from = 0, to = 4;
    show("meeting in one file", copy(source, &from, source, &to, 5, 0));
    from = -1;
    show("negative offset", copy(source, &from, target, NULL, 5, 0));
    show("flags", copy(source, NULL, target, NULL, 5, 1));
    show("bad place", copy(source, (off_t*)8, target, NULL, 5, 0));
    show("to a reader", copy(source, NULL, open("target", O_RDONLY), NULL, 5, 0));
    show("from a writer", copy(open("source", O_WRONLY), NULL, target, NULL, 5, 0));
    show("to append", copy(source, NULL, open("target", O_WRONLY | O_APPEND), NULL, 5, 0));
    show("from a directory", copy(open(".", O_RDONLY), NULL, target, NULL, 5, 0));
    int ends[2];
    require(pipe(ends) == 0, "pipe");
    show("to a pipe", copy(source, NULL, ends[1], NULL, 5, 0));
    show("from a pipe", copy(ends[0], NULL, target, NULL, 5, 0));
    show("from a device", copy(open("/dev/zero", O_RDONLY), NULL, target, NULL, 5, 0));
    show("from a closed one", copy(77, NULL, target, NULL, 5, 0));
    return 0;
}
