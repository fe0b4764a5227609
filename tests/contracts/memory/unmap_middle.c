// munmap(2): a hole may be made in a mapping; both sides stay, and touching the hole is SIGSEGV.
#include "tests/contracts/contract.h"

static void touch(char const* what, char volatile* address)
{
    pid_t const child = fork_child();
    if (child == 0) {
        *address = 1;
        leave(0);
    }
    show_end(what, child);
}

int main(void)
{
    char* const start = show_mapped("mmap", mmap(NULL, 3 * 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    memset(start, 'a', 3 * 4096);
    show("munmap the middle", munmap(start + 4096, 4096));
    touch("first page", start);
    touch("the hole", start + 4096);
    touch("last page", start + 8192);
    show("munmap all, with the hole", munmap(start, 3 * 4096));
    touch("last page", start + 8192);
    show("munmap of nothing", munmap(start, 4096));
    show("munmap unaligned", munmap(start + 1, 4096));
    show("munmap of length 0", munmap(start, 0));
    return 0;
}
