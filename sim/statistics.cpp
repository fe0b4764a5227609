#include "sim/statistics.h"

#include "core/syscall/syscall.h"
#include "sim/kernel_stacks.h"

#include <fmt/format.h>

namespace drydock::sim {

namespace {

constexpr usize kKeptDetails = 16;
constexpr u64 kCloneThread = 0x10000;  // clone(2)

}  // namespace

char const* outcome_name(OutcomeKind kind)
{
    switch (kind) {
    case OutcomeKind::Running: return "running";
    case OutcomeKind::Exited: return "exited";
    case OutcomeKind::StackOverflow: return "kernel stack overflow";
    case OutcomeKind::KernelCrash: return "kernel crash";
    case OutcomeKind::KernelLoop: return "kernel loop";
    case OutcomeKind::AssertionFailed: return "assertion failed";
    case OutcomeKind::KernelFailed: return "kernel failure";
    case OutcomeKind::NoProgress: return "no progress";
    case OutcomeKind::StaleTranslation: return "stale translation";
    case OutcomeKind::WrongTables: return "wrong memory map";
    case OutcomeKind::FramesLeaked: return "frames leaked";
    case OutcomeKind::WrongReferences: return "wrong reference counts";
    case OutcomeKind::AvoidableFaults: return "avoidable faults";
    case OutcomeKind::TimeLimit: return "time limit";
    case OutcomeKind::Stopped: return "stopped";
    case OutcomeKind::SimulatorFailed: return "simulator failure";
    }
    return "unknown";
}

std::string name_of_call(u64 number)
{
    char const* const name = syscall_name(number);
    return name != nullptr ? std::string(name) : fmt::format("call {}", number);
}

std::string name_of_activity(u32 what)
{
    switch (what) {
    case kDoingOutOfRange: return "call out of range";
    case kDoingStart: return "thread start";
    case kDoingFault: return "fault";
    case kDoingInterrupt: return "interrupt";
    case kDoingBoot: return "boot";
    case kDoingReturn: return "return to user code";
    default: return name_of_call(what);
    }
}

void Statistics::count_detail(Event const& event, u32 pid, u64 time_ns)
{
    if (event.kind == EventKind::Fault) {
        ++faults_by_outcome_[event.c & 7];
    } else if (event.kind == EventKind::UnknownSyscall) {
        ++unknown_[event.a];
    } else if (event.kind == EventKind::CacheInsert) {
        inserts_[event.a][event.b] = event.c;
    } else if (event.kind == EventKind::TemplateBuilt) {
        templates_[event.a] = {event.c, time_ns};
    } else if (event.kind == EventKind::Fork) {
        if ((event.b & kCloneThread) == 0) ++forked_processes_;
    } else if (event.kind == EventKind::AvoidableFault) {
        count_avoidable(event, pid, time_ns);
    }
}

void Statistics::count_avoidable(Event const& event, u32 pid, u64 time_ns)
{
    if (avoidable_.size() >= kKeptDetails) return;
    AvoidableFaultRecord record;
    record.address = event.a;
    record.file = event.b;
    record.page = event.c;
    record.pid = pid;
    record.time_ns = time_ns;
    if (auto const file = inserts_.find(event.b); file != inserts_.end()) {
        auto const page = file->second.find(event.c);
        if (page != file->second.end()) record.insert_generation = page->second;
    }
    if (auto const built = templates_.find(event.b); built != templates_.end()) {
        record.template_generation = built->second.generation;
        record.template_age_ns = time_ns - built->second.time_ns;
    }
    avoidable_.push_back(record);
}

bool Statistics::is_known_invalid_opcode(u32 pid, u64 rip)
{
    for (InvalidOpcodeRecord& record : invalid_opcodes_) {
        if (record.rip != rip || record.pid != pid) continue;
        ++record.count;
        return true;
    }
    return invalid_opcodes_.size() >= kKeptDetails;
}

void Statistics::saw_invalid_opcode(u32 pid, u64 rip, std::string text)
{
    invalid_opcodes_.push_back({rip, pid, std::move(text), 1});
}

void Statistics::fill(RunFigures& figures) const
{
    auto const outcomes = [this](FaultOutcome outcome) {
        return faults_by_outcome_[static_cast<usize>(outcome)];
    };
    figures.processes = 1 + forked_processes_;
    figures.system_calls = events_of(EventKind::SyscallEnter);
    figures.faults = events_of(EventKind::Fault);
    figures.demand_faults = outcomes(FaultOutcome::Zeroed) + outcomes(FaultOutcome::FileMapped) +
                            outcomes(FaultOutcome::FileLoaded);
    figures.avoidable_faults = events_of(EventKind::AvoidableFault);
    figures.template_hits = events_of(EventKind::TemplateHit);
    figures.template_misses = events_of(EventKind::TemplateMiss);
    figures.template_stale = events_of(EventKind::TemplateStale);
    figures.cache_inserts = events_of(EventKind::CacheInsert);
    figures.switches = events_of(EventKind::Switch);
    for (usize number = 0; number < kCalls; ++number) {
        if (calls_[number] > 0) figures.calls[name_of_call(number)] += calls_[number];
    }
    if (calls_[kCalls] > 0) figures.calls["out of range"] = calls_[kCalls];
    for (auto const& [number, count] : unknown_)
        figures.unknown_calls[name_of_call(number)] += count;
    figures.avoidable = avoidable_;
    figures.invalid_opcodes = invalid_opcodes_;
    for (usize index = 0; index < kCalls + 8; ++index) {
        if (depth_[index] == 0) continue;
        u32 const what = index < kCalls ? static_cast<u32>(index)
                                        : 0xffff'ffff - static_cast<u32>(index - kCalls);
        std::string const name = name_of_activity(what);
        figures.stack_by_call[name] = depth_[index];
        if (depth_[index] <= figures.peak_stack_bytes) continue;
        figures.peak_stack_bytes = depth_[index];
        figures.peak_stack_call = name;
    }
}

}  // namespace drydock::sim
