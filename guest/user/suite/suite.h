// The benchmark suite: one static program that runs on Linux, in the simulator and on the image.
// A benchmark prepares what it needs, times its iterations between start() and stop(), and tidies
// up. What fails says so with fail(); a benchmark that failed prints no time.
#pragma once

#define _GNU_SOURCE
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// One run of one benchmark.
struct run {
    char const* name;
    unsigned iterations;
    // Set by start() and stop(): nanoseconds of CLOCK_MONOTONIC.
    uint64_t started_ns;
    uint64_t total_ns;
    bool is_timed;
    // Empty, or why the benchmark cannot run, in one line.
    char reason[96];
};

struct benchmark {
    char const* name;
    unsigned full;   // Iterations.
    unsigned quick;  // Iterations with --quick.
    void (*run)(struct run* run);
};

// In the suite's own order.
extern struct benchmark const benchmarks[];
extern size_t const benchmark_count;

// The timed part lies between the two. Outside the clock readings they set and read the name of the
// process (prctl(2)), so that whoever watches the system calls sees which part is timed.
void start(struct run* run);
void stop(struct run* run);

// "WHAT: ERRNO" becomes the reason; the first one stands.
void fail(struct run* run, char const* what);
// For what no errno describes.
void fail_because(struct run* run, char const* reason);
bool has_failed(struct run const* run);

// open(2) with O_CLOEXEC, in mode 0600; fails the run.
int open_file(struct run* run, char const* path, int flags);

// The suite's own folder under /tmp.
bool make_scratch(char const** reason);
void remove_scratch(void);
// The path of a name in it; the pointer is good until the sixth call after this one.
char const* scratch(char const* name);
bool write_scratch(struct run* run, char const* name, char const* content, size_t size);

// Decimal digits of `value` at `target`; where they end. At most 20.
char* put_number(char* target, uint64_t value);
char* put_text(char* target, char const* text);
