#include "sim/suite/region_meter.h"

#include "core/platform/event.h"

namespace drydock::sim {

namespace {

constexpr u64 kPrctl = 157;
constexpr u64 kSetName = 15;
constexpr u64 kGetName = 16;
// The suite is the machine's first process.
constexpr u32 kSuitePid = 1;

}  // namespace

RegionFigures RegionMeter::take()
{
    RegionFigures const result = figures_;
    is_open_ = false;
    figures_ = {};
    return result;
}

void RegionMeter::begin()
{
    is_open_ = true;
    figures_ = {};
    started_.clear();
    decisions_.clear();
}

void RegionMeter::saw(TraceRecord const& record)
{
    bool const is_mark = record.kind == static_cast<u32>(EventKind::SyscallEnter) &&
                         record.a == kPrctl && record.pid == kSuitePid;
    if (is_mark && record.b == kSetName) {
        begin();
    } else if (is_mark && record.b == kGetName) {
        is_open_ = false;
    } else if (is_open_) {
        count(record);
    }
}

void RegionMeter::saw_depth(u32 what, u64 bytes)
{
    // The call that opened the region ends inside it.
    if (!is_open_ || what == kPrctl) return;
    if (bytes <= figures_.peak_stack_bytes) return;
    figures_.peak_stack_bytes = bytes;
    figures_.peak_stack_doing = what;
}

void RegionMeter::saw_root_load()
{
    if (is_open_) ++figures_.root_loads;
}

void RegionMeter::count_fault(TraceRecord const& record)
{
    auto const outcome = static_cast<FaultOutcome>(record.c);
    bool const is_demand = outcome == FaultOutcome::Zeroed || outcome == FaultOutcome::FileMapped ||
                           outcome == FaultOutcome::FileLoaded;
    if (!is_demand) return;
    ++figures_.demand_faults;
    if (started_.contains(record.pid)) ++figures_.exec_demand_faults;
    ExecFigures* const exec = exec_of(record.pid);
    if (exec == nullptr) return;
    if (outcome == FaultOutcome::FileLoaded) ++exec->pages_loaded;
    if (outcome == FaultOutcome::FileMapped) ++exec->pages_mapped;
    if (outcome == FaultOutcome::Zeroed) ++exec->pages_zeroed;
}

ExecFigures* RegionMeter::exec_of(u32 pid)
{
    auto const found = started_.find(pid);
    bool const is_kept = found != started_.end() && found->second < figures_.first_execs.size();
    return is_kept ? &figures_.first_execs[found->second] : nullptr;
}

void RegionMeter::note_decision(u32 pid, TemplateDecision decision)
{
    decisions_.emplace(pid, decision);
}

void RegionMeter::count_exec(u32 pid)
{
    started_[pid] = figures_.execs;
    ++figures_.execs;
    auto const decision = decisions_.extract(pid);
    if (figures_.first_execs.size() >= kKeptExecs) return;
    ExecFigures exec;
    exec.pid = pid;
    if (!decision.empty()) exec.decision = decision.mapped();
    figures_.first_execs.push_back(exec);
}

void RegionMeter::count(TraceRecord const& record)
{
    u32 const kind = record.kind;
    auto const is = [kind](EventKind wanted) { return kind == static_cast<u32>(wanted); };
    if (is(EventKind::SyscallEnter)) {
        ++figures_.system_calls;
    } else if (is(EventKind::Fault)) {
        ++figures_.faults;
        count_fault(record);
    } else if (is(EventKind::Exec)) {
        count_exec(record.pid);
    } else if (is(EventKind::Fork)) {
        ++figures_.forks;
        // A new process may have the number of one that is gone.
        started_.erase(static_cast<u32>(record.a));
    } else if (is(EventKind::AvoidableFault)) {
        ++figures_.avoidable_faults;
        if (ExecFigures* const exec = exec_of(record.pid)) ++exec->avoidable_faults;
    } else if (is(EventKind::CacheInsert)) {
        ++figures_.cache_inserts;
    } else if (is(EventKind::TemplateHit)) {
        ++figures_.template_hits;
        note_decision(record.pid, TemplateDecision::Hit);
    } else if (is(EventKind::TemplateMiss)) {
        ++figures_.template_misses;
        note_decision(record.pid, TemplateDecision::Miss);
    } else if (is(EventKind::TemplateStale)) {
        ++figures_.template_stale;
        note_decision(record.pid, TemplateDecision::Stale);
    } else {
        count_memory(record);
    }
}

void RegionMeter::count_memory(TraceRecord const& record)
{
    if (record.kind == static_cast<u32>(EventKind::TlbFlush)) {
        ++(record.a == kFlushOfEverything ? figures_.whole_flushes : figures_.page_flushes);
    } else if (record.kind == static_cast<u32>(EventKind::PageZero)) {
        figures_.pages_zeroed += record.a;
    } else if (record.kind == static_cast<u32>(EventKind::PageCopy)) {
        figures_.pages_copied += record.a;
    }
}

}  // namespace drydock::sim
