#pragma once

// Counts what happens while a benchmark is timed. The suite marks that part for whoever watches its
// system calls: it names its process before (prctl(2), PR_SET_NAME) and asks for the name
// after (PR_GET_NAME).

#include "sim/event_observer.h"

#include <map>
#include <vector>

namespace drydock::sim {

enum class TemplateDecision : u8 { None, Miss, Stale, Hit };

// One exec and what its program faulted in until its process ended or ran exec again.
struct ExecFigures {
    u32 pid = 0;
    TemplateDecision decision = TemplateDecision::None;  // About the program's own file.
    u64 pages_loaded = 0;                                // Into the page cache, by its faults.
    u64 pages_mapped = 0;                                // That were in the cache when it faulted.
    u64 pages_zeroed = 0;
    u64 avoidable_faults = 0;
};

struct RegionFigures {
    u64 system_calls = 0;
    u64 forks = 0;
    u64 execs = 0;
    u64 demand_faults = 0;       // Of every process.
    u64 exec_demand_faults = 0;  // Of those that ran exec in this region.
    u64 avoidable_faults = 0;
    u64 cache_inserts = 0;
    // What a count of instructions hides: a TLB that is empty afterwards, memory that is cold.
    u64 faults = 0;  // Of every kind.
    u64 root_loads = 0;
    u64 page_flushes = 0, whole_flushes = 0;
    u64 pages_zeroed = 0, pages_copied = 0;
    u64 template_hits = 0, template_misses = 0, template_stale = 0;
    std::vector<ExecFigures> first_execs{};  // The first kKeptExecs.
    u64 peak_stack_bytes = 0;  // Not a function of the run's inputs alone, but of the build too.
    u32 peak_stack_doing = 0;  // What used it: a system call, or kDoing....
};

// Enough for the page cache to fill: afterwards every iteration is like the one before.
inline constexpr usize kKeptExecs = 12;

class RegionMeter final : public EventObserver {
public:
    // The figures since the last mark of a start; empty if there was none since the last call.
    RegionFigures take();

    void saw(TraceRecord const& record) override;
    void saw_depth(u32 what, u64 bytes) override;
    void saw_root_load() override;

private:
    void begin();
    void count(TraceRecord const& record);
    void count_memory(TraceRecord const& record);
    void count_exec(u32 pid);
    void count_fault(TraceRecord const& record);
    void note_decision(u32 pid, TemplateDecision decision);
    ExecFigures* exec_of(u32 pid);

    bool is_open_ = false;
    RegionFigures figures_{};
    // Processes that ran exec in this region, each with the number of its last one.
    std::map<u32, u64> started_{};
    // What processes that are in an exec decided for the first file of it.
    std::map<u32, TemplateDecision> decisions_{};
};

}  // namespace drydock::sim
