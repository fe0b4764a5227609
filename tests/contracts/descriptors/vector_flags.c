// preadv2(2), pwritev2(2): an offset of -1 is the file's own position; RWF_APPEND appends whatever the offset
// is; flags that are not known are EOPNOTSUPP.
#include "tests/contracts/contract.h"

enum { HIPRI = 1, DSYNC = 2, SYNC = 4, NOWAIT = 8, APPEND = 16 };

static long put(int file, char const* text, long offset, int flags)
{
    struct iovec const piece = {(void*)text, strlen(text)};
    return syscall(SYS_pwritev2, file, &piece, 1, offset, 0, flags);
}

static long get(int file, char* text, size_t size, long offset, int flags)
{
    struct iovec const piece = {text, size};
    return syscall(SYS_preadv2, file, &piece, 1, offset, 0, flags);
}

int main(void)
{
    make_file("f", "0123456789");
    int const file = open("f", O_RDWR);
    char text[32] = {0};
    show("write here", put(file, "ab", -1, 0));
    show("position", lseek(file, 0, SEEK_CUR));
    show("write at 5", put(file, "cd", 5, DSYNC));
    show("position", lseek(file, 0, SEEK_CUR));
    show("append at 0", put(file, "ef", 0, APPEND));
    show("position", lseek(file, 0, SEEK_CUR));
    show("append here", put(file, "gh", -1, APPEND));
    show("position", lseek(file, 0, SEEK_CUR));
    show("read at 0", get(file, text, sizeof text - 1, 0, 0));
    printf("%s\n", text);
    show("read here", get(file, text, 4, -1, 0));
    lseek(file, 2, SEEK_SET);
    show("read here", get(file, text, 4, -1, 0));
    show("position", lseek(file, 0, SEEK_CUR));
    show("read at -2", get(file, text, 4, -2, 0));
    show("write at -2", put(file, "x", -2, 0));
    show("sync", put(file, "x", 0, SYNC));
    show("unknown flag", get(file, text, 4, 0, 1 << 20));
    show("unknown flag of a write", put(file, "x", 0, 1 << 20));
    int ends[2];
    require(pipe(ends) == 0, "pipe");
    show("pipe here", put(ends[1], "pipe", -1, 0));
    show("pipe at 0", put(ends[1], "pipe", 0, 0));
    show("read here", get(ends[0], text, 2, -1, 0));
    show("read at 0", get(ends[0], text, 2, 0, 0));
    show("read without waiting", get(ends[0], text, 8, -1, NOWAIT));
    show("nothing there", get(ends[0], text, 8, -1, NOWAIT));
    return 0;
}
