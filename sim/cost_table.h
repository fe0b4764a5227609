#pragma once

// What the kernel's work costs in virtual time. The kernel itself runs natively and uncounted, so
// its events carry its time. A table has a name, which the trace records.

#include "core/platform/event.h"

namespace drydock::sim {

// All in picoseconds.
struct CostTable {
    char const* name = "";
    u64 instruction = 0;
    u64 repetition = 0;  // Each repetition of a string instruction.
    u64 event[kEventKindCount] = {};
    u64 fault[8] = {};  // By FaultOutcome, in place of event[Fault].
    u64 page_copied = 0;
    u64 page_zeroed = 0;
    u64 table_entry = 0;
    u64 byte_copied = 0;
    u64 page_prefaulted = 0;  // On top of its table entry.
    u64 fork_entry = 0;       // On top of its table entry.
    u64 path_component = 0;
    u64 process_collected = 0;
    u64 flush_everything = 0;
};

// The published figures of the reference kernel under KVM.
CostTable const& reference_kvm_costs();
// For the comparison with the image, whose processor has a time of its own: only system calls and
// faults take time, kEventClockStepNs each, on both sides (guest/options.h, drydock.clock).
CostTable const& event_clock_costs();
inline constexpr u64 kEventClockStepNs = 1000;

// Where the event's numbers or kind matter.
u64 detailed_cost_of(CostTable const& table, Event const& event);

inline u64 cost_of(CostTable const& table, Event const& event)
{
    static_assert(static_cast<u8>(EventKind::SyscallExit) == 1);
    if (event.kind <= EventKind::SyscallExit) return table.event[static_cast<usize>(event.kind)];
    return detailed_cost_of(table, event);
}

}  // namespace drydock::sim
