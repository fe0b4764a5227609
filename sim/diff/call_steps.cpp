#include "sim/diff/call_steps.h"

#include "sim/diff/call_rules.h"
#include "sim/statistics.h"

#include <cerrno>
#include <cstring>
#include <fmt/format.h>
#include <optional>
#include <sys/syscall.h>

namespace drydock::sim {

namespace {

// In place of a result that is an address or a time.
constexpr u64 kSomewhere = u64{1} << 62;

constexpr usize kResult = 6;

class StepMaker {
public:
    explicit StepMaker(TaskRecord const& task) : task_(task) {}

    TaskSteps make()
    {
        for (usize i = 0; i < task_.calls.size(); ++i) add(i);
        if (task_.has_left()) {
            // Before the exit call itself.
            CallStep last = std::move(steps_[task_.calls.back().handler].back());
            steps_[task_.calls.back().handler].pop_back();
            while (!sums_.empty()) end_sum(sums_.begin()->first, task_.calls.size() - 1);
            steps_[task_.calls.back().handler].push_back(std::move(last));
        }
        return std::move(steps_);
    }

private:
    struct Stream {
        u32 handler = 0;
        u32 descriptor = 0;
        u32 direction = 0;
        auto operator<=>(Stream const&) const = default;
    };
    struct Sum {
        u64 bytes = 0;
        bool is_cut = false;
    };

    static bool is_broken(u64 result) { return static_cast<i64>(result) == -EPIPE; }
    // Of what was to be written, how much had gone before somebody stopped reading is time's.
    static bool is_cut_short(CallRecord const& call)
    {
        bool const has_size = call.number == SYS_write || call.number == SYS_sendto;
        return has_size && call.result < call.arguments[2];
    }

    void end_sum(Stream stream, usize call)
    {
        auto const found = sums_.find(stream);
        if (found == sums_.end()) return;
        CallStep step;
        step.number = stream.direction;
        step.values[0].number = stream.descriptor;
        step.values[kResult].number = found->second.is_cut ? kSomewhere : found->second.bytes;
        step.call = call;
        steps_[stream.handler].push_back(step);
        sums_.erase(found);
    }

    void end_sums(CallRecord const& call, u32 descriptor, usize position)
    {
        end_sum({call.handler, descriptor, CallStep::kBytesIn}, position);
        end_sum({call.handler, descriptor, CallStep::kBytesOut}, position);
    }

    // Whether it was taken into a sum.
    bool add_to_sum(CallRecord const& call, CallRule const& rule, usize position)
    {
        bool const is_transfer =
            rule.timing == CallTiming::Input || rule.timing == CallTiming::Output;
        if (!is_transfer || call.is_alone) return false;
        Stream stream;
        stream.handler = call.handler;
        stream.descriptor = static_cast<u32>(call.arguments[rule.descriptor]);
        stream.direction =
            rule.timing == CallTiming::Input ? CallStep::kBytesIn : CallStep::kBytesOut;
        bool const is_end = call.result == 0 || is_error(call.result);
        if (!is_end) sums_[stream].bytes += call.result;
        if (!is_end && is_cut_short(call)) sums_[stream].is_cut = true;
        auto const found = sums_.find(stream);
        if (found != sums_.end() && is_broken(call.result)) found->second.is_cut = true;
        if (is_end) end_sum(stream, position);
        return !is_end;
    }

    // What time decides, and what is no call of the program's.
    bool is_left_out(CallRecord const& call, CallRule const& rule) const
    {
        bool const failed = is_error(call.result);
        if (rule.timing == CallTiming::SignalReturn || call.number == SYS_rseq) return true;
        bool const is_exit = call.number == SYS_exit || call.number == SYS_exit_group;
        if (!call.is_finished) return !is_exit || &call != &task_.calls.back();
        if (is_interrupted(call.result)) return true;
        if (rule.timing == CallTiming::Clock) return !failed;
        if (call.is_alone) return false;
        if (would_block(call.result)) return rule.timing != CallTiming::None;
        if (rule.timing == CallTiming::Race) return !failed;
        if (call.number != SYS_wait4) return false;
        // For any child, and without waiting: what a shell does each time that it hears of a
        // signal.
        constexpr u64 kNoHang = 1;
        bool const is_any_child = static_cast<i32>(call.arguments[0]) <= 0;
        bool const is_asking = (call.arguments[2] & kNoHang) != 0;
        return is_any_child ? !failed || is_asking : call.result == 0;
    }

