// proc(5), /proc/PID/smaps: what a mapping has in memory, whose it is, and how it is shared after fork(2).
#include "tests/contracts/proc/support.h"

#define PAGE 4096ul
static char text[1 << 18];

static void show_region(char const* what, void const* address)
{
    static char const* const names[] = {"Size", "KernelPageSize", "MMUPageSize", "Rss", "Pss", "Pss_Dirty", "Shared_Clean", "Shared_Dirty",
                                        "Private_Clean", "Private_Dirty", "Anonymous", "LazyFree", "AnonHugePages", "Swap", "SwapPss", "Locked"};
    read_text("/proc/self/smaps", text, sizeof text);
    printf("%s:", what);
    for (size_t i = 0; i < sizeof names / sizeof *names; ++i) printf(" %s %ld", names[i], smaps_value(text, address, names[i]));
    printf("\n");
}

// Pages between pages that nobody may touch, so that no neighbour joins them.
static char* pages(size_t count, int protection, int flags)
{
    char* const all = mmap(NULL, (count + 2) * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    require(all != MAP_FAILED, "mmap");
    void* const here = mmap(all + PAGE, count * PAGE, protection, flags | MAP_FIXED, -1, 0);
    require(here == all + PAGE, "mmap of the middle");
    return all + PAGE;
}

int main(void)
{
    char* const own = pages(16, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS);
    show_region("untouched", own);
    for (int i = 0; i < 10; ++i) own[i * PAGE] = 1;
    show_region("ten written", own);
    require(madvise(own, 4 * PAGE, MADV_DONTNEED) == 0, "madvise");
    show_region("four given back", own);
    char* const common = pages(8, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS);
    for (int i = 0; i < 6; ++i) common[i * PAGE] = 1;
    show_region("shared memory, one process", common);
    fflush(stdout);
    struct barrier const ready = barrier_make(), end = barrier_make();
    pid_t const child = fork_child();
    if (child == 0) {
        // One copy of its own; of the shared memory what the parent has (Linux maps it when it is touched).
        own[4 * PAGE] = 2;
        for (int i = 0; i < 6; ++i) common[i * PAGE] = 2;
        barrier_signal(&ready);
        barrier_wait(&end);
        leave(0);
    }
    barrier_wait(&ready);
    show_region("after fork", own);
    show_region("shared memory after fork", common);
    barrier_signal(&end);
    show_end("child", child);
    show_region("alone again", own);
    require(mprotect(own, 16 * PAGE, PROT_NONE) == 0, "mprotect");
    read_text("/proc/self/smaps", text, sizeof text);
    // It may have joined its neighbours: the whole is 18 pages of which six are there.
    printf("without rights: %ld %ld\n", smaps_value(text, own - PAGE, "Size"), smaps_value(text, own - PAGE, "Rss"));
    return 0;
}
