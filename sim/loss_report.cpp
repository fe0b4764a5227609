#include "sim/loss_report.h"

#include "sim/host/running.h"
#include "sim/statistics.h"
#include "sim/symbols.h"
#include "sim/trace_text.h"

#include <algorithm>
#include <fmt/format.h>

namespace drydock::sim {

namespace {

constexpr usize kShownEvents = 20;

// The newest records that are left, oldest first.
std::vector<TraceRecord> last_records(EventLog::Ring const& ring)
{
    using Ring = EventLog::Ring;
    usize const used = std::min(ring.used, Ring::kRecords);
    std::vector<TraceRecord> records;
    if (ring.flushed > 0) {
        records.assign(ring.records + used, ring.records + Ring::kRecords);
    }
    records.insert(records.end(), ring.records, ring.records + used);
    return records;
}

// The system call that the thread of the last event is in, or nothing.
std::string open_call(std::vector<TraceRecord> const& records)
{
    for (auto record = records.rbegin(); record != records.rend(); ++record) {
        if (record->tid != records.back().tid) continue;
        if (record->kind == static_cast<u32>(EventKind::SyscallExit)) return "";
        if (record->kind == static_cast<u32>(EventKind::SyscallEnter)) {
            return " in " + name_of_call(record->a);
        }
    }
    return "";
}

std::string describe_chain(BlackBox::Place const& place, Symbols const& symbols)
{
    std::string text = fmt::format("  at {}\n  call chain:\n", symbols.describe(place.rip));
    u64 low = place.rsp;
    u64 address = place.rip;
    usize const count = std::min<usize>(place.frame_count, BlackBox::Place::kMaximumFrames);
    for (usize i = 0; i < count; ++i) {
        u64 const end = place.frame_ends[i];
        std::string const size =
            end > low ? fmt::format("{:6} bytes", end - low) : std::string("            ");
        text += fmt::format("    #{:<3} {}  {}\n", i, size, symbols.describe(address));
        low = end;
        // A return address points behind the call.
        address = place.return_addresses[i] == 0 ? 0 : place.return_addresses[i] - 1;
    }
    return text;
}

std::string describe_ending(Loss const& loss)
{
    switch (loss.kind) {
    case Loss::Kind::Crashed: return host_signal_name(loss.number);
    case Loss::Kind::Stuck: return fmt::format("{} s of CPU time without getting on", loss.number);
    case Loss::Kind::Vanished: return fmt::format("its process exited with {}", loss.number);
    }
    return "";
}

}  // namespace

Outcome describe_loss(BlackBox const& box, Loss const& loss)
{
    Outcome outcome;
    outcome.kind =
        loss.kind == Loss::Kind::Stuck ? OutcomeKind::KernelLoop : OutcomeKind::KernelCrash;
    std::vector<TraceRecord> records = last_records(box.ring);
    Symbols const symbols;
    std::string where;
    if (box.place.rip != 0) {
        std::string const name = symbols.find(box.place.rip).name;
        where = name.empty() ? "" : ", in " + name;
        outcome.report += describe_chain(box.place, symbols);
    }
    std::string last = "before the first event";
    if (!records.empty()) {
        last = fmt::format("thread {}{}, after event {}",
                           records.back().tid,
                           open_call(records),
                           box.ring.flushed + box.ring.used);
    }
    outcome.summary = fmt::format("{}: {}{}; {}; the simulator was damaged or did not "
                                  "answer, and its last output may be missing",
                                  outcome_name(outcome.kind),
                                  describe_ending(loss),
                                  where,
                                  last);
    outcome.report += "  last events:\n";
    usize const surplus = records.size() > kShownEvents ? records.size() - kShownEvents : 0;
    for (usize i = surplus; i < records.size(); ++i) {
        outcome.report += "    " + describe_record(records[i]) + "\n";
    }
    return outcome;
}

}  // namespace drydock::sim
