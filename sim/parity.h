#pragma once

// The same program in the simulator and on the image, event by event.
//
// Both run the same kernel code; what they give it must be the same: memory map, initramfs, date,
// entropy, option 0 of every choice, one CPU, no address-space tags, and a clock that only system
// calls and faults move (sim/cost_table.h, event_clock_costs). What is left for time to decide, and
// is not compared, is this and nothing else:
//
//   - the time of a record;
//   - the order of records of different processes: each process's own sequence is compared;
//   - switches and wake-ups: which of several threads had to wait, and for whom.
//
// In one case the clock is not the same: user code that runs for a long time without a call while a
// timer is armed is interrupted at another instruction on each side (guest/options.h,
// drydock.clock). What a program makes of that differs by right.
//
// Not compared because the modelled CPU is free there: flags that the manual leaves undefined, and
// the last bits of the x87's transcendental functions. Programs that print them differ by right.

#include "sim/trace_format.h"

#include <map>
#include <optional>

namespace drydock::sim {

// What one side did.
struct SideRun {
    char const* name = "";
    std::vector<TraceRecord> records{};  // With pid and tid filled in.
    std::string output{};
    std::string errors{};
    int status = 0;
};

constexpr bool is_decided_by_time(u32 kind)
{
    return kind == static_cast<u32>(EventKind::Switch) ||
           kind == static_cast<u32>(EventKind::Wake) || kind >= kEventKindCount;
}

// Positions in SideRun::records of what is compared, by process.
using ProcessSequences = std::map<u32, std::vector<usize>>;
ProcessSequences sequences_of(SideRun const& side);

struct EventDifference {
    u32 pid = 0;
    usize position = 0;  // In the process's sequence: everything before is equal.
};
// Of all processes' first differences the one that came first in the left run.
std::optional<EventDifference> find_difference(SideRun const& left,
                                               ProcessSequences const& left_sequences,
                                               SideRun const& right,
                                               ProcessSequences const& right_sequences);

// Text for people; empty if both did the same. `context`: events shown before a difference.
std::string describe_differences(SideRun const& left, SideRun const& right, usize context);
// "3 processes, 812 events (97 system calls, 120 faults, ...), exit status 0"
std::string summarize(SideRun const& side);

}  // namespace drydock::sim
