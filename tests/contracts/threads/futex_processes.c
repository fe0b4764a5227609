// futex(2): a shared word is one word for all processes that map it, at whatever address, anonymous
// or of a file; a private one is the process's own; fork(2) makes another of private memory.
#include "tests/contracts/threads/futex.h"

static void attempt(char const* what, int* here, int* there, int operation)
{
    pid_t const child = fork_child();
    if (child == 0) {
        // Whoever was not woken by the parent ends by the clock.
        struct timespec const limit = {0, 200000000};
        long const result = futex(there, kWait | operation, 0, &limit, NULL, 0);
        printf("  %s\n", result == 0 ? "woken" : error_name(errno));
        leave(0);
    }
    wait_for_state(child, 'S');
    long const woken = futex(here, kWake | operation, 1, NULL, NULL, 0);
    // Only then: the child prints, too.
    show_end("  child", child);
    show(what, woken);
}

int main(void)
{
    int const rights = PROT_READ | PROT_WRITE;
    int* const shared = mmap(NULL, 4096, rights, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    int* const own = mmap(NULL, 4096, rights, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    int const file = open("file", O_RDWR | O_CREAT, 0644);
    require(file >= 0 && ftruncate(file, 8192) == 0, "file");
    int* const mapped = mmap(NULL, 8192, rights, MAP_SHARED, file, 0);
    int* const again = mmap(NULL, 4096, rights, MAP_SHARED, file, 4096);
    int* const copied = mmap(NULL, 4096, rights, MAP_PRIVATE, file, 0);
    require(shared != MAP_FAILED && own != MAP_FAILED && mapped != MAP_FAILED, "mmap");
    require(again != MAP_FAILED && copied != MAP_FAILED, "mmap");
    attempt("shared memory", shared, shared, 0);
    attempt("shared memory, private word", shared, shared, kPrivate);
    attempt("private memory", own, own, 0);
    attempt("a file, one mapping", mapped, mapped, 0);
    attempt("a file, two mappings", mapped + 1024, again, 0);
    attempt("a file, another page", mapped, again, 0);
    attempt("a file, a private mapping of it", mapped, copied, 0);
    return 0;
}
