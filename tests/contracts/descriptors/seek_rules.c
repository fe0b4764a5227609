// lseek(2): where a position may be, what has none, and whose position it is.
#include "tests/contracts/contract.h"

int main(void)
{
    make_file("f", "0123456789");
    int const file = open("f", O_RDWR);
    char text[8] = {0};
    show("end", lseek(file, 0, SEEK_END));
    show("behind the end", lseek(file, 100, SEEK_END));
    show("read there", read(file, text, 1));
    show("size unchanged", lseek(file, 0, SEEK_END));
    show("before the start", lseek(file, -11, SEEK_END));
    show("still there", lseek(file, 0, SEEK_CUR));
    show("back", lseek(file, -4, SEEK_CUR));
    show("negative", lseek(file, -1, SEEK_SET));
    show("whence 5", lseek(file, 0, 5));
    show("whence -1", lseek(file, 0, -1));
    show("the largest", lseek(file, INT64_MAX, SEEK_SET) == INT64_MAX);
    show("one more", lseek(file, 1, SEEK_CUR));
    show("beyond by the end", lseek(file, INT64_MAX, SEEK_END));
    show("read there", read(file, text, 1));
    show("write there", write(file, "x", 1));
    show("to 2", lseek(file, 2, SEEK_SET));
    int const copy = dup(file);
    int const other = open("f", O_RDONLY);
    show("dup moves", read(copy, text, 3));
    show("this one", lseek(file, 0, SEEK_CUR));
    show("not another opening", lseek(other, 0, SEEK_CUR));
    pid_t const child = fork_child();
    if (child == 0) leave((int)lseek(file, 2, SEEK_CUR));
    show_end("child", child);
    show("moved by it", lseek(file, 0, SEEK_CUR));
    int ends[2];
    require(pipe(ends) == 0, "pipe");
    show("pipe", lseek(ends[0], 0, SEEK_SET));
    show("pipe, bad whence", lseek(ends[0], 0, 99));
    show("closed", lseek(77, 0, SEEK_SET));
    int const zero = open("/dev/zero", O_RDONLY);
    show("/dev/zero", lseek(zero, 5, SEEK_SET) >= 0);
    return 0;
}
