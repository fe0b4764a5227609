// truncate(2), ftruncate(2): what is cut off is gone, what is added is zero; which files, which rights.
#include "tests/contracts/contract.h"

int main(void)
{
    char text[32] = {0};
    make_file("f", "0123456789");
    require(mkdir("dir", 0755) == 0 && symlink("f", "link") == 0 && mkfifo("fifo", 0600) == 0, "tree");
    int const file = open("f", O_RDWR);
    lseek(file, 8, SEEK_SET);
    show("cut to 4", truncate("link", 4));
    show("grow to 12", ftruncate(file, 12));
    show("read", pread(file, text, sizeof text, 0));
    for (int i = 0; i < 12; ++i) putchar(text[i] ? text[i] : '.');
    printf("\n");
    show("position stays", lseek(file, 0, SEEK_CUR));
    show("the same size", ftruncate(file, 12));
    show("-1", ftruncate(file, -1));
    show("-1 of a path", truncate("f", -1));
    show("-1 of nothing", truncate("nothing", -1));
    show("the largest", ftruncate(file, INT64_MAX));
    show("zero", truncate("f", 0));
    show("read", pread(file, text, sizeof text, 0));
    int const reader = open("f", O_RDONLY);
    show("of a reader", ftruncate(reader, 0));
    show("of a reader to -1", ftruncate(reader, -1));
    show("of a place", ftruncate(open("f", O_PATH), 0));
    show("directory", truncate("dir", 0));
    show("open directory", ftruncate(open("dir", O_RDONLY), 0));
    show("fifo", truncate("fifo", 0));
    int ends[2];
    require(pipe(ends) == 0, "pipe");
    show("pipe", ftruncate(ends[1], 0));
    show("device", truncate("/dev/null", 0));
    show("open device", ftruncate(open("/dev/null", O_RDWR), 0));
    show("closed", ftruncate(77, 0));
    show("nothing there", truncate("nothing", 0));
    show("through a file", truncate("f/x", 0));
    show("with a slash", truncate("f/", 0));
    show("bad place", truncate((char*)8, 0));
    return 0;
}
