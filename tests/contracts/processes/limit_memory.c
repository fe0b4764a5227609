// getrlimit(2), RLIMIT_CPU, RLIMIT_STACK, RLIMIT_AS, RLIMIT_DATA: what happens where a limit is
// reached: SIGXCPU, SIGSEGV at the end of the stack, ENOMEM of mmap(2) and of brk(2).
#include "tests/contracts/contract.h"

#include <sys/resource.h>

static void limit(int resource, rlim_t soft, rlim_t hard)
{
    struct rlimit const limits = {soft, hard};
    require(setrlimit(resource, &limits) == 0, "setrlimit");
}

static void* area(size_t size)
{
    return mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
}

static __attribute__((noinline)) int deep(int level)
{
    char volatile frame[4096];
    frame[0] = (char)level;
    if (level > 0) frame[1] = (char)deep(level - 1);
    return frame[0] + frame[1];
}

int main(void)
{
    pid_t child = fork_child();
    if (child == 0) {
        limit(RLIMIT_STACK, 1 << 20, 1 << 20);
        printf("three quarters of the stack: %d\n", deep(190) != 123456);
        fflush(NULL);
        deep(300);
        leave(1);
    }
    show_end("more than the stack", child);
    child = fork_child();
    if (child == 0) {
        limit(RLIMIT_AS, 64 << 20, 64 << 20);
        show_mapped("mapping of half", area(32 << 20));
        show_mapped("mapping beyond", area(40 << 20));
        show_mapped("reserved counts as well",
                    mmap(NULL, 40 << 20, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
        void* const small = area(4096);
        show_mapped("grown beyond", mremap(small, 4096, 40 << 20, MREMAP_MAYMOVE));
        leave(0);
    }
    show_end("address space", child);
    child = fork_child();
    if (child == 0) {
        void* const start = sbrk(0);
        limit(RLIMIT_DATA, 1 << 20, 1 << 20);
        show("break moves a little", syscall(SYS_brk, (char*)start + 4096) != (long)start);
        long const now = syscall(SYS_brk, 0);
        show("break beyond stays", syscall(SYS_brk, (char*)start + (4 << 20)) == now);
        show_mapped("private writable memory counts", area(4 << 20));
        show_mapped("memory to be read only does not",
                    mmap(NULL, 4 << 20, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
        show_mapped("shared memory does not",
                    mmap(NULL, 4 << 20, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
        leave(0);
    }
    show_end("data", child);
    return 0;
}
