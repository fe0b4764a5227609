// mprotect(2): a part of a mapping, over borders, over gaps (ENOMEM, with the part before it
// changed), and what a shared mapping of a file opened to read refuses.
#include "tests/contracts/contract.h"

static void touch(char const* what, char volatile* address, int writes)
{
    pid_t const child = fork_child();
    if (child == 0) {
        if (writes)
            *address = 1;
        else
            (void)*address;
        leave(0);
    }
    show_end(what, child);
}

int main(void)
{
    int const rw = PROT_READ | PROT_WRITE, own = MAP_PRIVATE | MAP_ANONYMOUS;
    char* const base = mmap(NULL, 6 * 4096, rw, own, -1, 0);
    require(base != MAP_FAILED, "mmap");
    memset(base, 'a', 6 * 4096);
    show("the second to read", mprotect(base + 4096, 4096, PROT_READ));
    touch("first", base, 1);
    touch("second", base + 4096, 1);
    touch("third", base + 8192, 1);
    show("nothing at all", mprotect(base + 4096, 4096, PROT_NONE));
    touch("second to read", base + 4096, 0);
    show("all again", mprotect(base, 6 * 4096, rw));
    printf("kept: %c\n", base[4096]);
    require(munmap(base + 3 * 4096, 4096) == 0, "munmap");
    show("over a gap", mprotect(base, 6 * 4096, PROT_READ));
    touch("before the gap", base, 1);
    touch("behind the gap", base + 4 * 4096, 1);
    show("a gap", mprotect(base + 3 * 4096, 4096, PROT_READ));
    show("unaligned", mprotect(base + 1, 4096, PROT_READ));
    show("length 0", mprotect(base, 0, PROT_READ));
    show("length 0 of nothing", mprotect(base + 3 * 4096, 0, PROT_READ));
    show("unknown rights", mprotect(base, 4096, 0x100));
    show("a length that wraps", mprotect(base, (size_t)-4096, PROT_READ));
    show("up and down", mprotect(base, 4096, PROT_READ | PROT_GROWSDOWN | PROT_GROWSUP));
    show("down, where nothing grows", mprotect(base, 4096, PROT_READ | PROT_GROWSDOWN));
    make_file("f", "text");
    int const file = open("f", O_RDONLY | O_CLOEXEC);
    void* const shared = mmap(NULL, 4096, PROT_READ, MAP_SHARED, file, 0);
    void* const copy = mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, file, 0);
    show("shared, opened to read", mprotect(shared, 4096, rw));
    show("private, opened to read", mprotect(copy, 4096, rw));
    return 0;
}
