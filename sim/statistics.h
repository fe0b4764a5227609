#pragma once

// Counts what the events of a run say; the figures of the report.

#include "core/platform/event.h"
#include "sim/outcome.h"

#include <map>
#include <unordered_map>
#include <vector>

namespace drydock::sim {

class Statistics {
public:
    void count(Event const& event, u32 pid, u64 time_ns)
    {
        ++by_kind_[static_cast<usize>(event.kind)];
        if (event.kind == EventKind::SyscallEnter) {
            ++calls_[event.a < kCalls ? event.a : kCalls];
        } else if (kIsDetailed[static_cast<usize>(event.kind)]) {
            count_detail(event, pid, time_ns);
        }
    }

    // The deepest use of a kernel stack while it was doing `what` (a system call, or kDoing...).
    void saw_depth(u32 what, u64 bytes)
    {
        u64& deepest = depth_[what < kCalls ? what : kCalls + (0xffff'ffff - what) % 8];
        if (bytes > deepest) deepest = bytes;
    }
    void saw_invalid_opcode(u32 pid, u64 rip, std::string text);
    // Whether this one is new: at most 16 different ones are kept.
    bool is_known_invalid_opcode(u32 pid, u64 rip);

    u64 events_of(EventKind kind) const { return by_kind_[static_cast<usize>(kind)]; }
    // Fills in what was counted.
    void fill(RunFigures& figures) const;

private:
    static constexpr usize kCalls = 512;
    static constexpr bool kIsDetailed[kEventKindCount] = {
        false, false, true,         // SyscallEnter, SyscallExit, UnknownSyscall
        true,  true,  true,         // Fault, AvoidableFault, CacheInsert
        false, false, false, true,  // TemplateHit, TemplateMiss, TemplateStale, TemplateBuilt
        false, false, true,         // Prefault, Exec, Fork
        false, false, false, false, false, false, false, false, false, false, false, false, false,
    };
    struct Built {
        u64 generation = 0;
        u64 time_ns = 0;
    };

    void count_detail(Event const& event, u32 pid, u64 time_ns);
    void count_avoidable(Event const& event, u32 pid, u64 time_ns);

    u64 by_kind_[kEventKindCount] = {};
    u64 calls_[kCalls + 1] = {};
    u64 faults_by_outcome_[8] = {};
    u64 forked_processes_ = 0;
    u64 depth_[kCalls + 8] = {};
    std::map<u64, u64> unknown_;                                     // In the order of numbers.
    std::unordered_map<u64, Built> templates_;                       // By file.
    std::unordered_map<u64, std::unordered_map<u64, u64>> inserts_;  // File, page: generation.
    std::vector<AvoidableFaultRecord> avoidable_;
    std::vector<InvalidOpcodeRecord> invalid_opcodes_;
};

// "read", or "call 999"; "page fault" and so on for what is no system call.
std::string name_of_call(u64 number);
std::string name_of_activity(u32 what);

}  // namespace drydock::sim
