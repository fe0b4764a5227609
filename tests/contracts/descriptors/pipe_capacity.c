// fcntl(2) F_SETPIPE_SZ, F_GETPIPE_SZ; pipe(7): 16 pages at first, at least one page, sizes are rounded up
// to a power of two of pages; a size below what is in the pipe is EBUSY.
#include "tests/contracts/contract.h"

static long fill(int end)
{
    char const chunk[4096] = {0};
    long total = 0;
    for (long got = 0; (got = write(end, chunk, sizeof chunk)) > 0;) total += got;
    return total;
}

int main(void)
{
    static char bytes[65536];
    int ends[2];
    require(pipe2(ends, O_NONBLOCK) == 0, "pipe2");
    show("at first", fcntl(ends[0], F_GETPIPE_SZ));
    show("a page", fcntl(ends[1], F_SETPIPE_SZ, 1));
    show("both ends", fcntl(ends[0], F_GETPIPE_SZ));
    show("filled", fill(ends[1]));
    show("two pages and one byte", fcntl(ends[0], F_SETPIPE_SZ, 8193));
    show("filled", fill(ends[1]));
    show("smaller than what it holds", fcntl(ends[0], F_SETPIPE_SZ, 4096));
    show("the size stays", fcntl(ends[0], F_GETPIPE_SZ));
    show("read", read(ends[0], bytes, 8192));
    show("rest in two pages", fcntl(ends[0], F_SETPIPE_SZ, 8192));
    show("full", write(ends[1], "x", 1));
    show("a megabyte", fcntl(ends[0], F_SETPIPE_SZ, 1 << 20));
    show("filled", fill(ends[1]));
    show("read", read(ends[0], bytes, sizeof bytes));
    show("zero", fcntl(ends[0], F_SETPIPE_SZ, 0));
    show("negative", fcntl(ends[0], F_SETPIPE_SZ, -1));
    show("beyond 2 GiB", fcntl(ends[0], F_SETPIPE_SZ, 0x80000001));
    int const file = open("f", O_RDWR | O_CREAT, 0600);
    show("of a file", fcntl(file, F_GETPIPE_SZ));
    show("set of a file", fcntl(file, F_SETPIPE_SZ, 4096));
    require(setresuid(1000, 1000, 1000) == 0, "setresuid");
    require(pipe2(ends, O_NONBLOCK) == 0, "pipe2");
    show("up to pipe-max-size", fcntl(ends[0], F_SETPIPE_SZ, 1 << 20));
    show("beyond it, unprivileged", fcntl(ends[0], F_SETPIPE_SZ, (1 << 20) + 1));
    show("the size stays", fcntl(ends[0], F_GETPIPE_SZ));
    return 0;
}
