// mmap(2), MAP_FIXED takes the place of what is there, MAP_FIXED_NOREPLACE does not; a hint is
// taken where there is room.
#include "tests/contracts/contract.h"

#ifndef MAP_FIXED_NOREPLACE
#    define MAP_FIXED_NOREPLACE 0x100000
#endif

int main(void)
{
    int const rw = PROT_READ | PROT_WRITE, own = MAP_PRIVATE | MAP_ANONYMOUS;
    char* const base = mmap(NULL, 8 * 4096, rw, own, -1, 0);
    require(base != MAP_FAILED, "mmap");
    memset(base, 'a', 8 * 4096);
    show_mapped("no replacing, all taken", mmap(base, 4096, rw, own | MAP_FIXED_NOREPLACE, -1, 0));
    show_mapped("no replacing, its end taken",
                mmap(base - 4096, 8192, rw, own | MAP_FIXED_NOREPLACE, -1, 0));
    require(munmap(base + 4096, 2 * 4096) == 0, "munmap");
    show_mapped("no replacing, too long",
                mmap(base + 4096, 3 * 4096, rw, own | MAP_FIXED_NOREPLACE, -1, 0));
    char* const fits = show_mapped("no replacing, it fits",
                                   mmap(base + 4096, 8192, rw, own | MAP_FIXED_NOREPLACE, -1, 0));
    printf("there: %d, zero: %d\n", fits == base + 4096, fits[0]);
    char* const over =
        show_mapped("replacing", mmap(base + 8192, 8192, rw, own | MAP_FIXED, -1, 0));
    printf("there: %d, zero: %d, before it: %d, behind it: %c\n",
           over == base + 8192,
           over[0],
           base[4096],
           base[4 * 4096]);
    require(munmap(base + 5 * 4096, 4096) == 0, "munmap");
    char* const hint = mmap(base + 5 * 4096 + 100, 4096, rw, own, -1, 0);
    printf("a hint, rounded down: %d\n", hint == base + 5 * 4096);
    char* const taken = mmap(base, 4096, rw, own, -1, 0);
    printf("a hint that is taken: %d, still there: %c\n",
           taken != base && taken != MAP_FAILED,
           base[0]);
    show_mapped("no replacing, unaligned",
                mmap(base + 1, 4096, rw, own | MAP_FIXED_NOREPLACE, -1, 0));
    return 0;
}
