// Mappings, their pages and rights, and the heap's end.
#include "families.h"

#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { page_size = 4096 };

static char* map_pages(struct run* run, size_t count)
{
    void* const pages =
        mmap(NULL, count * page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages != MAP_FAILED) return pages;
    fail(run, "mmap");
    return NULL;
}

void run_mmap_fault(struct run* run)
{
    char volatile* const pages = map_pages(run, run->iterations);
    if (pages == NULL) return;
    start(run);
    for (unsigned i = 0; i < run->iterations; ++i) pages[(size_t)i * page_size] = 1;
    stop(run);
    munmap((void*)pages, (size_t)run->iterations * page_size);
}

void run_mmap_munmap(struct run* run)
{
    start(run);
    for (unsigned i = 0; i < run->iterations; ++i) {
        char* const page = map_pages(run, 1);
        if (page == NULL) return;
        if (munmap(page, page_size) != 0) return fail(run, "munmap");
    }
    stop(run);
}

void run_mprotect(struct run* run)
{
    char volatile* const page = map_pages(run, 1);
    if (page == NULL) return;
    *page = 1;
    start(run);
    for (unsigned i = 0; i < run->iterations; ++i) {
        if (mprotect((void*)page, page_size, PROT_READ) != 0 ||
            mprotect((void*)page, page_size, PROT_READ | PROT_WRITE) != 0) {
            fail(run, "mprotect");
            break;
        }
    }
    if (!has_failed(run)) stop(run);
    munmap((void*)page, page_size);
}

// The C library's brk() may refuse or remember; the system call returns the heap's end (brk(2)).
void run_brk(struct run* run)
{
    long const end = syscall(SYS_brk, 0);
    start(run);
    for (unsigned i = 0; i < run->iterations; ++i) {
        if (syscall(SYS_brk, end + page_size) != end + page_size) return fail(run, "brk");
        if (syscall(SYS_brk, end) != end) return fail(run, "brk");
    }
    stop(run);
}
