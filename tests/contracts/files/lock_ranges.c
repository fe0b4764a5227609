// fcntl(2), F_SETLK, F_GETLK: ranges are split, merged, upgraded; a length of 0 reaches to the end for ever, a
// negative one lies before the start; F_GETLK shows the first that is in the way.
#include "tests/contracts/contract.h"

static int file;

static long lock(short type, short whence, off_t start, off_t length)
{
    struct flock request = {.l_type = type, .l_whence = whence, .l_start = start, .l_len = length};
    return fcntl(file, F_SETLK, &request);
}

static void get(short type, off_t start, off_t length)
{
    struct flock request = {
        .l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = length, .l_pid = 77};
    if (fcntl(file, F_GETLK, &request) != 0)
        show("F_GETLK", -1);
    else if (request.l_type == F_UNLCK)
        printf("  [%ld %ld] free%s\n", (long)start, (long)length, request.l_pid == 77 ? "" : "!");
    else
        printf("  [%ld %ld] %s %ld %ld whence %d, %s\n", (long)start, (long)length,
               request.l_type == F_RDLCK ? "read" : "write", (long)request.l_start,
               (long)request.l_len, request.l_whence, request.l_pid == getppid() ? "parent" : "?");
}

static void show_all(char const* what)
{
    pid_t const child = fork_child();
    if (child == 0) {
        printf("%s\n", what);
        off_t const starts[] = {0, 10, 20, 30, 40};
        for (int i = 0; i < 5; ++i) get(F_WRLCK, starts[i], 10);
        get(F_WRLCK, 0, 0);
        get(F_RDLCK, 0, 0);
        leave(0);
    }
    show_end(what, child);
}

int main(void)
{
    file = open("f", O_RDWR | O_CREAT, 0600);
    require(file >= 0 && ftruncate(file, 100) == 0, "file");
    show("0 to 50", lock(F_WRLCK, SEEK_SET, 0, 50));
    show("unlock the middle", lock(F_UNLCK, SEEK_SET, 20, 10));
    show_all("split");
    show("read lock over all", lock(F_RDLCK, SEEK_SET, 10, 30));
    show_all("changed");
    show("write again", lock(F_WRLCK, SEEK_SET, 5, 40));
    show_all("merged");
    show("unlock all", lock(F_UNLCK, SEEK_SET, 0, 0));
    show("before the start", lock(F_RDLCK, SEEK_SET, 20, -10));
    show_all("10 to 20");
    lseek(file, 30, SEEK_SET);
    show("from the position on", lock(F_WRLCK, SEEK_CUR, 10, 0));
    show("from the end", lock(F_UNLCK, SEEK_END, -50, 0));
    show_all("40 to 50");
    show("negative start", lock(F_RDLCK, SEEK_SET, -1, 1));
    show("before the file", lock(F_RDLCK, SEEK_SET, 5, -6));
    show("just so", lock(F_RDLCK, SEEK_SET, 5, -5));
    show("the last byte", lock(F_RDLCK, SEEK_SET, INT64_MAX, 1));
    show("one behind it", lock(F_RDLCK, SEEK_SET, INT64_MAX, 2));
    show("overflow by the end", lock(F_RDLCK, SEEK_END, INT64_MAX, 1));
    show("bad whence", lock(F_RDLCK, 3, 0, 1));
    show("bad type", lock(7, SEEK_SET, 0, 1));
    return 0;
}
