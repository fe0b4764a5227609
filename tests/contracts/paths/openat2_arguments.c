// openat2(2), ERRORS: structures of other sizes, flags that open(2) would let pass, modes without a
// file to create; what it opens is what open(2) opens.
#include "tests/contracts/contract.h"

struct how {
    uint64_t flags, mode, resolve, more;
};

static long call(struct how const* how, size_t size)
{
    return syscall(SYS_openat2, AT_FDCWD, "file", how, size);
}

static void try_it(char const* what, uint64_t flags, uint64_t mode, uint64_t resolve)
{
    struct how const how = {flags, mode, resolve, 0};
    long const fd = call(&how, 24);
    show_ok(what, fd);
    if (fd >= 0) close((int)fd);
}

int main(void)
{
    umask(022);
    struct how how = {O_CREAT | O_RDWR | O_CLOEXEC, 0666, 0, 0};
    int const fd = (int)call(&how, 24);
    printf("flags %#x %#x\n", (unsigned)fcntl(fd, F_GETFD), (unsigned)fcntl(fd, F_GETFL));
    struct stat status;
    fstat(fd, &status);
    printf("mode %o\n", status.st_mode);
    how.flags = O_RDONLY;
    how.mode = 0;
    show_ok("larger, zero", call(&how, 32));
    how.more = 1;
    show_ok("larger, not zero", call(&how, 32));
    show_ok("too small", call(&how, 23));
    show_ok("too large", call(&how, 4097));
    show_ok("nowhere", call((struct how*)8, 24));
    try_it("unknown flag", 1ull << 40, 0, 0);
    try_it("unknown limit", O_RDONLY, 0, 64);
    try_it("two roots", O_RDONLY, 0, 8 | 16);
    try_it("mode without a new file", O_RDONLY, 0600, 0);
    try_it("mode of more bits", O_CREAT | O_RDWR, 010600, 0);
    try_it("new folder", O_CREAT | O_DIRECTORY, 0600, 0);
    try_it("path and more", O_PATH | O_RDWR, 0, 0);
    try_it("path", O_PATH | O_CLOEXEC, 0, 0);
    try_it("cached and new", O_CREAT | O_RDWR, 0600, 32);
    try_it("folder", O_RDONLY | O_DIRECTORY, 0, 0);
    try_it("exclusive", O_CREAT | O_EXCL | O_RDWR, 0600, 0);
    return 0;
}
