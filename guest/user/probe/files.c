// Files and mappings of files: each byte is what was last written there.
#include "probe.h"

#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { kLargest = 6 * kPage };

static unsigned char expected[kLargest];
static unsigned char buffer[kLargest];

static void expect_file(int file, size_t size, char const* what)
{
    struct stat status;
    need(fstat(file, &status) == 0, "fstat");
    if ((size_t)status.st_size != size)
        broken("%s: size %zu, not %zu", what, (size_t)status.st_size, size);
    memset(buffer, 0xee, sizeof buffer);
    ssize_t const got = pread(file, buffer, sizeof buffer, 0);
    if (got != (ssize_t)size) broken("%s: read %zd of %zu", what, got, size);
    for (size_t i = 0; i < size; ++i) {
        if (buffer[i] != expected[i])
            broken("%s: byte %zu is %u, not %u", what, i, buffer[i], expected[i]);
    }
}

// Any sequence of writes, truncations and reads against a model.
void check_files(struct dice* dice)
{
    int const file = scratch_file();
    size_t size = 0;
    memset(expected, 0, sizeof expected);
    for (unsigned left = 2 + roll(dice, 10); left > 0; --left) {
        if (roll(dice, 3) == 0) {
            size_t const target = roll(dice, kLargest);
            need(ftruncate(file, (off_t)target) == 0, "ftruncate");
            if (target < size) memset(expected + target, 0, size - target);
            size = target;
        } else {
            size_t const at = roll(dice, kLargest - 1);
            size_t const count = 1 + roll(dice, (uint32_t)(kLargest - at));
            fill(expected + at, count, roll(dice, 250), at);
            need(pwrite(file, expected + at, count, (off_t)at) == (ssize_t)count, "pwrite");
            if (at + count > size) size = at + count;
        }
        expect_file(file, size, "a file");
    }
    close(file);
}

struct mapped {
    unsigned char* start;
    size_t size;
};

static void write_in_child(void* argument)
{
    struct mapped const* const mapped = argument;
    fill(mapped->start, mapped->size, 77, 0);
}

// What is written to a private mapping reaches neither file nor parent; to a shared one, both.
void check_mapped_file(struct dice* dice)
{
    int const file = scratch_file();
    size_t const size = 1 + roll(dice, kLargest - 1);
    memset(expected, 0, sizeof expected);
    fill(expected, size, 11, 0);
    need(pwrite(file, expected, size, 0) == (ssize_t)size, "pwrite");
    int const is_shared = (int)roll(dice, 2);
    int const flags = is_shared ? MAP_SHARED : MAP_PRIVATE;
    size_t const whole = (size + kPage - 1) / kPage * kPage;
    unsigned char* const start = mmap(NULL, whole, PROT_READ | PROT_WRITE, flags, file, 0);
    need(start != MAP_FAILED, "mmap");
    if (roll(dice, 2) == 0) {
        expect_pattern(start, size, 11, 0, "a mapping of a file");
        expect_zero(start + size, whole - size, "a mapping behind the end of its file");
    }
    size_t const at = roll(dice, (uint32_t)size);
    struct mapped part = {start + at, 1 + roll(dice, (uint32_t)(size - at))};
    check_in_child(write_in_child, &part, "mapping");
    if (is_shared) fill(expected + at, part.size, 77, 0);
    expect_file(file, size, "a file that is mapped");
    for (size_t i = 0; i < size; ++i) {
        if (start[i] != expected[i])
            broken("a mapping: byte %zu is %u, not %u", i, start[i], expected[i]);
    }
    fill(start, size, 99, 0);
    expect_zero(start + size, whole - size, "a mapping behind the end of its file");
    if (is_shared) fill(expected, size, 99, 0);
    expect_file(file, size, "a file whose mapping was written");
    need(munmap(start, whole) == 0, "munmap");
    expect_file(file, size, "a file that was mapped");
    close(file);
}
