// mlock(2), mlockall(2), munlock(2): locking brings pages in, and the errors.
#include "tests/contracts/contract.h"

int main(void)
{
    int const rw = PROT_READ | PROT_WRITE, own = MAP_PRIVATE | MAP_ANONYMOUS;
    char* const map = mmap(NULL, 4 * 4096, rw, own, -1, 0);
    require(map != MAP_FAILED, "mmap");
    unsigned char answer[4];
    show("mlock", mlock(map, 2 * 4096));
    require(mincore(map, 4 * 4096, answer) == 0, "mincore");
    printf("in memory: %d %d %d %d\n", answer[0] & 1, answer[1] & 1, answer[2] & 1, answer[3] & 1);
    show("part of a page", mlock(map + 2 * 4096 + 5, 1));
    require(mincore(map, 4 * 4096, answer) == 0, "mincore");
    printf("in memory: %d %d\n", answer[2] & 1, answer[3] & 1);
    show("munlock", munlock(map, 4 * 4096));
    show("length 0", mlock(map, 0));
    require(munmap(map + 4096, 4096) == 0, "munmap");
    show("with a hole", mlock(map, 4 * 4096));
    show("munlock with a hole", munlock(map, 4 * 4096));
    show("no rights", mprotect(map, 4096, PROT_NONE));
    show("mlock without rights", mlock(map, 4096));
    show("a length that wraps", mlock(map, ~(size_t)0 - 8191));
    show("mlock2 with an unknown flag", syscall(SYS_mlock2, map, 4096, 8));
    show("mlockall without a flag", mlockall(0));
    show("mlockall with an unknown flag", mlockall(64));
    show("MCL_ONFAULT alone", mlockall(4));
    show("munlockall", munlockall());
    return 0;
}
