// mlock(2): what is locked, as /proc/PID/status and smaps tell it; each page counts once, a child
// has no locks, nor a new program; munmap(2) and mremap(2) take them along.
#include "tests/contracts/memory/lock_support.h"

#include <sys/mman.h>

static void show_region(char const* what, char* map)
{
    read_text("/proc/self/smaps", proc_text, sizeof proc_text);
    long const locked = smaps_value(proc_text, map, "Locked");
    char start[40];
    snprintf(start, sizeof start, "%08lx-", (unsigned long)map);
    char* line = strstr(proc_text, start);
    line = line ? strstr(line, "VmFlags:") : NULL;
    int has = 0;
    if (line) {
        *strchr(line, '\n') = 0;
        has = strstr(line, " lo ") != NULL;
    }
    printf("%s: Locked %ld kB, lo %d\n", what, locked, has);
    fflush(stdout);
}

// Pages with others around them that are not to be touched.
static char* map_apart(int count)
{
    char* const all = map_pages(count + 2, PROT_NONE);
    require(mprotect(all + PAGE, (size_t)count * PAGE, RW) == 0, "mprotect");
    return all + PAGE;
}

int main(int argument_count, char** arguments)
{
    if (argument_count > 1) {
        show_locked("after execve");
        return 0;
    }
    char* const map = map_apart(8);
    show_region("at first", map);
    show("mlock", mlock(map, 8 * PAGE));
    show_locked("eight");
    show_region("locked", map);
    show_resident("came in", map, 8);
    show("munlock the middle", munlock(map + 3 * PAGE, 2 * PAGE));
    show_locked("six");
    show_region("first part", map);
    show_region("middle", map + 3 * PAGE);
    show("mlock again", mlock(map, 8 * PAGE));
    show_region("one again", map);
    show("unmap two", munmap(map + 6 * PAGE, 2 * PAGE));
    show_locked("six");
    pid_t const child = fork_child();
    if (child == 0) {
        show_locked("child");
        show_region("in the child", map);
        leave(0);
    }
    show_end("child", child);
    show_locked("parent");
    pid_t const program = fork_child();
    if (program == 0) {
        mlockall(MCL_CURRENT | MCL_FUTURE);
        execl("/proc/self/exe", arguments[0], "again", (char*)NULL);
        leave(1);
    }
    show_end("program", program);
    char* const waiting = map_apart(4);
    show("on fault", lock2(waiting, 4 * PAGE, ON_FAULT));
    show_resident("nothing came in", waiting, 4);
    show_locked("but counts");
    waiting[PAGE] = 1;
    show_resident("one did", waiting, 4);
    show("at once", mlock(waiting, 4 * PAGE));
    show_resident("all did", waiting, 4);
    show_locked("the same");
    // Advice, and what it may not do.
    show("MADV_DONTNEED", madvise(waiting, 4 * PAGE, MADV_DONTNEED));
    show("MADV_FREE", madvise(waiting, 4 * PAGE, MADV_FREE));
    show("MADV_COLD", madvise(waiting, 4 * PAGE, 20));
    show("MADV_PAGEOUT", madvise(waiting, 4 * PAGE, 21));
    show("MADV_DONTNEED_LOCKED", madvise(waiting, PAGE, 24));
    show_resident("one is gone", waiting, 4);
    show("msync", msync(waiting, 4 * PAGE, MS_SYNC));
    show("msync, invalidate", msync(waiting, 4 * PAGE, MS_SYNC | MS_INVALIDATE));
    char* const shared = mmap(NULL, 2 * PAGE, RW, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    require(shared != MAP_FAILED, "shared");
    show("mlock shared", mlock(shared, 2 * PAGE));
    show("MADV_REMOVE", madvise(shared, 2 * PAGE, MADV_REMOVE));
    // What nobody may touch is locked, but cannot be brought in.
    char* const none = map_pages(1, PROT_NONE);
    long const before = locked_pages();
    show("without rights", mlock(none, PAGE));
    printf("counts: %ld\n", locked_pages() - before);
    show("without rights, on fault", lock2(none, PAGE, ON_FAULT));
    make_file("file", "some text");
    int const file = open("file", O_RDWR);
    char* const beyond = mmap(NULL, 2 * PAGE, RW, MAP_SHARED, file, 0);
    require(beyond != MAP_FAILED, "file");
    show("file", mlock(beyond, PAGE));
    show("beyond its end", mlock(beyond, 2 * PAGE));
    show("mlock of nothing", mlock(NULL, 0));
    munlockall();
    show_locked("nothing");
    show_region("unlocked", map);
    return 0;
}
