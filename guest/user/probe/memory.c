// Memory: what is private stays private, what is gone is gone, what is new is zero.
#include "probe.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

// Initialised data that every process has for itself, and zeros right behind it in the file's last
// page.
static unsigned char data[3 * kPage] = {1, 2, 3};
static unsigned char blank[5 * kPage];

static unsigned char* map_pages(size_t pages)
{
    void* const mapped =
        mmap(NULL, pages * kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    need(mapped != MAP_FAILED, "mmap");
    return mapped;
}

struct area {
    unsigned char* start;
    size_t size;
    uint32_t seed;
};

static void rewrite_area(void* argument)
{
    struct area const* const area = argument;
    expect_pattern(
        area->start, area->size, area->seed, 0, "what the parent had written, in the child");
    fill(area->start, area->size, area->seed + 1, 0);
    expect_pattern(area->start, area->size, area->seed + 1, 0, "what the child wrote");
}

// Fork copies: data, zeros and new memory, written by both.
void check_copies(struct dice* dice)
{
    size_t const pages = 1 + roll(dice, 8);
    unsigned char* const mapped = map_pages(pages);
    expect_zero(mapped, pages * kPage, "new memory");
    struct area areas[] = {
        {data + roll(dice, 2 * kPage), 1 + roll(dice, kPage), roll(dice, 250)},
        {blank + roll(dice, 4 * kPage), 1 + roll(dice, kPage), roll(dice, 250)},
        {mapped, 1 + roll(dice, (uint32_t)(pages * kPage)), roll(dice, 250)},
    };
    struct area* const area = &areas[roll(dice, 3)];
    fill(area->start, area->size, area->seed, 0);
    unsigned const rounds = 1 + roll(dice, 3);
    for (unsigned i = 0; i < rounds; ++i) {
        check_in_child(rewrite_area, area, "fork");
        expect_pattern(area->start, area->size, area->seed, 0, "what the child must not change");
        area->seed = roll(dice, 250);
        fill(area->start, area->size, area->seed, 0);
    }
    expect_pattern(area->start, area->size, area->seed, 0, "what was written after the fork");
    memset(blank, 0, sizeof blank);
    need(munmap(mapped, pages * kPage) == 0, "munmap");
}

static void expect_blank_after_exec(void* argument)
{
    (void)argument;
    char* const arguments[] = {"/proc/self/exe", "after-exec", "blank", NULL};
    execv(arguments[0], arguments);
    broken("exec: %s", strerror(errno));
}

// What no byte of the program's file was for is zero, in every process that starts.
void check_blank(struct dice* dice)
{
    expect_zero(blank, sizeof blank, "zeroed data");
    unsigned const rounds = 1 + roll(dice, 3);
    fill(blank, sizeof blank, 3, 0);
    for (unsigned i = 0; i < rounds; ++i) check_in_child(expect_blank_after_exec, NULL, "exec");
    memset(blank, 0, sizeof blank);
}

void expect_fresh_data(void)
{
    expect_zero(blank, sizeof blank, "zeroed data after exec");
    if (data[0] != 1 || data[1] != 2 || data[2] != 3) broken("data after exec");
    expect_zero(data + 3, sizeof data - 3, "the rest of data after exec");
}

struct transfer {
    unsigned char* target;
    size_t size;
    uint32_t seed;
    int file;
};

static void read_into(void* argument)
{
    struct transfer const* const transfer = argument;
    unsigned char volatile* const target = transfer->target;
    unsigned sum = 0;
    // The translation is there before the kernel makes a copy of the page.
    for (size_t i = 0; i < transfer->size; i += 64) sum += target[i];
    (void)sum;
    ssize_t const got = pread(transfer->file, transfer->target, transfer->size, 0);
    need(got == (ssize_t)transfer->size, "pread");
    expect_pattern(transfer->target, transfer->size, transfer->seed, 0, "what read() brought");
}

// The kernel writes to memory that is shared until it is written to.
void check_kernel_copies(struct dice* dice)
{
    struct transfer transfer;
    size_t const pages = 1 + roll(dice, 4);
    transfer.size = 1 + roll(dice, (uint32_t)(pages * kPage));
    transfer.seed = roll(dice, 250);
    transfer.file = scratch_file();
    unsigned char* const source = map_pages(pages);
    fill(source, transfer.size, transfer.seed, 0);
    need(pwrite(transfer.file, source, transfer.size, 0) == (ssize_t)transfer.size, "pwrite");
    uint32_t const kind = roll(dice, 3);
    int const backing = scratch_file();
    need(ftruncate(backing, (off_t)(pages * kPage)) == 0, "ftruncate");
    if (kind == 0) {
        transfer.target = map_pages(pages);
        fill(transfer.target, pages * kPage, transfer.seed + 5, 0);
    } else if (kind == 1) {
        transfer.target =
            mmap(NULL, pages * kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE, backing, 0);
        need(transfer.target != MAP_FAILED, "mmap");
    } else {
        transfer.target = map_pages(pages);  // Nobody has touched it: the page of zeros.
    }
    check_in_child(read_into, &transfer, "read");
    if (kind == 0) {
        expect_pattern(transfer.target,
                       pages * kPage,
                       transfer.seed + 5,
                       0,
                       "what a child's read() must not change");
    } else {
        expect_zero(transfer.target, pages * kPage, "what a child's read() must not change");
    }
    read_into(&transfer);
    need(munmap(transfer.target, pages * kPage) == 0, "munmap");
    need(munmap(source, pages * kPage) == 0, "munmap");
    close(backing);
    close(transfer.file);
}

static void touch(void* argument) { *(unsigned char volatile*)argument; }

static void expect_gone(unsigned char* address, char const* what)
{
    int ends[2];
    need(pipe(ends) == 0, "pipe");
    // The kernel must not reach it, and neither may the program.
    if (write(ends[1], address, 1) != -1 || errno != EFAULT)
        broken("%s: write() still reads it", what);
    close(ends[0]);
    close(ends[1]);
    int const status = in_child(touch, address);
    if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGSEGV)
        broken("%s: it can still be read", what);
}

