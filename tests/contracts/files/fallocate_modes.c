// fallocate(2): room without or with another size, holes, zeroes; which modes go together, and what the file
// system (tmpfs) does not do.
#include "tests/contracts/contract.h"

// <linux/falloc.h>
enum { KEEP = 1, PUNCH = 2, COLLAPSE = 8, ZERO = 16, INSERT = 32, UNSHARE = 64 };

static int file;

static void show_state(void)
{
    struct stat status;
    fstat(file, &status);
    printf("  size %ld blocks %ld\n", (long)status.st_size, (long)status.st_blocks);
}

static void allocate(char const* what, int mode, off_t offset, off_t length)
{
    show(what, fallocate(file, mode, offset, length));
}

int main(void)
{
    char byte = 9;
    file = open("f", O_RDWR | O_CREAT, 0600);
    require(write(file, "text", 4) == 4, "write");
    show_state();
    allocate("keep size", KEEP, 0, 3 * 4096);
    show_state();
    allocate("grow", 0, 0, 2 * 4096 + 10);
    show_state();
    pwrite(file, "x", 1, 4096);
    allocate("punch second page", PUNCH | KEEP, 4096, 4096);
    show_state();
    pread(file, &byte, 1, 4096);
    show("byte", byte);
    allocate("punch in a page", PUNCH | KEEP, 1, 2);
    char text[5] = {0};
    pread(file, text, 4, 0);
    printf("%c%d%d%c\n", text[0], text[1], text[2], text[3]);
    allocate("punch behind the end", PUNCH | KEEP, 1 << 20, 4096);
    show_state();
    allocate("punch without keeping", PUNCH, 0, 4096);
    allocate("collapse", COLLAPSE, 0, 4096);
    allocate("collapse and keep", COLLAPSE | KEEP, 0, 4096);
    allocate("insert", INSERT, 0, 4096);
    allocate("unshare", UNSHARE, 0, 4096);
    allocate("zero", ZERO, 0, 4096);
    allocate("zero and punch", ZERO | PUNCH, 0, 4096);
    allocate("unknown", 0x4000, 0, 4096);
    allocate("no length", 0, 0, 0);
    allocate("negative length", 0, 0, -1);
    allocate("negative offset", 0, -1, 1);
    allocate("beyond the largest", 0, INT64_MAX, 1);
    allocate("overflow", 0, INT64_MAX, INT64_MAX);
    show_state();
    int ends[2];
    require(pipe(ends) == 0, "pipe");
    show("reader", fallocate(open("f", O_RDONLY), 0, 0, 1));
    show("pipe", fallocate(ends[1], 0, 0, 1));
    show("directory", fallocate(open(".", O_RDONLY), 0, 0, 1));
    show("device", fallocate(open("/dev/null", O_WRONLY), 0, 0, 1));
    show("closed", fallocate(77, 0, 0, 1));
    return 0;
}
