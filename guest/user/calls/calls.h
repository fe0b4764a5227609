// Runs lists of system calls, written as text. One line is one call of one actor:
//
//     0: v1 = openat -100 "a" 0x42 0644      actor 0 opens a file, and the result goes to variable
//     1 0: write v1 {s"hello"} 5 0: fork 1 17 m0 m0                     actor 1 begins: a process,
//     or a thread if the flags say so 1: exit_group 3 0: join 1
//
// An actor makes its calls in the order of the lines, all of them after the line that began it.
// Text from # on is a comment. Arguments are
//
//     12, -1, 0x10, 0644    numbers
//     v0 to v31             variables; a forked process has its own
//     m3, m3+8, m3-8        places in 64 pages of memory, of which the first 16 are there at first
//     "text"                the address of a text, ended by a zero; \xHH is a byte
//     {...}                 the address of a block: b h w q and an argument (1, 2, 4, 8 bytes),
//     s"text" (without a
//                           zero), zN (N zeros), rN:BYTE (N times that byte); blocks and texts in
//                           blocks are addresses
//     h0, h1, hr            signal handlers: one that counts, one that makes a call too; the way
//     back from a handler
//
// The list is as robust as it can be: each line can be left out, and what cannot be done is
// skipped.
#pragma once

#include <stddef.h>
#include <stdint.h>

enum {
    kPage = 4096,
    kActors = 8,
    kVariables = 32,
    kMostLines = 512,
    kArenaPages = 64,
    kArenaMapped = 16,
    kRoomBytes = 64 * 1024,  // For each actor: blocks of the line below, its stack above.
    kLookBytes = 16,
};

#define ARENA ((unsigned char*)0x10000000)
#define ROOMS ((unsigned char*)0x20000000)

// A line that could not be read, or asks for what this program must not do.
enum { kSkipped = -9999 };

enum call_kind { kValue, kFd, kPid, kAddress, kId, kStatus };

struct call {
    char const* name;
    int number;
    enum call_kind kind;
};

// What became of a line. Shared by all actors and the supervisor.
enum line_state { kNotReached, kRunning, kDone };

struct outcome {
    int64_t result;
    enum line_state state;
    enum call_kind kind;
    uint32_t looked;  // Bytes, of which the first are kept.
    unsigned char bytes[kLookBytes];
    uint64_t hash;
};

struct shared {
    uint32_t began[kActors];
    int32_t pids[kActors];
    uint32_t ended[kActors];
    uint32_t signals[65];
    uint32_t faults;
    struct outcome lines[kMostLines];
};

struct line {
    char const* text;  // Behind the actor.
    unsigned actor;
};

struct list {
    struct line lines[kMostLines];
    unsigned count;
};

extern struct list list;
extern struct shared* shared;

// table.c: the table, found by name; null if there is none.
struct call const* find_call(char const* name, size_t length);

// read.c
struct reader {
    char const* at;
    unsigned char* room;  // Where the next block goes.
    unsigned char* room_end;
    uint64_t const* variables;
    int is_bad;
};
void read_list(char const* text);
void skip_spaces(struct reader* reader);
// The letters, digits and underscores that come next.
size_t word_length(char const* text);
// 0 and is_bad for what cannot be read.
uint64_t read_argument(struct reader* reader);
int is_at_end(struct reader* reader);

// raw.c: system calls as the kernel gives them.
long raw_call(long number, uint64_t const* arguments);
#define RAW(number, ...) raw_call(number, (uint64_t const[6]){__VA_ARGS__})
// clone(2); the new thread runs entry(argument) on a stack of its own if there is one, and else
// returns 0 here.
long raw_clone(uint64_t flags,
               void* stack,
               uint64_t parent_tid,
               uint64_t child_tid,
               uint64_t tls,
               void (*entry)(uint64_t),
               uint64_t argument);
long raw_clone3(void* arguments, size_t size, void (*entry)(uint64_t), uint64_t argument);
extern void handler_counts(int number);
extern void handler_calls(int number);
extern void handler_returns(void);

// actor.c
void run_actor(unsigned actor, unsigned first_line);

// report.c
void print_report(void);
