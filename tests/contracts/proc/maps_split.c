// proc(5), /proc/PID/maps: a file's mapping that mprotect(2) divides, as the loader does for what is read-only after relocation, is a
// line for each part, with its own offset; parts that become alike are one line again.
#include "tests/contracts/proc/support.h"

#define PAGE 4096ul
static char text[1 << 16];

static void show_parts(char const* what, char const* start, size_t pages)
{
    printf("%s:\n", what);
    read_text("/proc/self/maps", text, sizeof text);
    for (char* line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
        unsigned long first = 0, end = 0, offset = 0, major = 0, minor = 0, inode = 0;
        char rights[5] = "", name[256] = "";
        sscanf(line, "%lx-%lx %4s %lx %lx:%lx %lu %255s", &first, &end, rights, &offset, &major, &minor, &inode, name);
        if (first < (unsigned long)start || end > (unsigned long)start + pages * PAGE) continue;
        char const* const base = strrchr(name, '/');
        printf("  %lu-%lu %s %lx %s\n", (first - (unsigned long)start) / PAGE, (end - (unsigned long)start) / PAGE, rights, offset,
               base ? base + 1 : name);
    }
}

int main(void)
{
    int const file = open("library", O_RDWR | O_CREAT, 0644);
    require(ftruncate(file, 16 * PAGE) == 0, "ftruncate");
    char* const place = mmap(NULL, 10 * PAGE, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    require(place != MAP_FAILED, "mmap");
    // Text, constants, data and what has no file behind it, as in a shared object.
    mmap(place + PAGE, PAGE, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_FIXED, file, 0);
    mmap(place + 2 * PAGE, 4 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, file, 5 * PAGE);
    mmap(place + 6 * PAGE, 2 * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    close(file);
    show_parts("mapped", place, 10);
    place[2 * PAGE] = 1;
    place[5 * PAGE] = 1;
    show("mprotect", mprotect(place + 2 * PAGE, 2 * PAGE, PROT_READ));
    show_parts("the first half read-only", place, 10);
    show("mprotect", mprotect(place + 5 * PAGE, PAGE, PROT_READ));
    show_parts("and the end", place, 10);
    show("mprotect", mprotect(place + 4 * PAGE, PAGE, PROT_READ));
    show_parts("and the rest", place, 10);
    // What was read-only from the start, in front of what became so: two lines (mm/mprotect.c, VM_ACCOUNT).
    int const again = open("library", O_RDONLY);
    mmap(place + 6 * PAGE, PAGE, PROT_READ, MAP_PRIVATE | MAP_FIXED, again, PAGE);
    mmap(place + 7 * PAGE, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED, again, 2 * PAGE);
    mmap(place + 8 * PAGE, PAGE, PROT_READ, MAP_PRIVATE | MAP_FIXED, again, 3 * PAGE);
    place[7 * PAGE] = 1;
    show("mprotect", mprotect(place + 7 * PAGE, PAGE, PROT_READ));
    show_parts("constants and what was relocated", place, 10);
    unlink("library");
    show("munmap", munmap(place + 3 * PAGE, PAGE));
    read_text("/proc/self/maps", text, sizeof text);
    printf("a name that is gone: %d\n", strstr(text, "library (deleted)") != NULL);
    return 0;
}
