// zero(4), null(4): /dev/zero mapped is memory of one's own, or shared with children; /dev/null
// cannot be mapped.
#include "tests/contracts/contract.h"

int main(void)
{
    int const rw = PROT_READ | PROT_WRITE;
    int const zero = open("/dev/zero", O_RDWR | O_CLOEXEC);
    int const null = open("/dev/null", O_RDWR | O_CLOEXEC);
    require(zero >= 0 && null >= 0, "devices");
    char* const own = mmap(NULL, 8192, rw, MAP_PRIVATE, zero, 0);
    char* const shared = mmap(NULL, 8192, rw, MAP_SHARED, zero, 0);
    char* const other = mmap(NULL, 8192, rw, MAP_SHARED, zero, 0);
    require(own != MAP_FAILED && shared != MAP_FAILED && other != MAP_FAILED, "mmap");
    printf("zeros: %d %d %d\n", own[0], shared[0], other[0]);
    own[0] = 'o';
    shared[0] = 's';
    printf("apart from each other: %d\n", other[0]);
    pid_t const child = fork_child();
    if (child == 0) {
        own[0] = 'c';
        shared[4096] = 'c';
        leave(0);
    }
    show_end("child", child);
    printf("%c %c %c\n", own[0], shared[0], shared[4096]);
    show_mapped("/dev/null", mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, null, 0));
    return 0;
}
