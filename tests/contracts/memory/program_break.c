// brk(2): grows and shrinks; what was given back reads zeros when it comes again; it does not grow
// into another mapping.
#include "tests/contracts/contract.h"

static char* set_break(void* address) { return (char*)syscall(SYS_brk, address); }

int main(void)
{
    char* const start = set_break(NULL);
    char* const base = (char*)(((uintptr_t)start + 4095) & ~(uintptr_t)4095);
    printf("grown: %d\n", set_break(base + 5 * 4096) == base + 5 * 4096);
    memset(base, 'a', 5 * 4096);
    printf("part of a page: %d\n", set_break(base + 100) == base + 100);
    printf("its page stays: %c\n", base[4095]);
    printf("grown again: %d\n", set_break(base + 5 * 4096) == base + 5 * 4096);
    printf("old page %c, new pages %d\n", base[200], base[4096]);
    printf("below the start: %d\n", set_break((void*)4096) == base + 5 * 4096);
    char* const wall = mmap(
        base + 8 * 4096, 4096, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    require(wall == base + 8 * 4096, "mmap");
    printf("into another mapping: %d\n", set_break(base + 10 * 4096) == base + 5 * 4096);
    printf("up to it: %d\n", set_break(base + 7 * 4096) == base + 7 * 4096);
    base[6 * 4096] = 'z';
    pid_t const child = fork_child();
    if (child == 0) {
        printf("child has it: %c, may give it back: %d\n", base[6 * 4096], set_break(base) == base);
        leave(0);
    }
    show_end("child", child);
    printf("the parent's stays: %c\n", base[6 * 4096]);
    return 0;
}
