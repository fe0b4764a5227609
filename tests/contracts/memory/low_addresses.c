// mmap(2), MAP_32BIT and hints: where a mapping may go.
#include "tests/contracts/contract.h"

int main(void)
{
    int const rw = PROT_READ | PROT_WRITE, own = MAP_PRIVATE | MAP_ANONYMOUS;
    char* const low = mmap(NULL, 4096, rw, own | MAP_32BIT, -1, 0);
    require(low != MAP_FAILED, "mmap");
    printf("below 2 GiB: %d\n", (uintptr_t)low < 0x80000000u);
    char* const hint = (char*)0x123456789000;
    char* const taken = mmap(hint, 4096, rw, own, -1, 0);
    printf("a free hint is taken: %d\n", taken == hint);
    char* const beside = mmap(hint, 4096, rw, own, -1, 0);
    printf("one that is in use is not: %d\n", beside != hint && beside != MAP_FAILED);
    char* const crooked = mmap(hint + 0x5001, 4096, rw, own, -1, 0);
    printf("rounded down: %d\n", crooked == hint + 0x5000);
    show_mapped("a hint beyond user space", mmap((void*)0x900000000000, 4096, rw, own, -1, 0));
    show_mapped("fixed beyond user space",
                mmap((void*)0x900000000000, 4096, rw, own | MAP_FIXED, -1, 0));
    show_mapped("longer than user space", mmap(NULL, (size_t)1 << 47, rw, own, -1, 0));
    show_mapped("a length that wraps", mmap(NULL, ~(size_t)0, rw, own, -1, 0));
    return 0;
}
