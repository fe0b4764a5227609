#include "sim/search/trial.h"

#include "sim/loss_report.h"
#include "sim/recipe_text.h"
#include "sim/search/suite_recipe.h"
#include "sim/suite/result_parser.h"

#include <algorithm>
#include <fmt/format.h>

namespace drydock::sim {

namespace {

// A kernel that makes no event for so long is taken to loop.
constexpr unsigned kKernelSeconds = 2;
// What a run may take in all before it is ended, in CPU seconds.
constexpr unsigned kRunSeconds = 60;

// Notes down what was decided.
class ChoiceCollector final : public RecordWatch {
public:
    void will_see(u64) override {}
    bool saw(TraceRecord const& record, u64) override
    {
        if (record.kind == kRecordChoice && record.c != 0) {
            choices_.push_back(
                {static_cast<Choice>(record.a & 0xff), record.b, static_cast<u32>(record.c)});
        }
        return false;
    }
    RecordedChoices const& choices() const { return choices_; }

private:
    RecordedChoices choices_{};
};

// Of a process that is gone: what its black box says.
Trial trial_of_loss(Recipe recipe, BlackBox const& box, Loss const& loss)
{
    Outcome const outcome = describe_loss(box, loss);
    Expectation& expected = recipe.expected.emplace();
    expected.kind = outcome.kind;
    expected.status = outcome.exit_status;
    expected.summary = outcome.summary;
    expected.events = box.ring.flushed + box.ring.used;
    Trial trial;
    trial.recipe = std::move(recipe);
    trial.results = box.results.load();
    trial.report = outcome.report;
    return trial;
}

}  // namespace

// A header with all decisions listed, then the number of results in a line, then the report.
std::string TrialRunner::run_in_child(Recipe const& recipe)
{
    ResultParser parser(order_of(recipe).value_or(Order{}));
    RunHooks hooks;
    hooks.kernel_loop_seconds = kKernelSeconds;
    hooks.output = [&](ConsoleStream stream, std::string_view text) {
        if (stream != ConsoleStream::Output) return;
        parser.take(text);
        box_->results.store(parser.results().size(), std::memory_order_relaxed);
    };
    RecipeRun run(recipe, root_, hooks);
    run.simulation().machine().log().collect_in(box_->ring);
    ChoiceCollector collector;
    run.simulation().machine().set_watch(&collector);
    RunResult const result = run.finish();
    Recipe found = recipe;
    found.expected = expectation_of(result);
    found.choices = collector.choices();
    return fmt::format(
        "{}{}\n{}", print_recipe(found), parser.results().size(), result.outcome.report);
}

Trial TrialRunner::run(Recipe const& recipe)
{
    ++count_;
    box_.reset();
    IsolatedEnd const end = run_isolated(*box_, kRunSeconds, [&] { return run_in_child(recipe); });
    if (end.loss) return trial_of_loss(recipe, *box_, *end.loss);
    ParsedRecipe const parsed = parse_recipe(end.text);
    Trial trial;
    trial.recipe = recipe;
    trial.recipe.expected = parsed.recipe.expected;
    trial.choices = parsed.recipe.choices.value_or(RecordedChoices{});
    usize const line_end = parsed.rest.find('\n');
    trial.results = std::stoull(std::string(parsed.rest.substr(0, line_end)));
    trial.report = parsed.rest.substr(line_end + 1);
    return trial;
}

bool is_same_failure(Trial const& wanted, Trial const& found)
{
    Expectation const& there = wanted.found();
    Expectation const& here = found.found();
    if (there.kind == OutcomeKind::Exited) {
        return here.kind == OutcomeKind::Exited && here.status == there.status;
    }
    bool const is_any = wanted.recipe.stack_mode == StackMode::Unguarded;
    return is_any ? here.kind != OutcomeKind::Exited : here.kind == there.kind;
}

}  // namespace drydock::sim
