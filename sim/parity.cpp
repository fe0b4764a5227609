#include "sim/parity.h"

#include "sim/text_difference.h"
#include "sim/trace_text.h"

#include <algorithm>
#include <fmt/format.h>

namespace drydock::sim {

namespace {

constexpr usize kEventsAfter = 4;

bool is_same(TraceRecord const& left, TraceRecord const& right)
{
    return left.kind == right.kind && left.tid == right.tid && left.a == right.a &&
           left.b == right.b && left.c == right.c;
}

std::vector<usize> const& sequence_of(ProcessSequences const& sequences, u32 pid)
{
    static std::vector<usize> const kNone;
    auto const found = sequences.find(pid);
    return found == sequences.end() ? kNone : found->second;
}

// Where two sequences part; nothing if they are equal.
std::optional<usize> first_difference(SideRun const& left,
                                      std::vector<usize> const& left_sequence,
                                      SideRun const& right,
                                      std::vector<usize> const& right_sequence)
{
    usize const common = std::min(left_sequence.size(), right_sequence.size());
    for (usize i = 0; i < common; ++i) {
        if (!is_same(left.records[left_sequence[i]], right.records[right_sequence[i]])) return i;
    }
    if (left_sequence.size() == right_sequence.size()) return std::nullopt;
    return common;
}

std::string describe_from(SideRun const& side, std::vector<usize> const& sequence, usize position)
{
    std::string text = fmt::format("  {}:\n", side.name);
    if (position >= sequence.size()) text += "    (no more events of this process)\n";
    usize const end = std::min(sequence.size(), position + 1 + kEventsAfter);
    for (usize i = position; i < end; ++i) {
        text += fmt::format(
            "  {} {}\n", i == position ? ">" : " ", describe_record(side.records[sequence[i]]));
    }
    return text;
}

std::string describe_event_difference(SideRun const& left, SideRun const& right, usize context)
{
    ProcessSequences const left_sequences = sequences_of(left);
    ProcessSequences const right_sequences = sequences_of(right);
    std::optional<EventDifference> const difference =
        find_difference(left, left_sequences, right, right_sequences);
    if (!difference) return {};
    std::vector<usize> const& left_sequence = sequence_of(left_sequences, difference->pid);
    std::vector<usize> const& right_sequence = sequence_of(right_sequences, difference->pid);
    usize const position = difference->position;
    std::string text = fmt::format(
        "the events of process {} differ from number {} on\n", difference->pid, position + 1);
    usize const first = position > context ? position - context : 0;
    if (first < position) text += "  the same on both sides (time ns, process:thread):\n";
    for (usize i = first; i < position; ++i) {
        text += fmt::format("    {}\n", describe_record(left.records[left_sequence[i]]));
    }
    text += describe_from(left, left_sequence, position);
    text += describe_from(right, right_sequence, position);
    return text;
}

}  // namespace

ProcessSequences sequences_of(SideRun const& side)
{
    ProcessSequences sequences;
    for (usize i = 0; i < side.records.size(); ++i) {
        TraceRecord const& record = side.records[i];
        if (!is_decided_by_time(record.kind)) sequences[record.pid].push_back(i);
    }
    return sequences;
}

std::optional<EventDifference> find_difference(SideRun const& left,
                                               ProcessSequences const& left_sequences,
                                               SideRun const& right,
                                               ProcessSequences const& right_sequences)
{
    std::optional<EventDifference> first;
    usize first_index = ~usize{0};
    auto const consider = [&](u32 pid) {
        std::vector<usize> const& left_sequence = sequence_of(left_sequences, pid);
        std::vector<usize> const& right_sequence = sequence_of(right_sequences, pid);
        std::optional<usize> const position =
            first_difference(left, left_sequence, right, right_sequence);
        if (!position) return;
        usize const index =
            *position < left_sequence.size() ? left_sequence[*position] : left.records.size() - 1;
        if (first && index >= first_index) return;
        first = EventDifference{pid, *position};
        first_index = index;
    };
    for (auto const& [pid, sequence] : left_sequences) consider(pid);
    for (auto const& [pid, sequence] : right_sequences) {
        if (!left_sequences.contains(pid)) consider(pid);
    }
    return first;
}

std::string describe_differences(SideRun const& left, SideRun const& right, usize context)
{
    std::string text = describe_event_difference(left, right, context);
    text +=
        describe_text_difference("output", {left.name, left.output}, {right.name, right.output});
    text += describe_text_difference("error", {left.name, left.errors}, {right.name, right.errors});
    text += describe_status_difference(left.name, left.status, right.name, right.status);
    return text;
}

std::string summarize(SideRun const& side)
{
    constexpr u64 kCloneThread = 0x10000;
    usize counts[kEventKindCount] = {};
    usize total = 0;
    usize processes = 1;
    for (TraceRecord const& record : side.records) {
        if (is_decided_by_time(record.kind)) continue;
        ++counts[record.kind];
        ++total;
        bool const is_fork = record.kind == static_cast<u32>(EventKind::Fork);
        if (is_fork && (record.b & kCloneThread) == 0) ++processes;
    }
    auto const count = [&counts](EventKind kind) { return counts[static_cast<usize>(kind)]; };
    usize const templates = count(EventKind::TemplateHit) + count(EventKind::TemplateMiss) +
                            count(EventKind::TemplateStale) + count(EventKind::TemplateBuilt);
    return fmt::format(
        "{} processes, {} events ({} system calls, {} faults, {} page-cache inserts, "
        "{} template decisions), exit status {}",
        processes,
        total,
        count(EventKind::SyscallEnter),
        count(EventKind::Fault),
        count(EventKind::CacheInsert),
        templates,
        side.status);
}

}  // namespace drydock::sim
