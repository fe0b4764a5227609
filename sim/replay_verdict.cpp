#include "sim/replay_verdict.h"

#include "sim/trace_diff.h"
#include "sim/trace_text.h"

#include <algorithm>
#include <fmt/format.h>

namespace drydock::sim {

namespace {

std::string describe_end(OutcomeKind kind, int status, std::string const& summary)
{
    return fmt::format("{} (status {}): {}", outcome_name(kind), status, summary);
}

std::string describe_end(Outcome const& outcome)
{
    return describe_end(outcome.kind, outcome.exit_status, outcome.summary);
}

// What is not as it was, so that events need not be the same; empty if everything is.
std::string different_world(Recipe const& recipe, std::string const& tree_hash)
{
    BuildIdentity const here = this_build();
    if (recipe.build.kernel_variant != here.kernel_variant || recipe.build.kernel != here.kernel) {
        return "another kernel";
    }
    if (recipe.build.simulator != here.simulator) return "another simulator";
    if (recipe.tree_hash != tree_hash) return "another file tree";
    // What an overflowing stack overwrites depends on the frames that the compiler made.
    bool const is_of_build =
        recipe.stack_mode == StackMode::Unguarded && recipe.build.compiler != here.compiler;
    return is_of_build ? "unguarded stacks by another compiler" : "";
}

ReplayVerdict judge_other_end(Expectation const& expected, Outcome const& outcome)
{
    return {false,
            fmt::format("the recorded run ended: {}\nthis one ended:         {}\n{}",
                        describe_end(expected.kind, expected.status, expected.summary),
                        describe_end(outcome),
                        outcome.report)};
}

ReplayVerdict judge_other_text(PrintedTexts const& recorded,
                               PrintedTexts const& now,
                               Outcome const& outcome)
{
    std::string text =
        fmt::format("this run ended as the recorded one, {}\n", describe_end(outcome));
    for (usize stream = 0; stream < 2; ++stream) {
        if (recorded[stream] == now[stream]) continue;
        text +=
            fmt::format("and did not print the same to standard {}: {} bytes recorded, {} now\n",
                        stream == 0 ? "output" : "error",
                        recorded[stream].size,
                        now[stream].size);
    }
    return {false, text};
}

ReplayVerdict judge_hash(Expectation const& expected, RunResult const& result)
{
    if (expected.hash == result.figures.trace_hash) {
        return {true,
                fmt::format("{} events as recorded, hash {}\nthe outcome came again: {}\n",
                            result.figures.events,
                            result.figures.trace_hash,
                            describe_end(result.outcome))};
    }
    EventWindow window = compare_marks(expected.marks, result.marks);
    if (!window.is_different) window.to = std::max(expected.events, result.figures.events);
    return {false,
            fmt::format("the outcome is the same, the events are not: hash {} recorded, {} now; "
                        "the first that differs is one of {} to {}\n",
                        expected.hash,
                        result.figures.trace_hash,
                        window.from,
                        window.to - 1)};
}

}  // namespace

ReplayVerdict judge_end(Trace const& trace, RunResult const& result, std::string const& tree_hash)
{
    Recipe const& recipe = trace.recipe;
    if (!recipe.expected) {
        return {true,
                fmt::format("the header expects nothing; the run ended: {}\n",
                            describe_end(result.outcome))};
    }
    Expectation const& expected = *recipe.expected;
    if (!is_same_end(expected, result.outcome)) return judge_other_end(expected, result.outcome);
    if (expected.printed && result.printed && *expected.printed != *result.printed) {
        return judge_other_text(*expected.printed, *result.printed, result.outcome);
    }
    bool const has_events = trace.kind == TraceKind::WithEvents;
    if (has_events && result.figures.events != expected.events) {
        return {false,
                fmt::format("the run ended after {} events, the recorded one had {}\n{}",
                            result.figures.events,
                            expected.events,
                            describe_context(trace.records, result.figures.events))};
    }
    std::string const other = different_world(recipe, tree_hash);
    if (!has_events && !other.empty()) {
        return {true,
                fmt::format("{} events, hash {}; recorded with {}, so they were not compared\n"
                            "the outcome came again: {}\n",
                            result.figures.events,
                            result.figures.trace_hash,
                            other,
                            describe_end(result.outcome))};
    }
    return judge_hash(expected, result);
}

ReplayVerdict judge_difference(Trace const& trace,
                               ReplayWatch const& watch,
                               std::string const& state)
{
    u64 const index = *watch.difference();
    return {false,
            fmt::format("event {} differs\nrecorded:\n{}now:\n  > {:>9} {}\nstate:\n{}",
                        index,
                        describe_context(trace.records, index),
                        index,
                        describe_record(watch.found()),
                        state)};
}

ReplayVerdict judge_loss(Trace const& trace, Outcome const& outcome)
{
    std::optional<Expectation> const& expected = trace.recipe.expected;
    if (expected && !is_same_end(*expected, outcome)) return judge_other_end(*expected, outcome);
    return {true,
            fmt::format("{}: {}\n",
                        expected ? "the outcome came again" : "the run ended",
                        describe_end(outcome))};
}

}  // namespace drydock::sim
