// With many regions of memory, of which no two may be joined.
#define _GNU_SOURCE
#include "guest/user/growth/growth.h"

#include <stddef.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { page = 4096 };

static char* area;
static int total;

// Pages that may be written and such that may only be read, in turn.
static int rights_of(int number) { return number % 2 == 0 ? PROT_READ | PROT_WRITE : PROT_READ; }

static void make_regions(int count)
{
    total = count;
    area = mmap(NULL, (size_t)count * page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    must(area != MAP_FAILED, "mmap");
    for (int i = 0; i < count; i += 2) {
        must(mprotect(area + (size_t)i * page, page, rights_of(i)) == 0, "mprotect");
    }
}

static char* some_page(int round) { return area + (size_t)(round * 7919 % total / 2 * 2) * page; }

static void map_one(int round)
{
    (void)round;
    void* const made = mmap(NULL, page, PROT_READ, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    must(made != MAP_FAILED && munmap(made, page) == 0, "mmap");
}

static void fill_hole(int round)
{
    char* const place = some_page(round);
    must(munmap(place, page) == 0, "munmap");
    void* const made = mmap(place, page, rights_of(0), MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    must(made == place, "mmap");
}

static void fault_page(int round)
{
    char* const place = some_page(round);
    *(volatile char*)place = 1;
    must(madvise(place, page, MADV_DONTNEED) == 0, "madvise");
}

static void protect(int round)
{
    char* const place = some_page(round);
    must(mprotect(place, page, PROT_NONE) == 0 && mprotect(place, page, rights_of(0)) == 0, "mprotect");
}

static void move_break(int round)
{
    (void)round;
    // musl's sbrk() moves nothing.
    long const end = syscall(SYS_brk, 0);
    must(syscall(SYS_brk, end + page) == end + page && syscall(SYS_brk, end) == end, "brk");
}

struct operation const region_operations[] = {
    {"mmap", make_regions, map_one},
    {"munmap_mmap", NULL, fill_hole},
    {"page_fault", NULL, fault_page},
    {"mprotect", NULL, protect},
    {"brk", NULL, move_break},
    {NULL, NULL, NULL},
};
