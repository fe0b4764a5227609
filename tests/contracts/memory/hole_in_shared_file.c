// madvise(2), MADV_REMOVE: pages and file lose what they held; only of shared memory that may be
// written.
#include "tests/contracts/contract.h"

int main(void)
{
    int const rw = PROT_READ | PROT_WRITE;
    int const file = memfd_create("f", MFD_CLOEXEC);
    require(file >= 0 && ftruncate(file, 4 * 4096) == 0, "memfd_create");
    char* const shared = mmap(NULL, 4 * 4096, rw, MAP_SHARED, file, 0);
    require(shared != MAP_FAILED, "mmap");
    memset(shared, 'a', 4 * 4096);
    show("MADV_REMOVE", madvise(shared + 4096, 2 * 4096, MADV_REMOVE));
    char text[4];
    require(pread(file, text, 2, 2 * 4096 - 1) == 2, "pread");
    printf("mapping %c %d %d %c, file %d %d\n",
           shared[4095],
           shared[4096],
           shared[2 * 4096],
           shared[3 * 4096],
           text[0],
           text[1]);
    struct stat status;
    require(fstat(file, &status) == 0, "fstat");
    printf("size %ld\n", (long)status.st_size);
    char* const own = mmap(NULL, 4096, rw, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    show("private memory", madvise(own, 4096, MADV_REMOVE));
    char* const reader = mmap(NULL, 4096, PROT_READ, MAP_SHARED, file, 0);
    show("a mapping that may not be written", madvise(reader, 4096, MADV_REMOVE));
    char* const copy = mmap(NULL, 4096, rw, MAP_PRIVATE, file, 0);
    show("a private mapping of a file", madvise(copy, 4096, MADV_REMOVE));
    return 0;
}
