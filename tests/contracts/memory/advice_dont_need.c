// madvise(2), MADV_DONTNEED: anonymous memory is zero again, a private file mapping shows the file,
// a shared one keeps what was written; other advice and its errors.
#include "tests/contracts/contract.h"

int main(void)
{
    int const rw = PROT_READ | PROT_WRITE;
    char* const own = mmap(NULL, 3 * 4096, rw, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char* const shared = mmap(NULL, 4096, rw, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    make_file("f", "text");
    int const file = open("f", O_RDWR | O_CLOEXEC);
    char* const copy = mmap(NULL, 4096, rw, MAP_PRIVATE, file, 0);
    char* const both = mmap(NULL, 4096, rw, MAP_SHARED, file, 0);
    own[0] = own[4096] = shared[0] = copy[0] = both[1] = 'x';
    show("anonymous", madvise(own, 4096, MADV_DONTNEED));
    show("shared", madvise(shared, 4096, MADV_DONTNEED));
    show("private file", madvise(copy, 4096, MADV_DONTNEED));
    show("shared file", madvise(both, 4096, MADV_DONTNEED));
    printf("%d %c %c %.4s %.4s\n", own[0], own[4096], shared[0], copy, both);
    show("WILLNEED", madvise(own, 4096, MADV_WILLNEED));
    show("FREE", madvise(own, 4096, MADV_FREE));
    show("FREE of a file", madvise(copy, 4096, MADV_FREE));
    show("COLD", madvise(own, 4096, 20));
    show("PAGEOUT", madvise(own, 4096, 21));
    show("unknown", madvise(own, 4096, 77));
    show("unaligned", madvise(own + 1, 4096, MADV_DONTNEED));
    show("length 0", madvise(own, 0, MADV_DONTNEED));
    show("unknown, length 0", madvise(own, 0, 77));
    show("a length that wraps", madvise(own, (size_t)-1, MADV_DONTNEED));
    require(munmap(own + 4096, 4096) == 0, "munmap");
    own[8192] = 'y';
    own[0] = 'y';
    show("over a gap", madvise(own, 3 * 4096, MADV_DONTNEED));
    printf("both sides: %d %d\n", own[0], own[8192]);
    show("WILLNEED over a gap", madvise(own, 3 * 4096, MADV_WILLNEED));
    return 0;
}
