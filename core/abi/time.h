#pragma once

// Times and accounts as system calls on x86-64 pass them.

#include "core/base/integers.h"

namespace drydock {

struct Timespec {
    i64 seconds = 0;
    i64 nanoseconds = 0;
};
static_assert(sizeof(Timespec) == 16);

struct Timeval {
    i64 seconds = 0;
    i64 microseconds = 0;
};
static_assert(sizeof(Timeval) == 16);

struct Itimerspec {
    Timespec interval{};
    Timespec value{};
};
static_assert(sizeof(Itimerspec) == 32);

struct Itimerval {
    Timeval interval{};
    Timeval value{};
};
static_assert(sizeof(Itimerval) == 32);

// getrusage(2), wait4(2).
struct Rusage {
    Timeval user_time{};
    Timeval system_time{};
    i64 maximum_resident_kib = 0;
    i64 shared_memory = 0;
    i64 unshared_data = 0;
    i64 unshared_stack = 0;
    i64 minor_faults = 0;
    i64 major_faults = 0;
    i64 swaps = 0;
    i64 blocks_in = 0;
    i64 blocks_out = 0;
    i64 messages_sent = 0;
    i64 messages_received = 0;
    i64 signals = 0;
    i64 voluntary_switches = 0;
    i64 involuntary_switches = 0;
};
static_assert(sizeof(Rusage) == 144);

// times(2), in clock ticks of 1/100 s.
struct Tms {
    i64 user = 0;
    i64 system = 0;
    i64 children_user = 0;
    i64 children_system = 0;
};
static_assert(sizeof(Tms) == 32);

inline constexpr i64 kClockTicksPerSecond = 100;

}  // namespace drydock
