// read(2), write(2), EFAULT: what calls do with memory that the caller itself may not touch, and
// with buffers of which only the first part is there.
#include "tests/contracts/contract.h"

int main(void)
{
    make_file("f", "0123456789");
    int const file = open("f", O_RDWR | O_CLOEXEC);
    char* const map =
        mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    require(map != MAP_FAILED, "mmap");
    memset(map, 'a', 3 * 4096);
    require(mprotect(map + 4096, 4096, PROT_READ) == 0, "mprotect");
    require(mprotect(map + 2 * 4096, 4096, PROT_NONE) == 0, "mprotect");
    show("read into what may be read", pread(file, map + 4096, 4, 0));
    show("write from what may be read", pwrite(file, map + 4096, 4, 0));
    show("write from what may not be touched", pwrite(file, map + 2 * 4096, 4, 0));
    show("read across the border", pread(file, map + 4092, 10, 0));
    printf("the part before it: %.4s\n", map + 4092);
    show("write across the border", pwrite(file, map + 2 * 4096 - 3, 10, 0));
    struct iovec const pieces[] = {{map, 2}, {map + 2 * 4096, 4}, {map, 2}};
    show("pieces, one bad", pwritev(file, pieces, 3, 0));
    struct iovec const first_bad[] = {{map + 2 * 4096, 4}, {map, 2}};
    show("pieces, the first bad", pwritev(file, first_bad, 2, 0));
    show("a length of 0 from nowhere", pwrite(file, (void*)8, 0, 0));
    show("a path from nowhere", open((char*)8, O_RDONLY));
    int ends[2];
    require(pipe(ends) == 0, "pipe");
    show("a pipe from what may not be touched", write(ends[1], map + 2 * 4096, 1));
    show("a pipe across the border", write(ends[1], map + 2 * 4096 - 3, 10));
    require(mprotect(map, 3 * 4096, PROT_READ | PROT_WRITE) == 0, "mprotect");
    printf("untouched: %c %c\n", map[4096], map[2 * 4096]);
    return 0;
}
