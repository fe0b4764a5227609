// getrlimit(2): RLIMIT_AS, RLIMIT_DATA and RLIMIT_STACK bound what mmap, brk, mremap and fork may
// have.
#include "tests/contracts/contract.h"

#include <sys/resource.h>

static void limit(int what, rlim_t soft)
{
    struct rlimit value;
    require(getrlimit(what, &value) == 0, "getrlimit");
    value.rlim_cur = soft;
    require(setrlimit(what, &value) == 0, "setrlimit");
}

int main(void)
{
    int const rw = PROT_READ | PROT_WRITE, own = MAP_PRIVATE | MAP_ANONYMOUS;
    size_t const mib = 1024 * 1024;
    char* const base = mmap(NULL, 4 * mib, rw, own, -1, 0);
    require(base != MAP_FAILED, "mmap");
    limit(RLIMIT_AS, 64 * mib);
    show_mapped("more than the address space", mmap(NULL, 128 * mib, rw, own, -1, 0));
    show_mapped("the same without rights", mmap(NULL, 128 * mib, PROT_NONE, own, -1, 0));
    show_mapped("grown beyond it", mremap(base, 4 * mib, 128 * mib, MREMAP_MAYMOVE));
    show_mapped("within it", mmap(NULL, 8 * mib, rw, own, -1, 0));
    pid_t const child = fork_child();
    if (child == 0) {
        show_mapped("a child has the limit", mmap(NULL, 128 * mib, rw, own, -1, 0));
        leave(0);
    }
    show_end("child", child);
    limit(RLIMIT_AS, RLIM_INFINITY);
    limit(RLIMIT_DATA, 32 * mib);
    show_mapped("data beyond its limit", mmap(NULL, 64 * mib, rw, own, -1, 0));
    show_mapped("shared memory is no data",
                mmap(NULL, 64 * mib, rw, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
    show_mapped("nor is what cannot be written", mmap(NULL, 64 * mib, PROT_READ, own, -1, 0));
    char* const start = (char*)syscall(SYS_brk, NULL);
    printf("break beyond it: %d\n", (char*)syscall(SYS_brk, start + 64 * mib) == start);
    return 0;
}
