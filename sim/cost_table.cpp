#include "sim/cost_table.h"

#include <array>

namespace drydock::sim {

namespace {

constexpr u64 kNanosecond = 1000;

constexpr usize index_of(EventKind kind) { return static_cast<usize>(kind); }
constexpr usize index_of(FaultOutcome outcome) { return static_cast<usize>(outcome); }

// "Published" below: figures of the reference kernel under QEMU/KVM, March 2026. Where only the sum
// of several costs was published, its parts are ours.

// What each call takes beyond the costs of its events: from the benchmark that is named, published.
constexpr CallCost kReferenceCalls[] = {
    {0, 27},      // read: read_null 91
    {1, 28},      // write: write_null 92
    {3, 30},      // close: dup_close 187
    {4, 38},      // stat: stat 263
    {5, 49},      // fstat: fstat 124
    {8, 20},      // lseek: lseek 82
    {9, 115},     // mmap: mmap_munmap 361
    {10, 430},    // mprotect: mprotect 1 193
    {11, 115},    // munmap: mmap_munmap
    {13, 40},     // rt_sigaction: sigaction 112
    {14, 21},     // rt_sigprocmask: sigprocmask 169
    {17, 25},     // pread64: pread 89
    {20, 36},     // writev: writev 101
    {24, 8},      // sched_yield: sched_yield 73
    {32, 30},     // dup: dup_close
    {63, 47},     // uname: uname 118
    {72, 14},     // fcntl: fcntl_getfl 79
    {79, 60},     // getcwd: getcwd 125
    {83, 1300},   // mkdir: file_tree 37 337, spread over what it makes and removes
    {84, 1300},   // rmdir: file_tree
    {87, 1300},   // unlink: file_tree
    {217, 200},   // getdents64: getdents64 770
    {257, 50},    // openat: as open_close 590
    {262, 38},    // newfstatat: stat 263
    {263, 1300},  // unlinkat: file_tree
};

constexpr CostTable make_reference_kvm()
{
    CostTable table;
    table.name = "reference-kvm";
    // Eight instructions a nanosecond: BusyBox retires 3.5 (awk) to 12 (sort) on hardware, measured
    // 2026-11; with 8 grep and sed have the share of pipe_grep and sed_pipeline that is left beside
    // the published costs of starting them.
    table.instruction = 125;
    table.repetition = 62;  // A 16-byte step of a microcoded string operation per quarter cycle.

    // A null system call is about 62 ns (getpid, published), of which few are user instructions.
    table.event[index_of(EventKind::SyscallEnter)] = 40 * kNanosecond;
    table.event[index_of(EventKind::SyscallExit)] = 20 * kNanosecond;

    for (CallCost const& cost : kReferenceCalls) {
        table.call[cost.number] = cost.nanoseconds * kNanosecond;
    }

    // Published: a demand fault is 500 to 700 ns (exception 200, handler 300, return 200).
    table.fault[index_of(FaultOutcome::Zeroed)] = 600 * kNanosecond;
    table.fault[index_of(FaultOutcome::FileMapped)] = 600 * kNanosecond;
    table.fault[index_of(FaultOutcome::FileLoaded)] = 700 * kNanosecond;
    // Published: copy-on-write 1 500 ns with a copy (the copy is page_copied), 500 without.
    table.fault[index_of(FaultOutcome::Copied)] = 500 * kNanosecond;
    table.fault[index_of(FaultOutcome::Reused)] = 500 * kNanosecond;
    table.fault[index_of(FaultOutcome::Spurious)] = 400 * kNanosecond;
    table.fault[index_of(FaultOutcome::Signalled)] = 500 * kNanosecond;
    table.fault[index_of(FaultOutcome::NoMemory)] = 500 * kNanosecond;
    table.page_copied = 1000 * kNanosecond;
    // What memory costs that is backed already. (Published: a first touch of what the hypervisor
    // has not backed is about 1 500: mmap_fault's 1 580.)
    table.page_zeroed = 100 * kNanosecond;

    // Published for about 285 pages: full prefault 11.8 us, replay of a template 1.5 us.
    table.page_prefaulted = 41400;
    table.page_replayed = 5200;
    table.table_entry = 5200;
    table.event[index_of(EventKind::TemplateHit)] = 20 * kNanosecond;
    table.event[index_of(EventKind::TemplateMiss)] = 20 * kNanosecond;
    table.event[index_of(EventKind::TemplateStale)] = 20 * kNanosecond;
    table.event[index_of(EventKind::CacheInsert)] = 50 * kNanosecond;

    // Published: exec's new address space 5.7 us, segments 1.2, stack 1.1.
    table.event[index_of(EventKind::Exec)] = 8000 * kNanosecond;
    // Published: the page-table part of fork 14.4 us, for about 290 entries.
    table.fork_entry = 49700;
    // Published: fork, exit and wait together 52.6 us (fork_exit), two pages copied among them.
    table.event[index_of(EventKind::Fork)] = 21500 * kNanosecond;
    table.event[index_of(EventKind::Exit)] = 15000 * kNanosecond;
    table.event[index_of(EventKind::Reap)] = 1000 * kNanosecond;
    table.process_collected = 8000 * kNanosecond;

    // From pipe_pingpong (1 891 ns for four calls, two wakes, two switches; published).
    table.event[index_of(EventKind::Switch)] = 500 * kNanosecond;
    table.event[index_of(EventKind::Wake)] = 200 * kNanosecond;
    // From signal_delivery (512 ns with handler and sigreturn; published).
    table.event[index_of(EventKind::Signal)] = 120 * kNanosecond;
    // From pipe: 4 096 bytes each way in 318 ns (published).
    table.byte_copied = 16;
    // From open_close (590 ns) and access (207 ns; published).
    table.event[index_of(EventKind::OpenFile)] = 130 * kNanosecond;
    table.event[index_of(EventKind::PathLookup)] = 60 * kNanosecond;
    table.path_component = 90 * kNanosecond;
    // INVLPG and a load of CR3, by KVM without an exit; what follows from an emptied TLB.
    table.flush_page = 100 * kNanosecond;
    table.flush_everything = 300 * kNanosecond;
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

// Instructions of user code, a nanosecond each; the kernel takes no time.
constexpr CostTable make_user_only()
{
    CostTable table;
    table.name = "user-only";
    table.instruction = kNanosecond;
    table.repetition = kNanosecond;
    return table;
}

constexpr CostTable kReferenceKvm = make_reference_kvm();
constexpr CostTable kEventClock = make_event_clock();
constexpr CostTable kUserOnly = make_user_only();

}  // namespace

CostTable const& reference_kvm_costs() { return kReferenceKvm; }
CostTable const& event_clock_costs() { return kEventClock; }

namespace {

std::array<CostTable const*, 4> all_tables()
{
    return {&kReferenceKvm, &image_icount_costs(), &kUserOnly, &kEventClock};
}

}  // namespace

CostTable const* find_costs(std::string_view name)
{
    for (CostTable const* const table : all_tables()) {
        if (name == table->name) return table;
    }
    return nullptr;
}

std::string cost_table_names()
{
    std::string names;
    for (CostTable const* const table : all_tables()) {
        names += (names.empty() ? "" : ", ") + std::string(table->name);
    }
    return names;
}

u64 detailed_cost_of(CostTable const& table, Event const& event)
{
    u64 const base = table.event[index_of(event.kind)];
    switch (event.kind) {
    case EventKind::Fault: return table.fault[event.c & 7];
    case EventKind::PageCopy: return base + event.a * table.page_copied;
    case EventKind::PageZero: return base + event.a * table.page_zeroed;
    case EventKind::TableEntries: return base + event.a * table.table_entry;
    case EventKind::UserCopy: return base + event.a * table.byte_copied;
    case EventKind::Prefault: return base + event.b * table.page_prefaulted;
    case EventKind::TemplateHit: return base + event.b * table.page_replayed;
    case EventKind::Fork: return base + event.c * table.fork_entry;
    case EventKind::PathLookup: return base + event.a * table.path_component;
    case EventKind::Collect: return event.a * table.process_collected;
    case EventKind::SyscallEnter:
    case EventKind::SyscallExit:
    case EventKind::UnknownSyscall:
    case EventKind::AvoidableFault:
    case EventKind::CacheInsert:
    case EventKind::TlbFlush:
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
