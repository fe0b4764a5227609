// mmap(2), ERRORS, and which comes first.
#include "tests/contracts/contract.h"

static void try_map(
    char const* what, void* at, size_t size, int rights, int flags, int file, off_t offset)
{
    long const place = syscall(SYS_mmap, at, size, rights, flags, file, offset);
    show_ok(what, place);
    if (place != -1) munmap((void*)place, size);
}

int main(void)
{
    make_file("f", "text");
    int const reads = open("f", O_RDONLY | O_CLOEXEC);
    int const writes = open("f", O_WRONLY | O_CLOEXEC);
    int const both = open("f", O_RDWR | O_CLOEXEC);
    int const folder = open(".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    int const path = open("f", O_PATH | O_CLOEXEC);
    int ends[2];
    require(pipe2(ends, O_CLOEXEC) == 0, "pipe2");
    int const r = PROT_READ, rw = PROT_READ | PROT_WRITE, a = MAP_ANONYMOUS;
    try_map("length 0", NULL, 0, r, MAP_PRIVATE | a, -1, 0);
    try_map("no kind", NULL, 4096, r, a, -1, 0);
    try_map("length 0, no kind", NULL, 0, r, a, -1, 0);
    try_map("both kinds are one that checks", NULL, 4096, r, 3 | a, -1, 0);
    try_map("unaligned offset", NULL, 4096, r, MAP_PRIVATE, reads, 1);
    try_map("unaligned offset, no descriptor", NULL, 4096, r, MAP_PRIVATE, -1, 1);
    try_map("no descriptor", NULL, 4096, r, MAP_PRIVATE, -1, 0);
    try_map("no descriptor, length 0", NULL, 0, r, MAP_PRIVATE, -1, 0);
    try_map("shared, to write, opened to read", NULL, 4096, rw, MAP_SHARED, reads, 0);
    try_map("private, to write, opened to read", NULL, 4096, rw, MAP_PRIVATE, reads, 0);
    try_map("opened to write", NULL, 4096, PROT_WRITE, MAP_SHARED, writes, 0);
    try_map("private, opened to write", NULL, 4096, r, MAP_PRIVATE, writes, 0);
    try_map("opened for both", NULL, 4096, rw, MAP_SHARED, both, 0);
    try_map("a folder", NULL, 4096, r, MAP_PRIVATE, folder, 0);
    try_map("O_PATH", NULL, 4096, r, MAP_PRIVATE, path, 0);
    try_map("a pipe", NULL, 4096, r, MAP_PRIVATE, ends[0], 0);
    try_map("fixed, unaligned", (void*)0x10000001, 4096, r, MAP_PRIVATE | MAP_FIXED | a, -1, 0);
    try_map("fixed, beyond user memory",
            (void*)0x7ffffffff000,
            8192,
            r,
            MAP_PRIVATE | MAP_FIXED | a,
            -1,
            0);
    try_map(
        "a hint beyond user memory", (void*)0xffff800000000000, 4096, r, MAP_PRIVATE | a, -1, 0);
    try_map("far too long", NULL, (size_t)1 << 60, r, MAP_PRIVATE | a, -1, 0);
    try_map("longest", NULL, (size_t)-1, r, MAP_PRIVATE | a, -1, 0);
    try_map("offset and length wrap", NULL, 8192, r, MAP_PRIVATE, reads, (off_t)0xfffffffffffff000);
    try_map("MAP_SHARED_VALIDATE, unknown flag", NULL, 4096, r, 3, reads, 0);
    try_map("MAP_SHARED_VALIDATE | MAP_SYNC", NULL, 4096, r, 3 | 0x80000, reads, 0);
    try_map("offset ignored", NULL, 4096, r, MAP_PRIVATE | a, -1, 4096);
    return 0;
}
