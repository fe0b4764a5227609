// mincore(2): which pages are in memory, and the errors.
#include "tests/contracts/contract.h"

static void show_pages(char const* what, char* start, size_t pages)
{
    unsigned char answer[8];
    long const result = mincore(start, pages * 4096, answer);
    if (result != 0) {
        show(what, result);
        return;
    }
    printf("%s:", what);
    for (size_t i = 0; i < pages; ++i) printf(" %d", answer[i] & 1);
    printf("\n");
}

int main(void)
{
    int const rw = PROT_READ | PROT_WRITE;
    char* const own = mmap(NULL, 6 * 4096, rw, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    require(own != MAP_FAILED, "mmap");
    show_pages("untouched", own, 6);
    own[4096] = 1;
    own[3 * 4096] = 1;
    show_pages("two written", own, 6);
    require(madvise(own + 4096, 4096, MADV_DONTNEED) == 0, "madvise");
    show_pages("one given back", own, 6);
    char* const filled =
        mmap(NULL, 3 * 4096, rw, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    show_pages("MAP_POPULATE", filled, 3);
    make_file("f", "x");
    int const file = open("f", O_RDWR | O_CLOEXEC);
    char* const mapped = mmap(NULL, 4096, PROT_READ, MAP_SHARED, file, 0);
    show_pages("a file that was written", mapped, 1);
    unsigned char answer[8];
    show("unaligned", mincore(own + 1, 4096, answer));
    show("length 0", mincore(own, 0, answer));
    show("part of a page", mincore(own, 1, answer));
    show("bad vector", mincore(own, 4096, NULL));
    require(munmap(own + 2 * 4096, 4096) == 0, "munmap");
    show("with a hole", mincore(own, 6 * 4096, answer));
    show("nothing there", mincore(own + 2 * 4096, 4096, answer));
    return 0;
}
