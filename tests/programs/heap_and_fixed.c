// The heap grows, shrinks and grows again while mappings come and go on both sides of it.
#include "support.h"

#include <sys/syscall.h>

enum { kPage = 4096 };

static char* set_break(char* address) { return (char*)syscall(SYS_brk, address); }

// Every byte of the pages at `start` can be written, and is `before` until then.
static const char* use(char* start, int pages, char before, char after)
{
    for (int i = 0; i < pages * kPage; ++i) {
        if (start[i] != before) return "wrong bytes";
        start[i] = after;
    }
    return "ok";
}

int main(void)
{
    char* const start = (char*)(((unsigned long)set_break(NULL) + kPage - 1) / kPage * kPage);
    CHECK(set_break(start + 4 * kPage) == start + 4 * kPage);
    printf("first pages: %s\n", use(start, 4, 0, 'a'));
    char* const below = mmap((void*)0x200000, kPage, PROT_READ | PROT_WRITE,
                             MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    printf("below the program: %s\n", below == (void*)0x200000 ? use(below, 1, 0, 'b') : error_name(errno));
    CHECK(set_break(start + 8 * kPage) == start + 8 * kPage);
    printf("more pages: %s\n", use(start + 4 * kPage, 4, 0, 'c'));
    printf("the first pages again: %s\n", use(start, 4, 'a', 'd'));
    CHECK(set_break(start + 2 * kPage) == start + 2 * kPage);
    CHECK(set_break(start + 8 * kPage) == start + 8 * kPage);
    printf("kept: %s, zeroed: %s\n", use(start, 2, 'd', 'e'), use(start + 2 * kPage, 6, 0, 'f'));
    CHECK(munmap(below, kPage) == 0);
    char* const behind = start + 16 * kPage;
    CHECK(mmap(behind, kPage, PROT_READ, MAP_FIXED | MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == behind);
    printf("up to the mapping behind: %s\n", set_break(behind + kPage) == start + 8 * kPage ? "refused" : "done");
    CHECK(set_break(start + 12 * kPage) == start + 12 * kPage);
    printf("short of it: %s\n", use(start + 8 * kPage, 4, 0, 'g'));
    int const child = fork();
    CHECK(child >= 0);
    if (child == 0) _exit(set_break(start) == start ? 0 : 1);
    int status = 0;
    CHECK(waitpid(child, &status, 0) == child);
    printf("child: %d, kept: %s\n", status, use(start, 2, 'e', 'h'));
    return 0;
}
