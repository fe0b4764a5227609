// Checks of what holds on Linux, each with parameters that its seed decides. They print nothing
// unless something does not hold.
#pragma once

#define _GNU_SOURCE
#include <stddef.h>
#include <stdint.h>

enum { kPage = 4096 };

// The same numbers on every machine (xorshift64*).
struct dice {
    uint64_t state;
};
uint32_t roll(struct dice* dice, uint32_t bound);  // 0 to bound - 1.

// Ends the process with status 1 after one line that names the check and what did not hold.
_Noreturn void broken(char const* format, ...) __attribute__((format(printf, 1, 2)));
// For what must work before anything can be checked.
void need(int is_done, char const* what);

// A byte for each place of a pattern.
unsigned char pattern(uint32_t seed, size_t place);
void fill(unsigned char* target, size_t size, uint32_t seed, size_t from);
void expect_pattern(
    unsigned char const* bytes, size_t size, uint32_t seed, size_t from, char const* what);
void expect_zero(unsigned char const* bytes, size_t size, char const* what);

// Forks; the child runs `work` and ends with status 0. Its status as wait gives it.
int in_child(void (*work)(void*), void* argument);
// The same, and complains unless the child ended well.
void check_in_child(void (*work)(void*), void* argument, char const* what);

// A new file without a name, open for reading and writing.
int scratch_file(void);

void check_blank(struct dice* dice);
void check_break(struct dice* dice);
void check_copies(struct dice* dice);
void check_exec(struct dice* dice);
void check_fifo(struct dice* dice);
void check_files(struct dice* dice);
void check_kernel_copies(struct dice* dice);
void check_mapped_file(struct dice* dice);
void check_pipe(struct dice* dice);
void check_poll(struct dice* dice);
void check_programs(struct dice* dice);
void check_protection(struct dice* dice);
void check_signals(struct dice* dice);
void check_sockets(struct dice* dice);
void check_stop(struct dice* dice);
void check_timers(struct dice* dice);
void check_unmapping(struct dice* dice);

// Right after exec: data as the file has them, zeros elsewhere.
void expect_fresh_data(void);
// What check_exec() starts this program for, with what it expects.
int run_after_exec(char** arguments);
