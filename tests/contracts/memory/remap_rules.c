// mremap(2): shrinking, growing in place and by moving, to a fixed place, and the errors.
#define _GNU_SOURCE
#include "tests/contracts/contract.h"

static void try_it(char const* what, void* from, size_t size, size_t wanted, int flags, void* to)
{
    show_ok(what, syscall(SYS_mremap, from, size, wanted, flags, to));
}

int main(void)
{
    int const rw = PROT_READ | PROT_WRITE, own = MAP_PRIVATE | MAP_ANONYMOUS;
    char* const base = mmap(NULL, 16 * 4096, rw, own, -1, 0);
    require(base != MAP_FAILED, "mmap");
    memset(base, 'a', 16 * 4096);
    require(munmap(base + 4 * 4096, 4 * 4096) == 0, "munmap");
    char* const grown = mremap(base, 4 * 4096, 6 * 4096, 0);
    printf("grown in place: %d, old %c, new %d\n", grown == base, base[0], base[5 * 4096]);
    show_mapped("no room, may not move", mremap(base, 6 * 4096, 9 * 4096, 0));
    char* const moved = mremap(base, 6 * 4096, 9 * 4096, MREMAP_MAYMOVE);
    require(moved != MAP_FAILED, "mremap");
    printf("moved: %d, old %c, new %d\n", moved != base, moved[0], moved[8 * 4096]);
    char* const shrunk = mremap(moved, 9 * 4096, 4096, 0);
    printf("shrunk in place: %d\n", shrunk == moved);
    try_it("what was cut off", moved + 4096, 4096, 4096, 0, NULL);
    char* const fixed = mremap(moved, 4096, 4096, MREMAP_MAYMOVE | MREMAP_FIXED, base + 8 * 4096);
    printf("fixed: %d, %c\n", fixed == base + 8 * 4096, fixed[0]);
    try_it("fixed, may not move", fixed, 4096, 4096, MREMAP_FIXED, base);
    try_it("fixed, unaligned", fixed, 4096, 4096, MREMAP_MAYMOVE | MREMAP_FIXED, base + 1);
    try_it("fixed, overlapping", fixed, 8192, 8192, MREMAP_MAYMOVE | MREMAP_FIXED, fixed + 4096);
    try_it("unknown flag", fixed, 4096, 4096, 16, NULL);
    try_it("unaligned", fixed + 1, 4096, 4096, MREMAP_MAYMOVE, NULL);
    try_it("new length 0", fixed, 4096, 0, MREMAP_MAYMOVE, NULL);
    try_it("old length 0, private", fixed, 0, 4096, MREMAP_MAYMOVE, NULL);
    try_it("nothing there", base, 4096, 8192, MREMAP_MAYMOVE, NULL);
    char* const shared = mmap(NULL, 4096, rw, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    shared[0] = 's';
    char* const twice = mremap(shared, 0, 4096, MREMAP_MAYMOVE);
    require(twice != MAP_FAILED, "mremap");
    twice[1] = 't';
    printf("twice: %d, %.2s\n", twice != shared, shared);
    return 0;
}
