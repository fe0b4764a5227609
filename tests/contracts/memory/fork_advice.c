// madvise(2), MADV_DONTFORK, MADV_WIPEONFORK: what a child does not get, or gets as zeros.
#include "tests/contracts/contract.h"

#ifndef MADV_WIPEONFORK
#    define MADV_WIPEONFORK 18
#    define MADV_KEEPONFORK 19
#endif

int main(void)
{
    int const rw = PROT_READ | PROT_WRITE;
    char* const own = mmap(NULL, 4096, rw, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char* const wiped = mmap(NULL, 4096, rw, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    char* const shared = mmap(NULL, 4096, rw, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    own[0] = wiped[0] = shared[0] = 'x';
    show("DONTFORK", madvise(own, 4096, MADV_DONTFORK));
    show("WIPEONFORK", madvise(wiped, 4096, MADV_WIPEONFORK));
    show("WIPEONFORK of shared memory", madvise(shared, 4096, MADV_WIPEONFORK));
    pid_t const first = fork_child();
    if (first == 0) {
        printf("wiped: %d\n", wiped[0]);
        fflush(stdout);
        (void)*(char volatile*)own;
        leave(0);
    }
    show_end("child", first);
    show("DOFORK", madvise(own, 4096, MADV_DOFORK));
    show("KEEPONFORK", madvise(wiped, 4096, MADV_KEEPONFORK));
    pid_t const second = fork_child();
    if (second == 0) {
        printf("%c %c\n", own[0], wiped[0]);
        leave(0);
    }
    show_end("child", second);
    return 0;
}
