// Anonymous memory: what mmap, munmap, mprotect, mremap, madvise and mincore answer, and what a touch finds.
#include "support.h"

#include <setjmp.h>

enum { kPage = 4096 };

static sigjmp_buf escape;
static volatile int fault_signal, fault_code;

static void on_fault(int number, siginfo_t* info, void* context)
{
    (void)context;
    fault_signal = number;
    fault_code = info->si_code;
    siglongjmp(escape, 1);
}

// What a read ('r') or write ('w') of the byte does: "ok" or the signal and its code.
static const char* touch(volatile char* address, char how)
{
    static char text[4][40];
    static int turn;
    char* out = text[turn++ & 3];
    fault_signal = 0;
    if (sigsetjmp(escape, 1) == 0) {
        if (how == 'w') *address = 1;
        else (void)*address;
    }
    if (fault_signal == 0) return "ok";
    snprintf(out, sizeof text[0], "signal %d code %d", fault_signal, fault_code);
    return out;
}

static char* anonymous(size_t pages, int rights)
{
    char* at = mmap(NULL, pages * kPage, rights, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    CHECK(at != MAP_FAILED);
    return at;
}

static void show_map(const char* what, void* result, void* wanted)
{
    if (result == MAP_FAILED) printf("%s: %s\n", what, error_name(errno));
    else printf("%s: %s\n", what, result == wanted ? "there" : "elsewhere");
}

static void show(const char* what, long result)
{
    if (result < 0) printf("%s: %s\n", what, error_name(errno));
    else printf("%s: %ld\n", what, result);
}

static void arguments(void)
{
    int const pa = MAP_PRIVATE | MAP_ANONYMOUS;
    char* at = anonymous(8, PROT_READ | PROT_WRITE);
    show_map("length 0", mmap(NULL, 0, PROT_READ, pa, -1, 0), at);
    show_map("length too large", mmap(NULL, ~(size_t)0, PROT_READ, pa, -1, 0), at);
    show_map("length 1<<47", mmap(NULL, (size_t)1 << 47, PROT_READ, pa, -1, 0), at);
    show_map("no type", mmap(NULL, kPage, PROT_READ, MAP_ANONYMOUS, -1, 0), at);
    show_map("fixed unaligned", mmap(at + 1, kPage, PROT_READ, pa | MAP_FIXED, -1, 0), at);
    show_map("fixed too high", mmap((void*)0x7ffffffff000, kPage, PROT_READ, pa | MAP_FIXED, -1, 0), at);
    show_map("fixed last page", mmap((void*)0x7fffffffe000, 2 * kPage, PROT_READ, pa | MAP_FIXED, -1, 0), at);
    show_map("fixed kernel", mmap((void*)0xffff800000000000, kPage, PROT_READ, pa | MAP_FIXED, -1, 0), at);
    show_map("bad descriptor", mmap(NULL, kPage, PROT_READ, MAP_PRIVATE, 77, 0), at);
    show_map("bad descriptor, length 0", mmap(NULL, 0, PROT_READ, MAP_PRIVATE, 77, 0), at);
    show("offset unaligned", syscall(SYS_mmap, 0, kPage, PROT_READ, pa, -1, 100));
    show_map("no replace, taken", mmap(at, kPage, PROT_READ, pa | MAP_FIXED_NOREPLACE, -1, 0), at);
    show_map("no replace, partly", mmap(at - kPage, 9 * kPage, PROT_READ, pa | MAP_FIXED_NOREPLACE, -1, 0), at);
    CHECK(munmap(at + 2 * kPage, kPage) == 0);
    show_map("no replace, free", mmap(at + 2 * kPage, kPage, PROT_READ | PROT_WRITE, pa | MAP_FIXED_NOREPLACE, -1, 0), at + 2 * kPage);
    CHECK(munmap(at + 2 * kPage, kPage) == 0);
    show_map("hint, free", mmap(at + 2 * kPage, kPage, PROT_READ, pa, -1, 0), at + 2 * kPage);
    show_map("hint, taken", mmap(at + 2 * kPage, kPage, PROT_READ, pa, -1, 0), at + 2 * kPage);
    show("munmap unaligned", munmap(at + 1, kPage));
    show("munmap 0", munmap(at, 0));
    show("munmap kernel", munmap((void*)0xffff800000000000, kPage));
    show("munmap over the end", munmap((void*)0x7fffffffe000, 4 * kPage));
    show("munmap of nothing", munmap((void*)0x10000, kPage));
    show("munmap huge", munmap((void*)0x10000000000, (size_t)1 << 46 >> 6));
    show("mprotect unaligned", mprotect(at + 1, kPage, PROT_READ));
    show("mprotect 0", mprotect(at, 0, PROT_READ));
    show("mprotect bad rights", mprotect(at, kPage, 0x100));
    show("mprotect kernel", mprotect((void*)0xffff800000000000, kPage, PROT_READ));
    show("mprotect wraps", mprotect(at, ~(size_t)0, PROT_READ));
    show("mprotect nothing", mprotect((void*)0x20000, kPage, PROT_READ));
    show("mprotect grows down", mprotect(at, kPage, PROT_READ | 0x01000000));
    show("madvise bad", madvise(at, kPage, 1234));
    show("madvise unaligned", madvise(at + 1, kPage, MADV_DONTNEED));
    show("madvise 0", madvise(at, 0, MADV_DONTNEED));
    show("madvise nothing", madvise((void*)0x20000, kPage, MADV_DONTNEED));
    show("madvise nothing, normal", madvise((void*)0x20000, kPage, MADV_NORMAL));
    show("madvise wraps", madvise(at, ~(size_t)0, MADV_DONTNEED));
    show("msync bad", msync(at, kPage, MS_SYNC | MS_ASYNC));
    show("msync unaligned", msync(at + 1, kPage, MS_SYNC));
    show("msync nothing", msync((void*)0x20000, kPage, MS_SYNC));
    show("msync 0", msync(at, 0, MS_SYNC));
    show("mremap unaligned", (long)mremap(at + 1, kPage, 2 * kPage, MREMAP_MAYMOVE) < 0 ? -1 : 0);
    show("mremap flags", mremap(at, kPage, 2 * kPage, 64) == MAP_FAILED ? -1 : 0);
    show("mremap fixed alone", mremap(at, kPage, kPage, MREMAP_FIXED, at + 4 * kPage) == MAP_FAILED ? -1 : 0);
    show("mremap to 0", mremap(at, kPage, 0, MREMAP_MAYMOVE) == MAP_FAILED ? -1 : 0);
    show("mremap nothing", mremap((void*)0x20000, kPage, 2 * kPage, MREMAP_MAYMOVE) == MAP_FAILED ? -1 : 0);
    show("mremap overlap", mremap(at, 2 * kPage, 2 * kPage, MREMAP_MAYMOVE | MREMAP_FIXED, at + kPage) == MAP_FAILED ? -1 : 0);
    CHECK(munmap(at + 3 * kPage, kPage) == 0);
    show("mremap over a hole", mremap(at, 8 * kPage, 9 * kPage, MREMAP_MAYMOVE) == MAP_FAILED ? -1 : 0);
    unsigned char answers[8];
    show("mincore hole", mincore(at, 8 * kPage, answers));
    show("mincore unaligned", mincore(at + 1, kPage, answers));
    show("mincore 0", mincore(at, 0, answers));
    show("mincore bad pointer", mincore(at, kPage, (void*)16));
    munmap(at, 8 * kPage);
}

static void rights(void)
{
    char* at = anonymous(6, PROT_NONE);
    printf("none: %s, %s\n", touch(at, 'r'), touch(at, 'w'));
    CHECK(mprotect(at + kPage, kPage, PROT_READ) == 0);
    CHECK(mprotect(at + 2 * kPage, kPage, PROT_READ | PROT_WRITE) == 0);
    CHECK(mprotect(at + 3 * kPage, kPage, PROT_WRITE) == 0);
    CHECK(munmap(at + 4 * kPage, kPage) == 0);
    for (int i = 0; i < 6; ++i) printf("page %d: %s, %s\n", i, touch(at + i * kPage, 'r'), touch(at + i * kPage, 'w'));
    at[2 * kPage + 7] = 42;
    CHECK(mprotect(at + 2 * kPage, kPage, PROT_NONE) == 0);
    printf("now none: %s, %s\n", touch(at + 2 * kPage, 'r'), touch(at + 2 * kPage, 'w'));
    CHECK(mprotect(at + 2 * kPage, kPage, PROT_READ) == 0);
    printf("kept: %d, write %s\n", at[2 * kPage + 7], touch(at + 2 * kPage, 'w'));
    // What comes before the hole changes, though the call fails.
    show("over the hole", mprotect(at, 6 * kPage, PROT_READ | PROT_WRITE));
    for (int i = 0; i < 6; ++i) printf("page %d: %s\n", i, touch(at + i * kPage, 'w'));
    printf("address 0: %s, 8: %s\n", touch(NULL, 'r'), touch((char*)8, 'w'));
    printf("kernel: %s\n", touch((char*)0xffffffff81000000, 'r'));
    printf("non-canonical: %s\n", touch((char*)0x8000000000000000, 'r'));
    printf("last page: %s\n", touch((char*)0x7ffffffff000, 'r'));
    munmap(at, 6 * kPage);
}

static void pages(void)
{
    char* at = anonymous(64, PROT_READ | PROT_WRITE);
    memset(at, 3, 64 * kPage);
    unsigned char answers[64];
    CHECK(mincore(at, 64 * kPage, answers) == 0);
    int resident = 0;
    for (int i = 0; i < 64; ++i) resident += answers[i] & 1;
    printf("resident %d\n", resident);
    CHECK(madvise(at + 8 * kPage, 16 * kPage, MADV_DONTNEED) == 0);
    CHECK(mincore(at, 64 * kPage, answers) == 0);
    resident = 0;
    for (int i = 0; i < 64; ++i) resident += answers[i] & 1;
    printf("resident %d, values %d %d %d\n", resident, at[7 * kPage], at[8 * kPage], at[24 * kPage]);
    CHECK(munmap(at + 30 * kPage, kPage) == 0);
    show("dontneed over a hole", madvise(at, 64 * kPage, MADV_DONTNEED));
    printf("values %d %d\n", at[0], at[63 * kPage]);
    munmap(at, 64 * kPage);
}

static void moves(void)
{
    char* area = anonymous(64, PROT_NONE);
    CHECK(munmap(area, 64 * kPage) == 0);
    int const fixed = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
    char* at = mmap(area, 4 * kPage, PROT_READ | PROT_WRITE, fixed, -1, 0);
    for (int i = 0; i < 4; ++i) at[i * kPage] = (char)(i + 1);
    show_map("grow in place", mremap(at, 4 * kPage, 8 * kPage, 0), at);
    printf("new page %d\n", at[7 * kPage]);
    show_map("shrink", mremap(at, 8 * kPage, 2 * kPage, 0), at);
    printf("gone: %s\n", touch(at + 2 * kPage, 'r'));
    CHECK(mmap(at + 3 * kPage, kPage, PROT_READ, fixed, -1, 0) == at + 3 * kPage);
    show_map("no room", mremap(at, 2 * kPage, 8 * kPage, 0), at);
    char* moved = mremap(at, 2 * kPage, 100 * kPage, MREMAP_MAYMOVE);
    CHECK(moved != MAP_FAILED);
    printf("moved %d: %d %d %d, old %s\n", moved != at, moved[0], moved[kPage], moved[99 * kPage], touch(at, 'r'));
    // Middle of a region, to a fixed place that is taken.
    char* target = anonymous(4, PROT_READ | PROT_WRITE);
    target[0] = 99;
    moved[10 * kPage] = 10;
    moved[11 * kPage] = 11;
    show_map("fixed", mremap(moved + 10 * kPage, 2 * kPage, 3 * kPage, MREMAP_MAYMOVE | MREMAP_FIXED, target), target);
    printf("there %d %d %d; left %s, around %s %s\n", target[0], target[kPage], target[2 * kPage],
           touch(moved + 10 * kPage, 'r'), touch(moved + 9 * kPage, 'w'), touch(moved + 12 * kPage, 'w'));
    show_map("same size", mremap(target, 4 * kPage, 4 * kPage, 0), target);
    show_map("the end of one", mremap(target + 2 * kPage, 2 * kPage, kPage, 0), target + 2 * kPage);
    // Shared memory, a second time.
    char* shared = mmap(NULL, 2 * kPage, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    char* twin = mremap(shared, 0, 2 * kPage, MREMAP_MAYMOVE);
    if (twin == MAP_FAILED) {
        printf("twin: %s\n", error_name(errno));
    } else {
        twin[5] = 5;
        printf("twin %d\n", shared[5]);
    }
    show_map("twin of private", mremap(target, 0, kPage, MREMAP_MAYMOVE), target);
    char* larger = mremap(shared, 2 * kPage, 4 * kPage, MREMAP_MAYMOVE);
    CHECK(larger != MAP_FAILED);
    printf("shared grown: %s, %s\n", touch(larger + kPage, 'w'), touch(larger + 2 * kPage, 'w'));
}

static void forked(void)
{
    char* private_page = anonymous(3, PROT_READ | PROT_WRITE);
    char* shared = mmap(NULL, kPage, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    strcpy(private_page, "before");
    strcpy(private_page + kPage, "second");
    strcpy(shared, "shared");
    int to_child[2], to_parent[2];
    CHECK(pipe(to_child) == 0 && pipe(to_parent) == 0);
    fflush(stdout);
    pid_t const child = fork();
    if (child == 0) {
        char byte;
        CHECK(read(to_child[0], &byte, 1) == 1);
        printf("child sees %s %s %s\n", private_page, private_page + kPage, shared);
        strcpy(private_page, "child");
        CHECK(mprotect(private_page + kPage, kPage, PROT_READ) == 0);
        CHECK(mprotect(private_page + kPage, kPage, PROT_READ | PROT_WRITE) == 0);
        strcpy(private_page + kPage, "child2");
        private_page[2 * kPage] = 'c';
        strcpy(shared, "by child");
        fflush(stdout);
        CHECK(write(to_parent[1], "x", 1) == 1);
        CHECK(read(to_child[0], &byte, 1) == 1);
        printf("child still %s %s %c\n", private_page, private_page + kPage, private_page[2 * kPage]);
        fflush(stdout);
        _exit(0);
    }
    strcpy(private_page, "parent");
    CHECK(write(to_child[1], "x", 1) == 1);
    char byte;
    CHECK(read(to_parent[0], &byte, 1) == 1);
    printf("parent sees %s %s %d %s\n", private_page, private_page + kPage, private_page[2 * kPage], shared);
    fflush(stdout);
    CHECK(mprotect(private_page, 3 * kPage, PROT_READ) == 0);
    CHECK(mprotect(private_page, 3 * kPage, PROT_READ | PROT_WRITE) == 0);
    strcpy(private_page + kPage, "parent2");
    CHECK(write(to_child[1], "x", 1) == 1);
    int status;
    CHECK(waitpid(child, &status, 0) == child);
    printf("%s\n", status_text(status));
    // With the child gone each page is the parent's alone.
    private_page[0] = 'P';
    printf("%s\n", private_page);
}

static void many(void)
{
    enum { kCount = 6000 };
    char* at = anonymous(kCount, PROT_READ | PROT_WRITE);
    for (int i = 0; i < kCount; i += 2) CHECK(mprotect(at + (size_t)i * kPage, kPage, PROT_READ) == 0);
    for (int i = 1; i < kCount; i += 64) at[(size_t)i * kPage] = (char)i;
    fflush(stdout);
    pid_t const child = fork();
    if (child == 0) {
        int wrong = 0;
        for (int i = 1; i < kCount; i += 64) wrong += at[(size_t)i * kPage] != (char)i;
        _exit(wrong);
    }
    int status;
    CHECK(waitpid(child, &status, 0) == child);
    printf("many: %s\n", status_text(status));
    CHECK(mprotect(at, (size_t)kCount * kPage, PROT_READ | PROT_WRITE) == 0);
    for (int i = 0; i < kCount; i += 2) CHECK(munmap(at + (size_t)i * kPage, kPage) == 0);
    int wrong = 0;
    for (int i = 1; i < kCount; i += 64) wrong += at[(size_t)i * kPage] != (char)i;
    printf("wrong: %d\n", wrong);
    CHECK(munmap(at, (size_t)kCount * kPage) == 0);
    // More regions than there may be.
    enum { kMany = 70000 };
    char* area = anonymous((size_t)kMany * 2, PROT_NONE);
    int made = 0;
    while (made < kMany && mprotect(area + (size_t)made * 2 * kPage, kPage, PROT_READ) == 0) ++made;
    printf("bounded: %s, enough %d\n", error_name(errno), made > 30000 && made < 33000);
    show("munmap in the middle", munmap(area + (size_t)made * 2 * kPage + 8 * kPage, kPage));
    CHECK(munmap(area, (size_t)kMany * 2 * kPage) == 0);
}

// mlock(2): pages come in, whatever MLOCK_ONFAULT says about when.
static void locks(void)
{
    char* at = anonymous(4, PROT_READ | PROT_WRITE);
    unsigned char in[4];
    show("mlock", mlock(at, 2 * kPage));
    CHECK(mincore(at, 4 * kPage, in) == 0);
    printf("in memory: %d %d %d %d\n", in[0] & 1, in[1] & 1, in[2] & 1, in[3] & 1);
    show("mlock2 without flags", syscall(SYS_mlock2, at + 2 * kPage, kPage, 0));
    show("mlock2 on fault", syscall(SYS_mlock2, at + 3 * kPage, kPage, 1));
    CHECK(mincore(at, 4 * kPage, in) == 0);
    printf("in memory: %d %d %d %d\n", in[0] & 1, in[1] & 1, in[2] & 1, in[3] & 1);
    show("mlock2 with another flag", syscall(SYS_mlock2, at, kPage, 2));
    show("munlock", munlock(at, 4 * kPage));
    CHECK(munmap(at + kPage, kPage) == 0);
    show("mlock over a hole", mlock(at, 4 * kPage));
    show("mlock2 over a hole", syscall(SYS_mlock2, at, 4 * kPage, 1));
    show("munlock over a hole", munlock(at, 4 * kPage));
    show("mlock past the end", mlock(at, ~(size_t)0));
    CHECK(munmap(at, 4 * kPage) == 0);
}

int main(void)
{
    struct sigaction action = {0};
    action.sa_sigaction = on_fault;
    action.sa_flags = SA_SIGINFO;
    sigaction(SIGSEGV, &action, NULL);
    sigaction(SIGBUS, &action, NULL);
    arguments();
    rights();
    pages();
    moves();
    forked();
    many();
    locks();
    return 0;
}
