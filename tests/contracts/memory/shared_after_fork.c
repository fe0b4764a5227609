// mmap(2), fork(2): shared memory stays shared with a child, private memory is copied both ways,
// and a grandchild has its own copy again.
#include "tests/contracts/contract.h"

int main(void)
{
    int const rw = PROT_READ | PROT_WRITE;
    char* const shared = mmap(NULL, 8192, rw, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    char* const own = mmap(NULL, 8192, rw, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    require(shared != MAP_FAILED && own != MAP_FAILED, "mmap");
    strcpy(own, "parent");
    struct barrier const went_on = barrier_make();
    pid_t const child = fork_child();
    if (child == 0) {
        barrier_wait(&went_on);
        printf("child reads: %s\n", own);
        pid_t const grandchild = fork_child();
        if (grandchild == 0) {
            strcpy(own, "grandchild");
            strcpy(shared, "grandchild was here");
            strcpy(shared + 4096, "first touch");
            leave(0);
        }
        show_end("grandchild", grandchild);
        printf("child still reads: %s\n", own);
        strcpy(own, "child");
        leave(0);
    }
    strcpy(own, "changed");
    barrier_signal(&went_on);
    show_end("child", child);
    printf("parent: %s, %s, %s\n", own, shared, shared + 4096);
    return 0;
}
