#pragma once

// Counts what happens while a benchmark is timed. The suite marks that part for whoever watches its
// system calls: it names its process before (prctl(2), PR_SET_NAME) and asks for the name
// after (PR_GET_NAME).

#include "sim/event_observer.h"

#include <set>

namespace drydock::sim {

struct RegionFigures {
    u64 system_calls = 0;
    u64 forks = 0;
    u64 execs = 0;
    u64 demand_faults = 0;       // Of every process.
    u64 exec_demand_faults = 0;  // Of those that ran exec in this region.
    u64 avoidable_faults = 0;
    u64 cache_inserts = 0;
    u64 template_hits = 0, template_misses = 0, template_stale = 0;
    u64 peak_stack_bytes = 0;  // Not a function of the run's inputs alone, but of the build too.
    u32 peak_stack_doing = 0;  // What used it: a system call, or kDoing....
};

class RegionMeter final : public EventObserver {
public:
    // The figures since the last mark of a start; empty if there was none since the last call.
    RegionFigures take();

    void saw(TraceRecord const& record) override;
    void saw_depth(u32 what, u64 bytes) override;

private:
    void begin();
    void count(TraceRecord const& record);
    void count_fault(TraceRecord const& record);

    bool is_open_ = false;
    RegionFigures figures_{};
    std::set<u32> started_{};  // Processes that ran exec.
};

}  // namespace drydock::sim
