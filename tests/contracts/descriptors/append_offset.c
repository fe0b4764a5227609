// open(2), write(2): with O_APPEND each write first moves the offset to the end; pwrite(2) BUGS: on
// Linux it appends whatever its offset says.
#include "tests/contracts/contract.h"

int main(void)
{
    make_file("f", "0123456789");
    int const file = open("f", O_RDWR | O_APPEND);
    show("offset at first", lseek(file, 0, SEEK_CUR));
    show("seek to 2", lseek(file, 2, SEEK_SET));
    show("write", write(file, "ab", 2));
    show("offset after it", lseek(file, 0, SEEK_CUR));
    show("pwrite at 0", pwrite(file, "cd", 2, 0));
    show("offset after it", lseek(file, 0, SEEK_CUR));
    char text[32] = {0};
    show("pread", pread(file, text, sizeof text - 1, 0));
    printf("%s\n", text);
    show("clear O_APPEND", fcntl(file, F_SETFL, 0));
    show("write at 12", write(file, "X", 1));
    show("size", lseek(file, 0, SEEK_END));
    return 0;
}
