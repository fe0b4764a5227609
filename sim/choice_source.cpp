#include "sim/choice_source.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <fmt/format.h>

namespace drydock::sim {

namespace {

constexpr u64 kScheduleStream = 1;
constexpr u64 kFaultStream = 2;
constexpr u64 kEntropyStream = 3;

}  // namespace

std::optional<FaultPlan> parse_fault_plan(std::string_view text)
{
    FaultPlan plan;
    while (!text.empty()) {
        usize const comma = text.find(',');
        std::string_view const word = text.substr(0, comma);
        text = comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1);
        if (word == "alloc") {
            plan.allocations = true;
        } else if (word == "short-io") {
            plan.short_transfers = true;
        } else if (word == "eintr") {
            plan.interrupted_waits = true;
        } else if (word == "timer") {
            plan.late_timers = true;
        } else if (word.starts_with("rate=")) {
            std::string_view const digits = word.substr(5);
            auto const parsed =
                std::from_chars(digits.data(), digits.data() + digits.size(), plan.rate);
            if (parsed.ec != std::errc{} || parsed.ptr != digits.data() + digits.size()) return {};
            if (plan.rate == 0) return {};
        } else {
            return {};
        }
    }
    return plan;
}

std::string describe(FaultPlan const& plan)
{
    bool const is_armed =
        plan.allocations || plan.short_transfers || plan.interrupted_waits || plan.late_timers;
    if (!is_armed) return "none";
    return fmt::format("{}{}{}{}rate={}",
                       plan.allocations ? "alloc," : "",
                       plan.short_transfers ? "short-io," : "",
                       plan.interrupted_waits ? "eintr," : "",
                       plan.late_timers ? "timer," : "",
                       plan.rate);
}

char const* choice_word(Choice site)
{
    switch (site) {
    case Choice::NextThread: return "next-thread";
    case Choice::FailAllocation: return "alloc";
    case Choice::ShortTransfer: return "short-io";
    case Choice::InterruptWait: return "eintr";
    case Choice::LateTimer: return "timer";
    }
    return "?";
}

ChoiceSource::ChoiceSource(ChoicePlan const& plan)
    : seed_(plan.seed)
    , plan_(plan.faults)
    , is_recorded_(plan.recorded.has_value())
    , schedule_(plan.seed, kScheduleStream)
    , faults_(plan.seed, kFaultStream)
    , entropy_(plan.seed, kEntropyStream)
{
    if (!plan.recorded) return;
    for (RecordedChoice const& choice : *plan.recorded) {
        scripts_[static_cast<usize>(choice.site)].choices.push_back(choice);
    }
    for (Script& script : scripts_) {
        std::stable_sort(script.choices.begin(),
                         script.choices.end(),
                         [](RecordedChoice const& left, RecordedChoice const& right) {
                             return left.index < right.index;
                         });
    }
}

bool ChoiceSource::is_armed(Choice site) const
{
    switch (site) {
    case Choice::NextThread: return seed_ != 0;
    case Choice::FailAllocation: return plan_.allocations;
    case Choice::ShortTransfer: return plan_.short_transfers;
    case Choice::InterruptWait: return plan_.interrupted_waits;
    case Choice::LateTimer: return plan_.late_timers;
    }
    return false;
}

u32 ChoiceSource::choose(Choice site, u32 count)
{
    if (count <= 1) return 0;
    u64 const index = asked_[static_cast<usize>(site)]++;
    return is_recorded_ ? read_script(site, count, index) : decide(site, count);
}

u32 ChoiceSource::read_script(Choice site, u32 count, u64 index)
{
    Script& script = scripts_[static_cast<usize>(site)];
    u32 answer = 0;
    bool is_found = false;
    while (script.next < script.choices.size() && script.choices[script.next].index <= index) {
        RecordedChoice const& choice = script.choices[script.next++];
        if (choice.index != index || is_found) continue;
        is_found = true;
        answer = choice.answer;
    }
    return answer < count ? answer : count - 1;
}

u32 ChoiceSource::decide(Choice site, u32 count)
{
    if (!is_armed(site)) return 0;
    if (site == Choice::NextThread) return schedule_.below(count);
    if (faults_.below(plan_.rate) != 0) return 0;
    return count == 2 ? 1 : 1 + faults_.below(count - 1);
}

void ChoiceSource::fill(std::byte* target, usize size)
{
    while (size > 0) {
        u64 const word = entropy_.next();
        usize const part = size < sizeof(word) ? size : sizeof(word);
        std::memcpy(target, &word, part);
        target += part;
        size -= part;
    }
}

}  // namespace drydock::sim
