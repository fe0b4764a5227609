#include "sim/trace_text.h"

#include "core/platform/choice.h"
#include "core/platform/event_names.h"
#include "sim/statistics.h"

#include <fmt/format.h>

namespace drydock::sim {

namespace {

constexpr char const* kOutcomeNames[8] = {"zeroed",
                                          "file mapped",
                                          "file loaded",
                                          "copied",
                                          "reused",
                                          "spurious",
                                          "signalled",
                                          "no memory"};
constexpr char const* kChoiceNames[kChoiceCount] = {
    "next thread", "fail allocation", "short transfer", "interrupt wait", "late timer"};
constexpr char const* kSignalSteps[3] = {"generated", "handler", "default action"};

std::string describe_error_code(u64 code)
{
    return fmt::format("{} {}{}",
                       (code & 16) != 0  ? "fetch"
                       : (code & 2) != 0 ? "write"
                                         : "read",
                       (code & 1) != 0 ? "of a present page" : "of nothing",
                       (code & 8) != 0 ? ", reserved bit" : "");
}

std::string describe_result(u64 result)
{
    auto const value = static_cast<i64>(result);
    if (value < 0 && value >= -4095) return fmt::format("error {}", -value);
    return value >= 0 && value < 0x1'0000'0000 ? fmt::format("{}", value)
                                               : fmt::format("{:#x}", result);
}

std::string describe_event(TraceRecord const& record)
{
    u64 const a = record.a;
    u64 const b = record.b;
    u64 const c = record.c;
    switch (static_cast<EventKind>(record.kind)) {
    case EventKind::SyscallEnter: return fmt::format("{}({:#x}, {:#x})", name_of_call(a), b, c);
    case EventKind::SyscallExit: return fmt::format("{} = {}", name_of_call(a), describe_result(b));
    case EventKind::UnknownSyscall: return name_of_call(a);
    case EventKind::Fault:
        return fmt::format("{:#x}: {}: {}", a, describe_error_code(b), kOutcomeNames[c & 7]);
    case EventKind::AvoidableFault: return fmt::format("{:#x}: page {} of file {}", a, c, b);
    case EventKind::CacheInsert: return fmt::format("page {} of file {}, generation {}", b, a, c);
    case EventKind::TemplateHit:
    case EventKind::TemplateBuilt:
        return fmt::format("file {}, {} entries, generation {}", a, b, c);
    case EventKind::TemplateMiss: return fmt::format("file {}, generation {}", a, b);
    case EventKind::TemplateStale:
        return fmt::format("file {}, template of generation {}, file at {}", a, b, c);
    case EventKind::Prefault: return fmt::format("file {}, {} pages", a, b);
    case EventKind::Exec: return fmt::format("file {}, entry {:#x}", a, b);
    case EventKind::Fork: return fmt::format("child {}, flags {:#x}, {} entries", a, b, c);
    case EventKind::Exit: return fmt::format("status {:#x}", a);
    case EventKind::Reap: return fmt::format("process {}", a);
    case EventKind::Collect: return fmt::format("{} processes", a);
    case EventKind::Switch:
    case EventKind::Wake: return fmt::format("thread {}", a);
    case EventKind::Signal:
        return fmt::format("{} to thread {}, {}", a, b, c < 3 ? kSignalSteps[c] : "?");
    case EventKind::TlbFlush:
        return a == kFlushOfEverything ? std::string("all") : fmt::format("{:#x}", a);
    case EventKind::PageCopy:
    case EventKind::PageZero:
    case EventKind::TableEntries:
    case EventKind::UserCopy:
    case EventKind::PathLookup: return fmt::format("{}", a);
    case EventKind::OpenFile: return fmt::format("file {}", a);
    case EventKind::OutOfMemory: return fmt::format("order {}", a);
    }
    return {};
}

std::string describe_body(TraceRecord const& record)
{
    if (record.kind < kEventKindCount) {
        return fmt::format("{:<15}{}", kEventNames[record.kind], describe_event(record));
    }
    switch (record.kind) {
    case kRecordChoice:
        return fmt::format("choice         {} {}: {} of {}",
                           (record.a & 255) < kChoiceCount ? kChoiceNames[record.a & 255] : "?",
                           record.b,
                           record.c,
                           record.a >> 8);
    case kRecordInput:
        return record.a == 0 ? std::string("input          ended")
                             : fmt::format("input          {} bytes", record.a);
    case kRecordInputBytes:
        return fmt::format("input bytes    {:016x} {:016x} {:016x}", record.a, record.b, record.c);
    case kRecordHalt: return fmt::format("halt           status {}", record.a);
    default: return fmt::format("record {}", record.kind);
    }
}

}  // namespace

std::string describe_record(TraceRecord const& record)
{
    return fmt::format(
        "{:>14} {:>5}:{:<5} {}", record.time_ns, record.pid, record.tid, describe_body(record));
}

}  // namespace drydock::sim
