// madvise(2), MADV_POPULATE_READ and MADV_POPULATE_WRITE: pages come in at once, and the errors.
#include "tests/contracts/contract.h"

#ifndef MADV_POPULATE_READ
#    define MADV_POPULATE_READ 22
#    define MADV_POPULATE_WRITE 23
#endif

static int resident(char* start)
{
    unsigned char answer[1];
    require(mincore(start, 4096, answer) == 0, "mincore");
    return answer[0] & 1;
}

int main(void)
{
    int const rw = PROT_READ | PROT_WRITE, own = MAP_PRIVATE | MAP_ANONYMOUS;
    char* const map = mmap(NULL, 6 * 4096, rw, own, -1, 0);
    require(map != MAP_FAILED, "mmap");
    show("to write", madvise(map, 2 * 4096, MADV_POPULATE_WRITE));
    printf("there: %d %d, not there: %d\n",
           resident(map),
           resident(map + 4096),
           resident(map + 2 * 4096));
    show("to read", madvise(map + 2 * 4096, 4096, MADV_POPULATE_READ));
    printf("%d\n", map[2 * 4096]);
    require(mprotect(map + 3 * 4096, 4096, PROT_READ) == 0, "mprotect");
    require(mprotect(map + 4 * 4096, 4096, PROT_NONE) == 0, "mprotect");
    show("read-only, to write", madvise(map + 3 * 4096, 4096, MADV_POPULATE_WRITE));
    show("read-only, to read", madvise(map + 3 * 4096, 4096, MADV_POPULATE_READ));
    show("without rights", madvise(map + 4 * 4096, 4096, MADV_POPULATE_READ));
    show("up to what has no rights", madvise(map + 2 * 4096, 4 * 4096, MADV_POPULATE_READ));
    require(munmap(map + 5 * 4096, 4096) == 0, "munmap");
    show("a hole", madvise(map + 5 * 4096, 4096, MADV_POPULATE_READ));
    show("length 0", madvise(map + 5 * 4096, 0, MADV_POPULATE_READ));
    show("unaligned", madvise(map + 1, 4096, MADV_POPULATE_READ));
    int const file = open("f", O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    require(ftruncate(file, 4096) == 0, "ftruncate");
    char* const mapped = mmap(NULL, 8192, rw, MAP_SHARED, file, 0);
    show("a file", madvise(mapped, 4096, MADV_POPULATE_WRITE));
    show("behind its end", madvise(mapped + 4096, 4096, MADV_POPULATE_READ));
    return 0;
}
