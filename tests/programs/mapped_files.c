// Mappings of files: private and shared, beyond the end, cut short while mapped, and from two processes.
#include "support.h"

#include <setjmp.h>

enum { kPage = 4096 };

static char directory[] = "/tmp/mapped.XXXXXX";
static sigjmp_buf escape;
static volatile int fault_signal, fault_code;

static void on_fault(int number, siginfo_t* info, void* context)
{
    (void)context;
    fault_signal = number;
    fault_code = info->si_code;
    siglongjmp(escape, 1);
}

static const char* touch(volatile char* address, char how)
{
    static char text[4][40];
    static int turn;
    char* out = text[turn++ & 3];
    fault_signal = 0;
    if (sigsetjmp(escape, 1) == 0) {
        if (how == 'w') *address = 'w';
        else (void)*address;
    }
    if (fault_signal == 0) return "ok";
    snprintf(out, sizeof text[0], "signal %d code %d", fault_signal, fault_code);
    return out;
}

static int make_file(const char* name, size_t size)
{
    int const file = open(name, O_RDWR | O_CREAT | O_TRUNC, 0644);
    CHECK(file >= 0);
    char* bytes = malloc(size + 1);
    for (size_t i = 0; i < size; ++i) bytes[i] = (char)('a' + i / 1000 % 26);
    CHECK(write(file, bytes, size) == (ssize_t)size);
    free(bytes);
    return file;
}

static char* map(int file, size_t pages, int rights, int type, off_t offset)
{
    char* at = mmap(NULL, pages * kPage, rights, type, file, offset);
    CHECK(at != MAP_FAILED);
    return at;
}

static void show_map(const char* what, void* result)
{
    printf("%s: %s\n", what, result == MAP_FAILED ? error_name(errno) : "mapped");
}

static void refusals(void)
{
    int const file = make_file("f", 100);
    int const reader = open("f", O_RDONLY), writer = open("f", O_WRONLY), path = open("f", O_PATH);
    int const folder = open(".", O_RDONLY);
    int ends[2];
    CHECK(pipe(ends) == 0);
    show_map("write-only, private", mmap(NULL, kPage, PROT_READ, MAP_PRIVATE, writer, 0));
    show_map("write-only, shared", mmap(NULL, kPage, PROT_WRITE, MAP_SHARED, writer, 0));
    show_map("read-only, shared write", mmap(NULL, kPage, PROT_READ | PROT_WRITE, MAP_SHARED, reader, 0));
    show_map("read-only, private write", mmap(NULL, kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE, reader, 0));
    char* shared = mmap(NULL, kPage, PROT_READ, MAP_SHARED, reader, 0);
    printf("made writable: %d %s\n", mprotect(shared, kPage, PROT_READ | PROT_WRITE), error_name(errno));
    show_map("O_PATH", mmap(NULL, kPage, PROT_READ, MAP_PRIVATE, path, 0));
    show_map("directory", mmap(NULL, kPage, PROT_READ, MAP_PRIVATE, folder, 0));
    show_map("pipe", mmap(NULL, kPage, PROT_READ, MAP_PRIVATE, ends[0], 0));
    show_map("bad type", mmap(NULL, kPage, PROT_READ, 0, file, 0));
    show_map("validated", mmap(NULL, kPage, PROT_READ, MAP_SHARED_VALIDATE, file, 0));
    show_map("validated, unknown", mmap(NULL, kPage, PROT_READ, MAP_SHARED_VALIDATE | 0x8000000, file, 0));
    show_map("offset far", mmap(NULL, kPage, PROT_READ, MAP_SHARED, file, (off_t)1 << 40));
    show_map("offset overflows", mmap(NULL, 2 * kPage, PROT_READ, MAP_SHARED, file, 0x7ffffffffffff000));
    int const null = open("/dev/null", O_RDWR), zero = open("/dev/zero", O_RDWR);
    show_map("/dev/null", mmap(NULL, kPage, PROT_READ, MAP_PRIVATE, null, 0));
    char* zeros = mmap(NULL, kPage, PROT_READ | PROT_WRITE, MAP_PRIVATE, zero, 0);
    printf("zeros: %s %s %d\n", touch(zeros, 'r'), touch(zeros, 'w'), zeros[1]);
}

static void beyond_the_end(void)
{
    int const file = make_file("g", 5000);
    char* at = map(file, 4, PROT_READ | PROT_WRITE, MAP_SHARED, 0);
    printf("last byte %c, behind it %d\n", at[4999], at[5000]);
    printf("page 1 %s, page 2 %s %s\n", touch(at + kPage, 'r'), touch(at + 2 * kPage, 'r'), touch(at + 2 * kPage, 'w'));
    at[6000] = 'x';  // Behind the end: does not become part of the file.
    CHECK(ftruncate(file, 9000) == 0);
    char byte = '?';
    CHECK(pread(file, &byte, 1, 6000) == 1);
    printf("grown: %d, page 2 %s\n", byte, touch(at + 2 * kPage, 'w'));
    CHECK(pread(file, &byte, 1, 2 * kPage) == 1);
    printf("read back %c\n", byte);
    CHECK(ftruncate(file, 100) == 0);
    printf("cut: page 0 %s, page 1 %s, byte 99 %c, byte 100 %d\n", touch(at, 'r'), touch(at + kPage, 'r'), at[99], at[100]);
    // The kernel's copies see the same.
    int ends[2];
    CHECK(pipe(ends) == 0);
    ssize_t sent = write(ends[1], at + kPage, 10);
    printf("write from there: %zd %s\n", sent, error_name(errno));
    sent = write(ends[1], at + kPage - 10, 20);
    printf("write across: %zd %s\n", sent, error_name(errno));
    int const other = open("g2", O_RDWR | O_CREAT | O_EXCL, 0600);
    sent = write(other, at + kPage - 10, 20);
    printf("to a file: %zd\n", sent);
    unlink("g2");
    close(other);
    CHECK(ftruncate(file, 0) == 0);
    printf("empty: %s\n", touch(at, 'r'));
    CHECK(ftruncate(file, kPage) == 0);
    printf("again: %s %d\n", touch(at, 'r'), at[0]);
    munmap(at, 4 * kPage);
    close(file);
}

