// mlock(2), "Limits and permissions": RLIMIT_MEMLOCK without CAP_IPC_LOCK, which pages count, and
// the error of each call.
#include "tests/contracts/memory/lock_support.h"

int main(void)
{
    char* const map = map_pages(16, RW);
    set_limit(4);
    if (locked_pages() != 0) printf("locked at first\n");
    drop_right();
    show("four", mlock(map, 4 * PAGE));
    show("the same again", mlock(map, 4 * PAGE));
    show("five", mlock(map, 5 * PAGE));
    show("others", mlock(map + 8 * PAGE, PAGE));
    show("a part", mlock(map + 2 * PAGE, 2 * PAGE));
    show("part of a page behind", mlock(map + 3 * PAGE, PAGE + 1));
    show_locked("still");
    show("on fault, more", lock2(map + 8 * PAGE, PAGE, ON_FAULT));
    show("on fault, the same", lock2(map, PAGE, ON_FAULT));
    show("munlock", munlock(map + 1 * PAGE, 2 * PAGE));
    show_locked("two gone");
    show("others", mlock(map + 8 * PAGE, 2 * PAGE));
    show_locked("full");
    show("unmapped, too much", mlock((char*)0x10000, 8 * PAGE));
    show("unmapped, too little left", mlock((char*)0x10000, PAGE));
    munlockall();
    show("unmapped", mlock((char*)0x10000, PAGE));
    show_mapped("MAP_LOCKED",
                mmap(NULL, 4 * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0));
    show_mapped("MAP_LOCKED, more",
                mmap(NULL, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0));
    show_mapped("not locked", mmap(NULL, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    show_locked("mapped");
    show("mlockall", mlockall(MCL_CURRENT));
    show("mlockall on fault", mlockall(MCL_CURRENT | MCL_ONFAULT));
    show_locked("still");
    show("future", mlockall(MCL_FUTURE));
    show_mapped("too much", mmap(NULL, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    munlockall();
    show_locked("none");
    show("future, on fault", mlockall(MCL_FUTURE | MCL_ONFAULT));
    char* const whole = mmap(NULL, 3 * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    show_mapped("three", whole);
    show_locked("three");
    show_mapped("two more", mmap(NULL, 2 * PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    show_mapped("mremap to five", mremap(whole, 3 * PAGE, 5 * PAGE, MREMAP_MAYMOVE));
    show_mapped("mremap to four", mremap(whole, 3 * PAGE, 4 * PAGE, MREMAP_MAYMOVE));
    show_locked("four");
    char* const end = (char*)syscall(SYS_brk, 0);
    printf("brk grows: %d\n", (char*)syscall(SYS_brk, end + PAGE) != end);
    munlockall();
    printf("brk grows: %d\n", (char*)syscall(SYS_brk, end + PAGE) != end);
    // No limit at all: no right.
    set_limit(0);
    show("none left", mlock(map, PAGE));
    show("length 0", mlock(map, 0));
    show("mlock2", lock2(map, PAGE, 0));
    show("mlock2 bad flag", lock2(map, PAGE, 2));
    show("mlockall", mlockall(MCL_CURRENT));
    show("mlockall future", mlockall(MCL_FUTURE));
    show("mlockall bad flag", mlockall(8));
    show("munlock", munlock(map, PAGE));
    show("munlockall", munlockall());
    show_mapped("MAP_LOCKED",
                mmap(NULL, PAGE, RW, MAP_PRIVATE | MAP_ANONYMOUS | MAP_LOCKED, -1, 0));
    // Less than a page is none, but not 0.
    struct rlimit limit;
    getrlimit(RLIMIT_MEMLOCK, &limit);
    limit.rlim_cur = PAGE - 1;
    require(setrlimit(RLIMIT_MEMLOCK, &limit) == 0, "setrlimit");
    show("less than a page", mlock(map, PAGE));
    return 0;
}
