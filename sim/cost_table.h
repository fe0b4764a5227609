#pragma once

// What the kernel's work costs in virtual time. The kernel itself runs natively and uncounted, so
// its events carry its time. A table has a name, which the trace records.

#include "core/platform/event.h"

#include <string>
#include <string_view>

namespace drydock::sim {

// All in picoseconds.
struct CostTable {
    static constexpr usize kCalls = 512;

    char const* name = "";
    u64 instruction = 0;
    u64 repetition = 0;  // Each repetition of a string instruction.
    u64 event[kEventKindCount] = {};
    u64 call[kCalls] = {};  // By system call, on top of event[SyscallEnter] and its other events.
    u64 fault[8] = {};      // By FaultOutcome, in place of event[Fault].
    u64 page_copied = 0;
    u64 page_zeroed = 0;
    u64 table_entry = 0;  // Of TableEntries.
    u64 byte_copied = 0;
    u64 page_replayed = 0;    // From a template.
    u64 page_prefaulted = 0;  // From the page cache.
    u64 fork_entry = 0;
    u64 path_component = 0;
    u64 process_collected = 0;
    u64 flush_page = 0;  // No events: what the kernel asks the platform for.
    u64 flush_everything = 0;
};

// What a system call takes beyond event[SyscallEnter], for lists of them.
struct CallCost {
    u16 number;
    u32 nanoseconds;
};

// The published figures of the reference kernel under KVM.
CostTable const& reference_kvm_costs();
// What this kernel takes on the image, in instructions of QEMU's counter.
CostTable const& image_icount_costs();
// For the comparison with the image, whose processor has a time of its own: only system calls and
// faults take time, kEventClockStepNs each, on both sides (guest/options.h, drydock.clock).
CostTable const& event_clock_costs();
inline constexpr u64 kEventClockStepNs = 1000;

// The table of that name; null if there is none.
CostTable const* find_costs(std::string_view name);
// For messages: all names.
std::string cost_table_names();

// Where the event's numbers or kind matter.
u64 detailed_cost_of(CostTable const& table, Event const& event);

inline u64 cost_of(CostTable const& table, Event const& event)
{
    static_assert(static_cast<u8>(EventKind::SyscallEnter) == 0);
    if (event.kind == EventKind::SyscallExit) return table.event[1];
    if (event.kind != EventKind::SyscallEnter) return detailed_cost_of(table, event);
    return table.event[0] + (event.a < CostTable::kCalls ? table.call[event.a] : 0);
}

}  // namespace drydock::sim