    StepValue value_of(char letter, u64 raw) const
    {
        switch (letter) {
        case 'n': return {StepValue::Kind::Number, raw};
        case 'i':
        case 'd': return {StepValue::Kind::Number, static_cast<u32>(raw)};
        case 'p':
        case 's': return {StepValue::Kind::Number, raw != 0};
        case 't': return {StepValue::Kind::Argument, static_cast<u64>(static_cast<i32>(raw))};
        default: return {};
        }
    }

    StepValue result_of(CallRecord const& call, CallRule const& rule)
    {
        u64 const result = call.result;
        if (call.number == SYS_brk) {
            if (!first_break_) first_break_ = result;
            return {StepValue::Kind::Number, result - *first_break_};
        }
        if (is_error(result)) return {StepValue::Kind::Number, result};
        switch (rule.result) {
        case 'a': {
            bool const is_as_asked = call.arguments[0] != 0 && call.arguments[0] == result;
            return {StepValue::Kind::Number, kSomewhere + (is_as_asked ? 1 : 0)};
        }
        case 'c': return {StepValue::Kind::Number, kSomewhere};
        case 't': return {StepValue::Kind::Task, result};
        default: break;
        }
        // How the host shows that the tracer has switched address randomisation off.
        constexpr u64 kNoRandomize = 0x0040000;
        if (call.number == SYS_personality)
            return {StepValue::Kind::Number, result & ~kNoRandomize};
        return {StepValue::Kind::Number, result};
    }

    void add(usize position)
    {
        CallRecord const& call = task_.calls[position];
        CallRule const& rule = rule_of(call.number);
        if (call.number == SYS_execve && call.is_finished && call.result == 0) first_break_.reset();
        if (is_left_out(call, rule)) return;
        if (add_to_sum(call, rule, position)) return;
        if (rule.closed >= 0) {
            end_sums(call, static_cast<u32>(call.arguments[rule.closed]), position);
        }
        CallStep step;
        step.number = call.number;
        step.call = position;
        bool const is_summed = !call.is_alone && (rule.timing == CallTiming::Input ||
                                                  rule.timing == CallTiming::Output);
        for (usize i = 0; i < std::strlen(rule.arguments); ++i) {
            // How much was asked for is the program's answer to what it had got.
            if (is_summed && rule.arguments[i] != 'd') continue;
            step.values[i] = value_of(rule.arguments[i], call.arguments[i]);
        }
        if (call.is_finished) step.values[kResult] = result_of(call, rule);
        steps_[call.handler].push_back(step);
    }

