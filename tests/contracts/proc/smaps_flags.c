// proc(5), VmFlags of /proc/PID/smaps: rights, what mprotect(2) may add, sharing, growth, advice to fork(2).
#include "tests/contracts/proc/support.h"

#define PAGE 4096ul
static char text[1 << 18];

// Those that do not depend on how the kernel was built (sd: soft-dirty; nh, hg: large pages).
static void show_flags(char const* what, void const* address)
{
    static char const* const names[] = {"rd", "wr", "ex", "sh", "mr", "mw", "me", "ms", "gd", "dc", "wf"};
    char start[40];
    read_text("/proc/self/smaps", text, sizeof text);
    snprintf(start, sizeof start, "%08lx-", (unsigned long)address);
    char* line = strstr(text, start);
    line = line ? strstr(line, "VmFlags: ") : NULL;
    printf("%s:", what);
    if (line) {
        *strchr(line, '\n') = 0;
        for (size_t i = 0; i < sizeof names / sizeof *names; ++i) {
            char word[8];
            snprintf(word, sizeof word, " %s ", names[i]);
            if (strstr(line, word)) printf(" %s", names[i]);
        }
    }
    printf("\n");
}

static void* map(int protection, int flags, int file)
{
    char* const all = mmap(NULL, 3 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    require(all != MAP_FAILED, "mmap");
    void* const here = mmap(all + PAGE, PAGE, protection, flags | MAP_FIXED, file, 0);
    require(here == all + PAGE, "mmap of the middle");
    return here;
}

int main(void)
{
    make_file("file", "text");
    int const writer = open("file", O_RDWR), reader = open("file", O_RDONLY);
    show_flags("memory", map(PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1));
    show_flags("memory to read", map(PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1));
    show_flags("memory to run", map(PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1));
    show_flags("shared memory", map(PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1));
    show_flags("private file", map(PROT_READ, MAP_PRIVATE, reader));
    show_flags("shared file", map(PROT_READ, MAP_SHARED, writer));
    show_flags("shared file of a reader", map(PROT_READ, MAP_SHARED, reader));
    void* const kept = map(PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    require(madvise(kept, PAGE, MADV_DONTFORK) == 0, "MADV_DONTFORK");
    show_flags("not for children", kept);
    void* const wiped = map(PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1);
    require(madvise(wiped, PAGE, MADV_WIPEONFORK) == 0, "MADV_WIPEONFORK");
    show_flags("zeros for children", wiped);
    // The stack is the region that grows.
    char* line = strstr(read_text("/proc/self/smaps", text, sizeof text), "[stack]");
    line = line ? strstr(line, "VmFlags: ") : NULL;
    printf("stack grows: %d\n", line && strstr(line, " gd ") != NULL);
    return 0;
}
