// sched_setaffinity(2), sched_getaffinity(2): sizes of masks, processors that are not there,
// targets that are not there; what is told is never empty and never more than what was asked for.
#include "tests/contracts/contract.h"

#include <sched.h>

int main(void)
{
    unsigned long mask[128] = {0}, first = 0;
    long const size = syscall(SYS_sched_getaffinity, 0, sizeof mask, mask);
    show("size in words", size > 0 && size % 8 == 0);
    int words_beyond = 0;
    for (int i = (int)(size / 8); i < 128; ++i) words_beyond += mask[i] != 0;
    show("words beyond are untouched", words_beyond);
    first = mask[0] & -mask[0];
    show("the first word has one", first != 0);
    show("size that is no word", syscall(SYS_sched_getaffinity, 0, 7, mask));
    show("size between words", syscall(SYS_sched_getaffinity, 0, 12, mask));
    show("no size", syscall(SYS_sched_getaffinity, 0, 0, mask));
    show("a bad place", syscall(SYS_sched_getaffinity, 0, sizeof mask, 16L));
    show("nobody", syscall(SYS_sched_getaffinity, 99999, sizeof mask, mask));
    show("negative", syscall(SYS_sched_getaffinity, -1, sizeof mask, mask));
    show("set one", syscall(SYS_sched_setaffinity, 0, sizeof first, &first));
    mask[0] = 0;
    require(syscall(SYS_sched_getaffinity, 0, sizeof mask, mask) > 0, "sched_getaffinity");
    show("only that", mask[0] == first);
    unsigned long const none[2] = {0, 0};
    show("set none", syscall(SYS_sched_setaffinity, 0, sizeof none, none));
    show("set with no size", syscall(SYS_sched_setaffinity, 0, 0, &first));
    unsigned long const far[2] = {0, 1ul << 63};
    show("set one that is not there", syscall(SYS_sched_setaffinity, 0, sizeof far, far));
    unsigned long const both[2] = {first, 1ul << 63};
    show("set it beside one that is", syscall(SYS_sched_setaffinity, 0, sizeof both, both));
    show("set from a bad place", syscall(SYS_sched_setaffinity, 0, sizeof first, 16L));
    show("set nobody's", syscall(SYS_sched_setaffinity, 99999, sizeof first, &first));
    show("a byte of the mask", syscall(SYS_sched_setaffinity, 0, 1, &first));
    pid_t const child = fork_child();
    if (child == 0) {
        mask[0] = 0;
        show("in a child", syscall(SYS_sched_getaffinity, 0, sizeof mask, mask) > 0);
        show("inherited", mask[0] == first);
        require(setresuid(1000, 1000, 1000) == 0, "setresuid");
        show("a user for itself", syscall(SYS_sched_setaffinity, 0, sizeof first, &first));
        show("for another", syscall(SYS_sched_setaffinity, getppid(), sizeof first, &first));
        show("looks at another", syscall(SYS_sched_getaffinity, getppid(), sizeof mask, mask) > 0);
        leave(0);
    }
    show_end("child", child);
    return 0;
}
