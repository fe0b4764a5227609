#include "sim/diff/call_steps.h"
#include "sim/diff/diff.h"
#include "sim/text_difference.h"

#include <algorithm>
#include <fmt/format.h>

namespace drydock::sim {

namespace {

constexpr usize kCallsAfter = 4;

// A task of one side, with what is compared of it.
struct SideTask {
    ProgramRun const& run;
    TaskRecord const& task;
    TaskSteps steps{};

    std::vector<CallStep> const& steps_in(u32 handler) const
    {
        static std::vector<CallStep> const kNone;
        auto const found = steps.find(handler);
        return found == steps.end() ? kNone : found->second;
    }
};

struct Difference {
    std::string position{};
    u32 handler = 0;
    usize step = 0;
    u64 order = 0;  // Of the left side's event there, or its last one.
};

// Where two sequences part. Of a sequence that was cut (sim/diff/diff.h) what is missing is no
// difference.
std::optional<usize> first_difference(SideTask const& left, SideTask const& right, u32 handler)
{
    std::vector<CallStep> const& left_steps = left.steps_in(handler);
    std::vector<CallStep> const& right_steps = right.steps_in(handler);
    usize const common = std::min(left_steps.size(), right_steps.size());
    for (usize i = 0; i < common; ++i) {
        if (!is_same_step(left.run.log,
                          left.task,
                          left_steps[i],
                          right.run.log,
                          right.task,
                          right_steps[i])) {
            return i;
        }
    }
    bool const left_is_longer = left_steps.size() > right_steps.size();
    bool const right_is_longer = right_steps.size() > left_steps.size();
    if (handler != 0) return std::nullopt;
    if (left_is_longer && right.task.has_left()) return common;
    if (right_is_longer && left.task.has_left()) return common;
    return std::nullopt;
}

u64 order_at(SideTask const& side, u32 handler, usize step)
{
    std::vector<CallStep> const& steps = side.steps_in(handler);
    if (step < steps.size()) return side.task.calls[steps[step].call].order;
    return side.task.calls.empty() ? 0 : side.task.calls.back().order;
}

void keep_first(std::optional<Difference>& first, SideTask const& left, SideTask const& right)
{
    std::vector<u32> handlers;
    for (auto const& [handler, steps] : left.steps) handlers.push_back(handler);
    for (auto const& [handler, steps] : right.steps) {
        if (!left.steps.contains(handler)) handlers.push_back(handler);
    }
    for (u32 const handler : handlers) {
        std::optional<usize> const step = first_difference(left, right, handler);
        if (!step) continue;
        u64 const order = order_at(left, handler, *step);
        if (first && order >= first->order) continue;
        first = Difference{left.task.position, handler, *step, order};
    }
}

std::string show_from(SideTask const& side, u32 handler, usize step)
{
    std::vector<CallStep> const& steps = side.steps_in(handler);
    std::string text = fmt::format("  {}:\n", side.run.name);
    if (step >= steps.size()) text += "    (no more calls that are compared)\n";
    usize const end = std::min(steps.size(), step + 1 + kCallsAfter);
    for (usize i = step; i < end; ++i) {
        text += fmt::format("  {} {}\n", i == step ? ">" : " ", describe_step(side.task, steps[i]));
    }
    return text;
}

// The last calls of a task before this one, as they were made.
std::string show_before(SideTask const& side, u32 handler, usize step, usize context)
{
    std::vector<CallStep> const& steps = side.steps_in(handler);
    usize const end = step < steps.size() ? steps[step].call : side.task.calls.size();
    usize const first = end > context ? end - context : 0;
    std::string text;
    for (usize i = first; i < end; ++i) {
        text += fmt::format("    {}\n", describe_call(side.task.calls[i]));
    }
    return text;
}

std::string describe(Difference const& difference,
                     SideTask const& left,
                     SideTask const& right,
                     usize context)
{
    std::string const where = difference.handler == 0
                                  ? ""
                                  : fmt::format(" in the handler of signal {}", difference.handler);
    std::string text = fmt::format("the system calls of task {}{} differ ({} {}, {} {})\n",
                                   difference.position,
                                   where,
                                   left.run.name,
                                   left.task.number,
                                   right.run.name,
                                   right.task.number);
    std::string const before = show_before(left, difference.handler, difference.step, context);
    if (!before.empty()) text += fmt::format("  before, in {}:\n{}", left.run.name, before);
    return text + show_from(left, difference.handler, difference.step) +
           show_from(right, difference.handler, difference.step);
}

SideTask side_task(ProgramRun const& run, TaskRecord const& task)
{
    return {run, task, steps_of(task)};
}

std::string describe_call_difference(ProgramRun const& left, ProgramRun const& right, usize context)
{
    std::optional<Difference> first;
    for (TaskRecord const& task : left.log.tasks()) {
        TaskRecord const* const other = right.log.find(task.position);
        if (other != nullptr) keep_first(first, side_task(left, task), side_task(right, *other));
    }
    if (!first) return {};
    return describe(*first,
                    side_task(left, *left.log.find(first->position)),
                    side_task(right, *right.log.find(first->position)),
                    context);
}

std::string describe_end_differences(ProgramRun const& left, ProgramRun const& right)
{
    std::string text;
    for (TaskRecord const& task : left.log.tasks()) {
        TaskRecord const* const other = right.log.find(task.position);
        if (other == nullptr || !task.status || !other->status) continue;
        if (task.status == other->status) continue;
        text +=
            fmt::format("the end of process {} differs: {} {:#x}, {} {:#x} (as wait(2) tells it)\n",
                        task.position,
                        left.name,
                        *task.status,
                        right.name,
                        *other->status);
    }
    return text;
}

}  // namespace

std::string describe_differences(ProgramRun const& left, ProgramRun const& right, usize context)
{
    std::string text = describe_call_difference(left, right, context);
    text += describe_end_differences(left, right);
    SameLine const is_same = [&left, &right](std::string_view one, std::string_view other) {
        return is_same_text(left.log, one, right.log, other);
    };
    text += describe_text_difference(
        "output", {left.name, left.output}, {right.name, right.output}, is_same);
    text += describe_text_difference(
        "error", {left.name, left.errors}, {right.name, right.errors}, is_same);
    for (ProgramRun const* const side : {&left, &right}) {
        if (!side->failure.empty()) text += fmt::format("{}: {}\n", side->name, side->failure);
    }
    if (!left.failure.empty() || !right.failure.empty()) return text;
    return text + describe_status_difference(left.name, left.status, right.name, right.status);
}

std::string summarize(ProgramRun const& side)
{
    return fmt::format("{} tasks, {} system calls, exit status {}",
                       side.log.tasks().size(),
                       side.log.call_count(),
                       side.status);
}

}  // namespace drydock::sim
