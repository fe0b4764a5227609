// msync(2), mincore(2): errors.
#include "tests/contracts/contract.h"

int main(void)
{
    unsigned char answers[4];
    char* const own =
        mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    own[0] = 1;
    show("both ways", msync(own, 4096, MS_SYNC | MS_ASYNC));
    show("unknown", msync(own, 4096, 8));
    show("unaligned", msync(own + 1, 4096, MS_SYNC));
    show("anonymous", msync(own, 4096, MS_SYNC | MS_INVALIDATE));
    show("length 0", msync(own, 0, MS_SYNC));
    show("no flag", msync(own, 4096, 0));
    show("mincore", mincore(own, 4096, answers));
    printf("there: %d\n", answers[0] & 1);
    show("mincore, unaligned", mincore(own + 1, 4096, answers));
    show("mincore, bad answer", syscall(SYS_mincore, own, 4096, 8));
    require(munmap(own + 4096, 4096) == 0, "munmap");
    show("msync over a gap", msync(own, 3 * 4096, MS_SYNC));
    show("mincore over a gap", mincore(own, 3 * 4096, answers));
    show("mincore of a length that wraps", mincore(own, (size_t)-1, answers));
    return 0;
}
