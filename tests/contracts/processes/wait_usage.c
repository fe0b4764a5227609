// getrusage(2), wait4(2): a child's use counts for RUSAGE_CHILDREN when it has been waited for,
// with that of its own children; the largest of ru_maxrss is kept; wait4 tells of that child alone.
#include "tests/contracts/contract.h"

#include <sys/resource.h>

enum { kMegabyte = 1 << 20 };

static void touch(size_t size)
{
    char* const memory =
        mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    require(memory != MAP_FAILED, "mmap");
    // Faults are counted: no larger pages.
    madvise(memory, size, MADV_NOHUGEPAGE);
    for (size_t i = 0; i < size; i += 4096) memory[i] = 1;
    require(munmap(memory, size) == 0, "munmap");
}

static void tell(char const* what, struct rusage const* usage)
{
    printf("%s: more than 4 MiB %d, 16 MiB %d; faults over 1000 %d, over 4000 %d\n",
           what,
           usage->ru_maxrss > 4 * 1024,
           usage->ru_maxrss > 16 * 1024,
           usage->ru_minflt > 1000,
           usage->ru_minflt > 4000);
    fflush(stdout);
}

int main(void)
{
    struct rusage usage;
    require(getrusage(RUSAGE_CHILDREN, &usage) == 0, "getrusage");
    printf("at first: %ld KiB, %ld faults\n", usage.ru_maxrss, usage.ru_minflt);
    pid_t child = fork_child();
    if (child == 0) {
        pid_t const grandchild = fork_child();
        if (grandchild == 0) {
            touch(17 * kMegabyte);
            leave(0);
        }
        struct rusage own;
        wait_for_state(grandchild, 'Z');
        getrusage(RUSAGE_CHILDREN, &own);
        tell("grandchild not waited for", &own);
        int status = 0;
        require(wait4(grandchild, &status, 0, &own) == grandchild, "wait4");
        tell("grandchild", &own);
        getrusage(RUSAGE_CHILDREN, &own);
        tell("children", &own);
        getrusage(RUSAGE_SELF, &own);
        tell("self", &own);
        leave(0);
    }
    wait_for_state(child, 'Z');
    int status = 0;
    require(wait4(child, &status, 0, &usage) == child, "wait4");
    tell("child with its own", &usage);
    child = fork_child();
    if (child == 0) {
        touch(5 * kMegabyte);
        leave(0);
    }
    require(wait4(child, &status, 0, &usage) == child, "wait4");
    tell("another child", &usage);
    getrusage(RUSAGE_CHILDREN, &usage);
    tell("both", &usage);
    show("who", getrusage(7, &usage));
    show("this thread", getrusage(1 /* RUSAGE_THREAD */, &usage));
    show("a bad place", syscall(SYS_getrusage, RUSAGE_SELF, 16L));
    return 0;
}
