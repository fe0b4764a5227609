// mlockall(2): MCL_FUTURE and MCL_ONFAULT for what is mapped later, by mmap(2), brk(2), mremap(2)
// and the growth of a stack.
#include "tests/contracts/memory/lock_support.h"

static char* map_two(char const* what)
{
    long const before = locked_pages();
    char* const map = map_pages(2, RW);
    printf("%s: counts %ld\n", what, locked_pages() - before);
    show_resident("  in memory", map, 2);
    return map;
}

static void show_growth(char const* what, long before)
{
    printf("%s: %ld more\n", what, locked_pages() - before);
    fflush(stdout);
}

int main(void)
{
    // The buffers of stdio, before anything counts.
    printf("begin\n");
    read_text("/proc/self/status", proc_text, sizeof proc_text);
    map_two("usual");
    show("future", mlockall(MCL_FUTURE));
    show_locked("nothing yet");
    char* const map = map_two("future");
    show("future, on fault", mlockall(MCL_FUTURE | MCL_ONFAULT));
    char* const lazy = map_two("on fault");
    long before = locked_pages();
    show_mapped("MAP_LOCKED",
                mmap(NULL, 2 * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0));
    show_growth("MAP_LOCKED", before);
    char* const populated =
        mmap(NULL, 2 * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    show_resident("MAP_POPULATE, on fault", populated, 2);
    before = locked_pages();
    char* larger = mremap(lazy, 2 * PAGE, 6 * PAGE, MREMAP_MAYMOVE);
    show_growth("mremap", before);
    show_resident("  in memory", larger, 6);
    before = locked_pages();
    char* moved = mremap(map, 2 * PAGE, 5 * PAGE, MREMAP_MAYMOVE);
    show_growth("mremap, locked at once", before);
    show_resident("  in memory", moved, 5);
    before = locked_pages();
    char* smaller = mremap(moved, 5 * PAGE, PAGE, 0);
    show_growth("mremap, smaller", before);
    // In a child: what it does to the count is not the same in all versions.
    pid_t const child = fork_child();
    if (child == 0) {
        require(mlock(smaller, PAGE) == 0, "mlock");
        char* const kept = mremap(smaller, PAGE, PAGE, MREMAP_MAYMOVE | 4);
        show_mapped("MREMAP_DONTUNMAP", kept);
        smaller[0] = 1;
        show("MADV_DONTNEED of the old", madvise(smaller, PAGE, MADV_DONTNEED));
        show("MADV_DONTNEED of the new", madvise(kept, PAGE, MADV_DONTNEED));
        leave(0);
    }
    show_end("child", child);
    show("future at once", mlockall(MCL_FUTURE));
    char* const end = (char*)syscall(SYS_brk, 0);
    char* const start = (char*)(((unsigned long)end + PAGE - 1) & ~(unsigned long)(PAGE - 1));
    before = locked_pages();
    require((char*)syscall(SYS_brk, start + 3 * PAGE) == start + 3 * PAGE, "brk");
    show_growth("brk", before);
    show_resident("  in memory", start, 3);
    require((char*)syscall(SYS_brk, start + 1 * PAGE) == start + 1 * PAGE, "brk");
    show_growth("brk, less", before);
    show("no more", munlockall());
    show_locked("none");
    map_two("after it");
    // A stack that grows is locked as far as it has grown.
    char* const below = mmap(NULL, 600 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    require(below != MAP_FAILED, "room");
    char* const top = below + 590 * PAGE;
    require(munmap(below, 600 * PAGE) == 0, "munmap");
    char* const stack =
        mmap(top, 4 * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_GROWSDOWN | MAP_FIXED, -1, 0);
    require(stack == top, "stack");
    show("mlock", mlock(stack, 4 * PAGE));
    show_locked("stack");
    *(char volatile*)(stack - 3 * PAGE) = 1;
    show_locked("grown");
    return 0;
}
