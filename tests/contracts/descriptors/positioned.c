// pread(2), pwrite(2): at the offset given, the file's own position stays; not for pipes; offsets are
// not negative.
#include "tests/contracts/contract.h"

int main(void)
{
    make_file("f", "0123456789");
    int const file = open("f", O_RDWR);
    char text[16] = {0};
    lseek(file, 3, SEEK_SET);
    show("pread", pread(file, text, 4, 5));
    printf("%s\n", text);
    show("pwrite behind the end", pwrite(file, "ab", 2, 12));
    show("position", lseek(file, 0, SEEK_CUR));
    show("pread of the hole", pread(file, text, sizeof text, 9));
    printf("%d %d %c\n", text[1], text[2], text[3]);
    show("pread at the end", pread(file, text, 1, 14));
    show("pread far behind", pread(file, text, 1, INT64_MAX));
    show("pread at -1", pread(file, text, 1, -1));
    show("pwrite at -1", pwrite(file, text, 1, -1));
    show("pwrite at the largest", pwrite(file, text, 1, INT64_MAX));
    show("pwrite of nothing there", pwrite(file, text, 0, INT64_MAX));
    show("pread into a bad place", pread(file, (void*)8, 1, 0));
    show("pread of nothing there", pread(file, (void*)8, 0, 0));
    show("pwrite from a bad place", pwrite(file, (void*)8, 1, 0));
    int const reader = open("f", O_RDONLY);
    int const writer = open("f", O_WRONLY);
    show("pwrite of a reader", pwrite(reader, text, 1, 0));
    show("pread of a writer", pread(writer, text, 1, 0));
    show("pread of a writer at -1", pread(writer, text, 1, -1));
    int ends[2];
    require(pipe(ends) == 0, "pipe");
    show("pread of a pipe", pread(ends[0], text, 1, 0));
    show("pwrite of a pipe", pwrite(ends[1], text, 1, 0));
    show("pread of a closed one", pread(77, text, 1, -1));
    show("pread of a directory", pread(open(".", O_RDONLY), text, 1, 0));
    return 0;
}
