#include "sim/cost_table.h"

namespace drydock::sim {

namespace {

constexpr u64 kNanosecond = 1000;

constexpr usize index_of(EventKind kind) { return static_cast<usize>(kind); }
constexpr usize index_of(FaultOutcome outcome) { return static_cast<usize>(outcome); }

// "Published" below: the reference kernel's authors, under QEMU/KVM, 2026-03.
constexpr CostTable make_reference_kvm()
{
    CostTable table;
    table.name = "reference-kvm";
    table.instruction = 250;  // Four instructions a nanosecond.
    table.repetition = 62;    // A 16-byte step of a microcoded string operation per quarter cycle.

    // A null system call is about 62 ns (getpid, published), of which few are user instructions.
    table.event[index_of(EventKind::SyscallEnter)] = 40 * kNanosecond;
    table.event[index_of(EventKind::SyscallExit)] = 20 * kNanosecond;
    table.event[index_of(EventKind::UnknownSyscall)] = 0;

    // Published: a demand fault is 500 to 700 ns: exception 200, handler 300, return 200.
    table.fault[index_of(FaultOutcome::Zeroed)] = 500 * kNanosecond;
    table.fault[index_of(FaultOutcome::FileMapped)] = 500 * kNanosecond;
    table.fault[index_of(FaultOutcome::FileLoaded)] = 600 * kNanosecond;
    // Published: copy-on-write 1 500 ns with a copy (the copy is page_copied), 500 without.
    table.fault[index_of(FaultOutcome::Copied)] = 500 * kNanosecond;
    table.fault[index_of(FaultOutcome::Reused)] = 500 * kNanosecond;
    table.fault[index_of(FaultOutcome::Spurious)] = 400 * kNanosecond;
    table.fault[index_of(FaultOutcome::Signalled)] = 500 * kNanosecond;
    table.fault[index_of(FaultOutcome::NoMemory)] = 500 * kNanosecond;
    table.page_copied = 1000 * kNanosecond;
    table.page_zeroed = 100 * kNanosecond;

    // Published: template replay 1.5 us for about 285 pages, so 5.2 ns an entry; full prefault 11.8
    // us for as many, so 36.2 ns more.
    table.table_entry = 5200;
    table.page_prefaulted = 36200;
    table.event[index_of(EventKind::TemplateHit)] = 20 * kNanosecond;
    table.event[index_of(EventKind::TemplateMiss)] = 20 * kNanosecond;
    table.event[index_of(EventKind::TemplateStale)] = 20 * kNanosecond;

    // Published: exec's new address space 5.7 us, segments 1.2, stack 1.1.
    table.event[index_of(EventKind::Exec)] = 8000 * kNanosecond;
    // Published: the page-table part of fork 14.4 us for about 290 entries; fork, exit and wait
    // together 52.6 us. The rest is spread over what those do.
    table.fork_entry = 44 * kNanosecond;
    table.event[index_of(EventKind::Fork)] = 12000 * kNanosecond;
    table.event[index_of(EventKind::Exit)] = 8000 * kNanosecond;
    table.event[index_of(EventKind::Reap)] = 1000 * kNanosecond;
    table.process_collected = 5000 * kNanosecond;

    // From pipe_pingpong (1 891 ns for four calls, two wakes, two switches; published).
    table.event[index_of(EventKind::Switch)] = 500 * kNanosecond;
    table.event[index_of(EventKind::Wake)] = 200 * kNanosecond;
    // From signal_delivery (512 ns with handler and sigreturn; published).
    table.event[index_of(EventKind::Signal)] = 120 * kNanosecond;
    // From pipe: 4 096 bytes each way in 318 ns (published).
    table.byte_copied = 24;
    // From open_close (590 ns) and stat (263 ns; published).
    table.event[index_of(EventKind::OpenFile)] = 250 * kNanosecond;
    table.event[index_of(EventKind::PathLookup)] = 60 * kNanosecond;
    table.path_component = 90 * kNanosecond;
    // From mprotect (1 193 ns for two calls and a touched page; published).
    table.event[index_of(EventKind::TlbFlush)] = 150 * kNanosecond;
    table.flush_everything = 300 * kNanosecond;
    table.event[index_of(EventKind::CacheInsert)] = 50 * kNanosecond;
    table.event[index_of(EventKind::OutOfMemory)] = 100 * kNanosecond;
    return table;
}

constexpr CostTable make_event_clock()
{
    CostTable table;
    table.name = "event-clock";
    table.event[index_of(EventKind::SyscallEnter)] = kEventClockStepNs * kNanosecond;
    for (u64& cost : table.fault) cost = kEventClockStepNs * kNanosecond;
    return table;
}

constexpr CostTable kReferenceKvm = make_reference_kvm();
constexpr CostTable kEventClock = make_event_clock();

}  // namespace

CostTable const& reference_kvm_costs() { return kReferenceKvm; }
CostTable const& event_clock_costs() { return kEventClock; }

u64 detailed_cost_of(CostTable const& table, Event const& event)
{
    u64 const base = table.event[index_of(event.kind)];
    switch (event.kind) {
    case EventKind::Fault: return table.fault[event.c & 7];
    case EventKind::PageCopy: return event.a * table.page_copied;
    case EventKind::PageZero: return event.a * table.page_zeroed;
    case EventKind::TableEntries: return event.a * table.table_entry;
    case EventKind::UserCopy: return event.a * table.byte_copied;
    case EventKind::Prefault: return base + event.b * table.page_prefaulted;
    case EventKind::Fork: return base + event.c * table.fork_entry;
    case EventKind::PathLookup: return base + event.a * table.path_component;
    case EventKind::Collect: return event.a * table.process_collected;
    case EventKind::TlbFlush: return event.a == ~u64{0} ? table.flush_everything : base;
    case EventKind::SyscallEnter:
    case EventKind::SyscallExit:
    case EventKind::UnknownSyscall:
    case EventKind::AvoidableFault:
    case EventKind::CacheInsert:
    case EventKind::TemplateHit:
    case EventKind::TemplateMiss:
    case EventKind::TemplateStale:
    case EventKind::TemplateBuilt:
    case EventKind::Exec:
    case EventKind::Exit:
    case EventKind::Reap:
    case EventKind::Switch:
    case EventKind::Wake:
    case EventKind::Signal:
    case EventKind::OpenFile:
    case EventKind::OutOfMemory: return base;
    }
    return base;
}

}  // namespace drydock::sim
