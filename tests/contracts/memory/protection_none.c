// mprotect(2): pages without any right keep what they hold, for oneself and for a child.
#include "tests/contracts/contract.h"

int main(void)
{
    int const rw = PROT_READ | PROT_WRITE;
    char* const map = mmap(NULL, 3 * 4096, rw, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    require(map != MAP_FAILED, "mmap");
    memset(map, 'k', 3 * 4096);
    show("no rights", mprotect(map, 3 * 4096, PROT_NONE));
    pid_t const child = fork_child();
    if (child == 0) {
        require(mprotect(map, 4096, rw) == 0, "mprotect");
        printf("the child finds: %c\n", map[0]);
        map[0] = 'c';
        leave(0);
    }
    show_end("child", child);
    pid_t const other = fork_child();
    if (other == 0) {
        (void)*(char volatile*)map;
        leave(0);
    }
    show_end("a child that touches it", other);
    show("read", mprotect(map, 3 * 4096, PROT_READ));
    printf("kept: %c %c\n", map[0], map[2 * 4096]);
    show("given back without rights", mprotect(map, 3 * 4096, PROT_NONE));
    show("MADV_DONTNEED", madvise(map, 4096, MADV_DONTNEED));
    show("rights again", mprotect(map, 3 * 4096, rw));
    printf("zeros: %d, kept: %c\n", map[0], map[4096]);
    char* const later = mmap(NULL, 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    show("a mapping made without rights", mprotect(later, 4096, rw));
    later[0] = 1;
    printf("it can be used: %d\n", later[0]);
    return 0;
}
