// mmap(2), MAP_FIXED: what is in the way goes, whatever it was, and what lies beside it stays.
#include "tests/contracts/contract.h"

int main(void)
{
    int const rw = PROT_READ | PROT_WRITE, own = MAP_PRIVATE | MAP_ANONYMOUS;
    make_file("f", "file");
    int const file = open("f", O_RDWR | O_CLOEXEC);
    char* const base = mmap(NULL, 8 * 4096, rw, own, -1, 0);
    require(base != MAP_FAILED, "mmap");
    memset(base, 'a', 8 * 4096);
    char* const middle = mmap(base + 2 * 4096, 2 * 4096, rw, own | MAP_FIXED, -1, 0);
    printf("anonymous over anonymous: %d, %c %d %d %c\n",
           middle == base + 2 * 4096,
           base[2 * 4096 - 1],
           base[2 * 4096],
           base[4 * 4096 - 1],
           base[4 * 4096]);
    char* const mapped = mmap(base + 4096, 4096, rw, MAP_SHARED | MAP_FIXED, file, 0);
    printf("a file over it: %.4s, behind it %d\n", mapped, base[2 * 4096]);
    mapped[0] = 'F';
    char* const again = mmap(base + 4096, 4096, rw, own | MAP_FIXED, -1, 0);
    printf("memory over the file: %d\n", again[0]);
    char text[5] = {0};
    require(pread(file, text, 4, 0) == 4, "pread");
    printf("the file has what was written: %s\n", text);
    show_mapped("unaligned", mmap(base + 1, 4096, rw, own | MAP_FIXED, -1, 0));
    show_mapped("at 0", mmap(NULL, 4096, rw, own | MAP_FIXED, -1, 0));
    require(munmap(base + 6 * 4096, 4096) == 0, "munmap");
    char* const over_hole = mmap(base + 5 * 4096, 3 * 4096, PROT_READ, own | MAP_FIXED, -1, 0);
    printf("over a hole: %d, %d, beside it %c\n",
           over_hole == base + 5 * 4096,
           over_hole[4096],
           base[4 * 4096]);
    return 0;
}
