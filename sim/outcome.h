#pragma once

// How a run ended, and what the oracles found.

#include "core/base/integers.h"

#include <array>
#include <map>
#include <string>
#include <vector>

namespace drydock::sim {

enum class OutcomeKind : u8 {
    Running,
    Exited,  // The first process ended; exit_status says how.
    StackOverflow,
    KernelCrash,
    KernelLoop,
    AssertionFailed,
    KernelFailed,  // The kernel gave up and said why.
    NoProgress,
    StaleTranslation,
    WrongTables,
    FramesLeaked,
    WrongReferences,
    AvoidableFaults,
    TimeLimit,
    Stopped,          // Left off by whoever drove it.
    SimulatorFailed,  // A trace that cannot be written, a host without memory.
};

// "exited", "kernel stack overflow", ...
char const* outcome_name(OutcomeKind kind);

inline constexpr int kOracleStatus = 125;

// The summary of a run in which everything waits for something else (OutcomeKind::NoProgress).
inline constexpr char const* kEveryThreadBlocked =
    "no progress: every thread is blocked and nothing can wake one";

struct Outcome {
    OutcomeKind kind = OutcomeKind::Running;
    int exit_status = kOracleStatus;
    // One line that says what happened, and a report of several (may be empty).
    std::string summary{};
    std::string report{};
};

struct AvoidableFaultRecord {
    u64 address = 0;
    u64 file = 0;
    u64 page = 0;
    u64 time_ns = 0;
    u32 pid = 0;
    u64 insert_generation = 0;    // Of the insert that the template missed; 0 if unknown.
    u64 template_generation = 0;  // At which the file's template was built.
    u64 template_age_ns = 0;
};

struct InvalidOpcodeRecord {
    u64 rip = 0;
    u32 pid = 0;
    std::string text{};
    u64 count = 0;
};

struct FrameFigures {
    u64 total = 0, free = 0, cached = 0, live = 0, leaked = 0;
    u64 wrong_references = 0;
    u64 heap_objects = 0;  // Alive on the kernel's heap.
};

// What a run counted. Everything here but the stack depths is a function of the run's inputs.
struct RunFigures {
    std::string trace_hash{};
    u64 events = 0;
    u64 processes = 0;
    u64 system_calls = 0;
    u64 user_instructions = 0;
    u64 virtual_ns = 0;
    u64 demand_faults = 0;
    u64 faults = 0;
    u64 avoidable_faults = 0;
    u64 template_hits = 0, template_misses = 0, template_stale = 0;
    u64 cache_inserts = 0;
    u64 cached_pages = 0;
    u64 switches = 0;
    u64 root_loads = 0, page_flushes = 0, full_flushes = 0;
    FrameFigures frames{};
    std::map<std::string, u64> calls{};
    std::map<std::string, u64> unknown_calls{};
    std::vector<AvoidableFaultRecord> avoidable{};
    std::vector<InvalidOpcodeRecord> invalid_opcodes{};
    // Depth of kernel stacks, not part of the trace.
    u64 peak_stack_bytes = 0;
    std::string peak_stack_call{};
    std::map<std::string, u64> stack_by_call{};
};

}  // namespace drydock::sim