// Pages that are unmapped are gone, their neighbours are not.
void check_unmapping(struct dice* dice)
{
    size_t const pages = 3 + roll(dice, 12);
    unsigned char* const mapped = map_pages(pages);
    fill(mapped, pages * kPage, 9, 0);
    size_t const first = roll(dice, (uint32_t)pages);
    size_t const count = 1 + roll(dice, (uint32_t)(pages - first));
    need(munmap(mapped + first * kPage, count * kPage) == 0, "munmap");
    expect_pattern(mapped, first * kPage, 9, 0, "memory before what was unmapped");
    size_t const behind = (first + count) * kPage;
    expect_pattern(
        mapped + behind, pages * kPage - behind, 9, behind, "memory behind what was unmapped");
    expect_gone(mapped + first * kPage, "the first page that was unmapped");
    expect_gone(mapped + behind - kPage, "the last page that was unmapped");
    // The same place again is new.
    void* const again = mmap(mapped + first * kPage,
                             count * kPage,
                             PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
                             -1,
                             0);
    need(again == mapped + first * kPage, "mmap");
    expect_zero(again, count * kPage, "memory that was mapped again");
    need(munmap(mapped, pages * kPage) == 0, "munmap");
}

static void write_to(void* argument) { *(unsigned char volatile*)argument = 1; }

static void call(void* argument)
{
    void (*function)(void);
    memcpy(&function, &argument, sizeof function);
    function();
}

static void expect_fault(void (*access)(void*), void* address, int is_fault, char const* what)
{
    int const status = in_child(access, address);
    int const was_fault = WIFSIGNALED(status) && WTERMSIG(status) == SIGSEGV;
    if (was_fault != is_fault) broken("%s: %s", what, is_fault ? "no fault" : "a fault");
}

// Rights are what mprotect() says.
void check_protection(struct dice* dice)
{
    unsigned char* const page = map_pages(1);
    page[0] = 0xc3;  // ret
    for (unsigned rounds = 2 + roll(dice, 3); rounds > 0; --rounds) {
        static int const kRights[] = {
            PROT_NONE, PROT_READ, PROT_READ | PROT_WRITE, PROT_READ | PROT_EXEC};
        uint32_t const choice = roll(dice, 4);
        need(mprotect(page, kPage, kRights[choice]) == 0, "mprotect");
        expect_fault(touch, page, choice == 0, "reading");
        expect_fault(call, page, choice != 3, "executing");
        need(mprotect(page, kPage, kRights[choice]) == 0, "mprotect");
        expect_fault(write_to, page + 1, choice != 2, "writing");
    }
    need(munmap(page, kPage) == 0, "munmap");
}

// The heap grows and shrinks without touching what is mapped around it.
void check_break(struct dice* dice)
{
    unsigned char* const start = (unsigned char*)syscall(SYS_brk, 0);
    // Below everything else of the program, so that regions are counted anew.
    size_t const low_pages = 1 + roll(dice, 4);
    unsigned char* const low = mmap((void*)(uintptr_t)(0x100000 + kPage * 64 * roll(dice, 8)),
                                    low_pages * kPage,
                                    PROT_READ | PROT_WRITE,
                                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED,
                                    -1,
                                    0);
    need(low != MAP_FAILED, "mmap");
    fill(low, low_pages * kPage, 40, 0);
    size_t const grown = 1 + roll(dice, 6 * kPage);
    need((unsigned char*)syscall(SYS_brk, start + grown) == start + grown, "brk");
    expect_zero(start, grown, "new heap");
    fill(start, grown, 41, 0);
    expect_pattern(low, low_pages * kPage, 40, 0, "memory below the heap");
    size_t const kept = roll(dice, (uint32_t)grown);
    need((unsigned char*)syscall(SYS_brk, start + kept) == start + kept, "brk");
    expect_pattern(start, kept, 41, 0, "the heap that is left");
    need((unsigned char*)syscall(SYS_brk, start + grown) == start + grown, "brk");
    expect_pattern(start, kept, 41, 0, "the heap that was left");
    size_t const whole = ((size_t)(start + kept) + kPage - 1) / kPage * kPage - (size_t)start;
    if (whole < grown) expect_zero(start + whole, grown - whole, "heap that came back");
    expect_pattern(low, low_pages * kPage, 40, 0, "memory below the heap");
    need((unsigned char*)syscall(SYS_brk, start) == start, "brk");
    need(munmap(low, low_pages * kPage) == 0, "munmap");
}
