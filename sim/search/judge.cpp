#include "sim/search/judge.h"

#include <algorithm>
#include <fmt/format.h>

namespace drydock::sim {

namespace {

constexpr u64 kSlackShare = 10;
constexpr u64 kLeastSlack = 16;

std::string describe_result(AloneFigures const& figures)
{
    std::string text = figures.is_skipped ? "skipped, " + figures.reason
                                          : fmt::format("{} iterations", figures.iterations);
    if (!figures.output.empty()) text += fmt::format(", {} bytes printed", figures.output.size());
    return text;
}

}  // namespace

AloneFigures figures_of(BenchmarkRun const& run)
{
    return {run.result.is_skipped,
            run.result.reason,
            run.result.output,
            run.result.iterations,
            run.figures.demand_faults};
}

std::string problem_of(AloneTable const& alone, BenchmarkRun const& run)
{
    std::optional<AloneFigures> const& expected = alone.at(run.result.benchmark);
    if (!expected) return {};
    std::string const name{benchmarks()[run.result.benchmark].name};
    AloneFigures found = figures_of(run);
    u64 const faults = found.demand_faults;
    found.demand_faults = expected->demand_faults;
    if (found != *expected) {
        std::string here = describe_result(found);
        std::string there = describe_result(*expected);
        if (here == there) here += " of another text";
        return fmt::format("{}: {}; alone: {}", name, here, there);
    }
    u64 const slack = std::max(expected->demand_faults / kSlackShare, kLeastSlack);
    if (faults <= expected->demand_faults + slack) return {};
    return fmt::format("{}: {} demand faults; alone: {}", name, faults, expected->demand_faults);
}

bool injects_failures(Recipe const& recipe)
{
    if (!recipe.choices) return recipe.faults != FaultPlan{};
    return std::any_of(
        recipe.choices->begin(), recipe.choices->end(), [](RecordedChoice const& choice) {
            return choice.site != Choice::NextThread;
        });
}

bool may_wait_for_ever(RecordedChoices const& choices)
{
    return std::any_of(choices.begin(), choices.end(), [](RecordedChoice const& choice) {
        return choice.site == Choice::FailAllocation;
    });
}

}  // namespace drydock::sim