static void private_copies(void)
{
    int const file = make_file("h", 3 * kPage);
    char* at = map(file, 3, PROT_READ | PROT_WRITE, MAP_PRIVATE, 0);
    at[0] = 'P';
    char byte;
    CHECK(pread(file, &byte, 1, 0) == 1);
    printf("file %c, memory %c\n", byte, at[0]);
    CHECK(pwrite(file, "QR", 2, 0) == 2);
    printf("memory after write: %c%c\n", at[0], at[1]);
    (void)touch(at + kPage, 'r');
    CHECK(pwrite(file, "S", 1, kPage) == 1);
    printf("unwritten page follows: %c\n", at[kPage]);
    CHECK(madvise(at, kPage, MADV_DONTNEED) == 0);
    printf("after dontneed: %c%c\n", at[0], at[1]);
    // Into a private page by the kernel.
    CHECK(pread(file, at + kPage, 5, 0) == 5);
    CHECK(pread(file, &byte, 1, kPage) == 1);
    printf("read into: memory %c, file %c\n", at[kPage], byte);
    // A read into the very pages of the file, shared.
    char* shared = map(file, 3, PROT_READ | PROT_WRITE, MAP_SHARED, 0);
    CHECK(pread(file, shared + 2 * kPage, kPage, 0) == kPage);
    CHECK(pread(file, &byte, 1, 2 * kPage) == 1);
    printf("read into itself: %c\n", byte);
    CHECK(pwrite(file, shared, kPage, kPage) == kPage);
    printf("written from itself: %c\n", shared[kPage]);
    CHECK(ftruncate(file, kPage) == 0);
    printf("private, cut: %s\n", touch(at + kPage, 'r'));
    munmap(at, 3 * kPage);
    munmap(shared, 3 * kPage);
    close(file);
}

static void two_processes(void)
{
    int const file = make_file("k", 2 * kPage);
    char* at = map(file, 2, PROT_READ | PROT_WRITE, MAP_SHARED, 0);
    fflush(stdout);
    pid_t const child = fork();
    if (child == 0) {
        int const own = open("k", O_RDWR);
        char* mine = map(own, 1, PROT_READ | PROT_WRITE, MAP_SHARED, kPage);
        mine[3] = 'C';
        at[4] = 'D';
        CHECK(pwrite(own, "E", 1, 5) == 1);
        munmap(mine, kPage);
        _exit(0);
    }
    int status;
    CHECK(waitpid(child, &status, 0) == child);
    char text[8] = {0};
    CHECK(pread(file, text, 1, kPage + 3) == 1);
    printf("child's: %c %c %c %s\n", at[kPage + 3], at[4], at[5], text);
    CHECK(unlink("k") == 0);
    close(file);
    at[0] = 'Z';
    printf("without a name: %c\n", at[0]);
    munmap(at, 2 * kPage);
    // Split and merged again: every piece keeps its part of the file.
    int const other = make_file("m", 8 * kPage);
    for (int i = 0; i < 8; ++i) {
        char const digit = (char)('0' + i);
        CHECK(pwrite(other, &digit, 1, i * kPage) == 1);
    }
    char* pieces = map(other, 6, PROT_READ, MAP_PRIVATE, 2 * kPage);
    CHECK(mprotect(pieces + kPage, kPage, PROT_READ | PROT_WRITE) == 0);
    CHECK(munmap(pieces + 3 * kPage, kPage) == 0);
    CHECK(mprotect(pieces, 3 * kPage, PROT_READ) == 0);
    printf("pieces %c%c%c%c%c\n", pieces[0], pieces[kPage], pieces[2 * kPage], pieces[4 * kPage], pieces[5 * kPage]);
    char* moved = mremap(pieces + 4 * kPage, kPage, 3 * kPage, MREMAP_MAYMOVE);
    CHECK(moved != MAP_FAILED);
    printf("moved %c%c, beyond %s\n", moved[0], moved[kPage], touch(moved + 2 * kPage, 'r'));
    close(other);
}

int main(void)
{
    struct sigaction action = {0};
    action.sa_sigaction = on_fault;
    action.sa_flags = SA_SIGINFO;
    sigaction(SIGSEGV, &action, NULL);
    sigaction(SIGBUS, &action, NULL);
    mkdir("/tmp", 01777);
    CHECK(mkdtemp(directory) != NULL && chdir(directory) == 0);
    refusals();
    beyond_the_end();
    private_copies();
    two_processes();
    char const* const names[] = {"f", "g", "h", "k", "m"};
    for (int i = 0; i < 5; ++i) unlink(names[i]);
    chdir("/");
    int const removed = rmdir(directory);
    printf("removed: %d\n", removed);
    return 0;
}