    TaskRecord const& task_;
    TaskSteps steps_;
    std::map<Stream, Sum> sums_;
    std::optional<u64> first_break_;
};

// A task's place, or nothing for a number that means none.
std::string_view place_of(CallLog const& log, u64 number)
{
    auto const value = static_cast<i32>(number);
    if (value > 0) return log.position_of(static_cast<u64>(value));
    return value < -1 ? log.position_of(static_cast<u64>(-static_cast<i64>(value)))
                      : std::string_view();
}

bool is_outside(CallLog const& log, u64 number) { return number == log.outside(); }

bool is_same_value(CallLog const& left_log,
                   StepValue const& left,
                   CallLog const& right_log,
                   StepValue const& right)
{
    if (left.kind != right.kind) return false;
    bool const is_same_number = left.number == right.number;
    if (left.kind == StepValue::Kind::Number) return is_same_number;
    if (left.kind == StepValue::Kind::Argument && is_same_number) return true;
    std::string_view const left_place = place_of(left_log, left.number);
    std::string_view const right_place = place_of(right_log, right.number);
    bool const is_negative = static_cast<i32>(left.number) < 0;
    if (is_negative != (static_cast<i32>(right.number) < 0)) return false;
    if (!left_place.empty() || !right_place.empty()) return left_place == right_place;
    if (is_outside(left_log, left.number) && is_outside(right_log, right.number)) return true;
    return is_same_number;
}

bool is_digit(char character) { return character >= '0' && character <= '9'; }

bool is_letter_or_digit(char character)
{
    char const lower = static_cast<char>(character | 0x20);
    return is_digit(character) || (lower >= 'a' && lower <= 'z');
}

// The run of such characters around `at`; `end` is where it ends.
template <typename Is>
std::string_view run_around(std::string_view text, usize at, Is const& is, usize& end)
{
    usize first = at;
    while (first > 0 && is(text[first - 1])) --first;
    end = at;
    while (end < text.size() && is(text[end])) ++end;
    return text.substr(first, end - first);
}

// 0 if there are too many digits.
u64 number_of(std::string_view digits)
{
    if (digits.size() > 9) return 0;
    u64 number = 0;
    for (char const digit : digits) number = number * 10 + static_cast<u64>(digit - '0');
    return number;
}

}  // namespace

bool is_same_text(CallLog const& left_log,
                  std::string_view left,
                  CallLog const& right_log,
                  std::string_view right)
{
    usize i = 0, j = 0;
    while (i < left.size() || j < right.size()) {
        if (i < left.size() && j < right.size() && left[i] == right[j]) {
            ++i;
            ++j;
            continue;
        }
        // Two words that differ: both end here if they mean the same.
        usize left_end = i, right_end = j;
        u64 const left_number = number_of(run_around(left, i, is_digit, left_end));
        u64 const right_number = number_of(run_around(right, j, is_digit, right_end));
        std::string_view const place = left_log.position_of(left_number);
        bool is_same = !place.empty() && place == right_log.position_of(right_number);
        if (!is_same) {
            constexpr usize kMadeUp = 6;
            usize const left_size = run_around(left, i, is_letter_or_digit, left_end).size();
            usize const right_size = run_around(right, j, is_letter_or_digit, right_end).size();
            is_same = left_size >= kMadeUp && left_size == right_size && left_end - i <= kMadeUp &&
                      left_end - i == right_end - j;
        }
        if (!is_same) return false;
        i = left_end;
        j = right_end;
    }
    return true;
}

TaskSteps steps_of(TaskRecord const& task) { return StepMaker(task).make(); }

bool is_same_step(CallLog const& left_log,
                  TaskRecord const& left_task,
                  CallStep const& left,
                  CallLog const& right_log,
                  TaskRecord const& right_task,
                  CallStep const& right)
{
    if (left.number != right.number) return false;
    for (usize i = 0; i < left.values.size(); ++i) {
        if (!is_same_value(left_log, left.values[i], right_log, right.values[i])) return false;
    }
    if (left.number >= CallStep::kBytesIn) return true;
    std::string const& left_text = left_task.calls[left.call].text;
    std::string const& right_text = right_task.calls[right.call].text;
    // A path that could not be read is not compared.
    if (left_text.empty() || right_text.empty()) return true;
    return is_same_text(left_log, left_text, right_log, right_text);
}

std::string describe_call(CallRecord const& call)
{
    CallRule const& rule = rule_of(call.number);
    usize const known = std::strlen(rule.arguments);
    usize const count = known > 0 ? known : (&rule == &rule_of(~u32{0}) ? 2 : 0);
    std::string text = name_of_call(call.number) + "(";
    for (usize i = 0; i < count; ++i) {
        if (i > 0) text += ", ";
        bool const is_text = i < known && rule.arguments[i] == 's' && !call.text.empty();
        bool const is_first = is_text && path_argument(call.number) == static_cast<int>(i);
        text +=
            is_first ? fmt::format("\"{}\"", call.text) : fmt::format("{:#x}", call.arguments[i]);
    }
    text += ")";
    if (!call.is_finished) return text;
    auto const value = static_cast<i64>(call.result);
    if (is_error(call.result)) {
        char const* const name = strerrorname_np(static_cast<int>(-value));
        return text + fmt::format(" = error {} ({})",
                                  -value,
                                  name == nullptr ? "to be started again" : name);
    }
    return text + (value >= 0 && value < 0x1'0000'0000 ? fmt::format(" = {}", value)
                                                       : fmt::format(" = {:#x}", call.result));
}

std::string describe_step(TaskRecord const& task, CallStep const& step)
{
    if (step.number < CallStep::kBytesIn) return describe_call(task.calls[step.call]);
    u64 const bytes = step.values[kResult].number;
    return fmt::format("(through descriptor {} until here: {} bytes {})",
                       step.values[0].number,
                       bytes == kSomewhere ? "some" : std::to_string(bytes),
                       step.number == CallStep::kBytesIn ? "in" : "out");
}

}  // namespace drydock::sim
