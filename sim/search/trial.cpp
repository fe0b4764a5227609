#include "sim/search/trial.h"

#include "sim/loss_report.h"
#include "sim/recipe_text.h"
#include "sim/search/steps.h"
#include "sim/search/suite_recipe.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace drydock::sim {

namespace {

using Json = nlohmann::ordered_json;

// A kernel that makes no event for so long is taken to loop.
constexpr unsigned kKernelSeconds = 2;
// What a run may take in all before it is ended, in CPU seconds.
constexpr unsigned kRunSeconds = 60;
// Of what a program complains, for people.
constexpr usize kLongestLine = 200;

}  // namespace

bool ChoiceCollector::saw(TraceRecord const& record, u64)
{
    if (record.kind == kRecordChoice && record.c != 0) {
        choices_.push_back(
            {static_cast<Choice>(record.a & 0xff), record.b, static_cast<u32>(record.c)});
    }
    return false;
}

Trial trial_of_loss(Recipe recipe, BlackBox const& box, Loss const& loss)
{
    Outcome const outcome = describe_loss(box, loss);
    Expectation& expected = recipe.expected.emplace();
    expected.kind = outcome.kind;
    expected.status = outcome.exit_status;
    expected.summary = outcome.summary;
    expected.events = box.ring.flushed + box.ring.used;
    expected.hash = std::string(32, '0');
    Trial trial;
    trial.recipe = std::move(recipe);
    trial.results = box.results.load();
    trial.report = outcome.report;
    return trial;
}

std::string print_trial(Trial const& trial)
{
    Json choices = Json::array();
    for (RecordedChoice const& choice : trial.choices) {
        choices.push_back({static_cast<u32>(choice.site), choice.index, choice.answer});
    }
    Json const json = {{"header", print_recipe(trial.recipe)},
                       {"choices", choices},
                       {"results", trial.results},
                       {"report", trial.report},
                       {"problem", trial.problem}};
    return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

Trial parse_trial(std::string_view text)
{
    try {
        Json const json = Json::parse(text);
        Trial trial;
        trial.recipe = parse_recipe(json.at("header").get<std::string>()).recipe;
        for (Json const& choice : json.at("choices")) {
            u32 const site = choice.at(0).get<u32>();
            if (site >= kChoiceCount) throw std::runtime_error("not the result of a run");
            trial.choices.push_back(
                {static_cast<Choice>(site), choice.at(1).get<u64>(), choice.at(2).get<u32>()});
        }
        trial.results = json.at("results").get<usize>();
        trial.report = json.at("report").get<std::string>();
        trial.problem = json.at("problem").get<std::string>();
        return trial;
    } catch (Json::exception const& error) {
        throw std::runtime_error(fmt::format("not the result of a run: {}", error.what()));
    }
}

// Looks at what the guest prints: results of the suite, or the last words of another program.
class TrialRunner::Listener {
public:
    Listener(Recipe const& recipe, AloneTable const* alone, BlackBox& box)
        : is_suite_(order_of(recipe).has_value())
        , judges_(alone != nullptr && !injects_failures(recipe))
        , alone_(alone)
        , box_(box)
        , parser_(order_of(recipe).value_or(Order{}))
    {}

    RegionMeter& meter() { return meter_; }
    void take(ConsoleStream stream, std::string_view text)
    {
        if (!is_suite_) return take_words(text);
        if (stream != ConsoleStream::Output || parser_.take(text) == 0) return;
        BenchmarkRun const run{parser_.results().back(), meter_.take()};
        box_.results.store(parser_.results().size(), std::memory_order_relaxed);
        if (judges_ && problem_.empty()) problem_ = problem_of(*alone_, run);
        // What comes after it is of no interest, and the place is part of the verdict.
        if (problem_.empty()) ++results_;
    }
    usize results() const { return results_; }
    std::string problem(int status) const
    {
        if (is_suite_) return problem_;
        return status == 0 ? std::string() : last_line_;
    }

private:
    void take_words(std::string_view text)
    {
        for (char const character : text) {
            if (character == '\n') {
                if (!line_.empty()) last_line_ = line_;
                line_.clear();
            } else if (line_.size() < kLongestLine) {
                line_ += character;
            }
        }
    }

    bool is_suite_;
    bool judges_;
    AloneTable const* alone_;
    BlackBox& box_;
    ResultParser parser_;
    RegionMeter meter_{};
    usize results_ = 0;
    std::string problem_{};
    std::string line_{};
    std::string last_line_{};
};

std::string TrialRunner::run_in_child(Recipe const& recipe)
{
    Listener listener(recipe, alone_, *box_);
    RunHooks hooks;
    hooks.kernel_loop_seconds = kKernelSeconds;
    hooks.output = [&](ConsoleStream stream, std::string_view text) {
        listener.take(stream, text);
    };
    RecipeRun run(recipe, root_, hooks);
    Machine& machine = run.simulation().machine();
    machine.log().collect_in(box_->ring);
    machine.set_observer(&listener.meter());
    ChoiceCollector collector;
    machine.set_watch(&collector);
    RunResult const result = run.finish();
    machine.set_observer(nullptr);
    Trial trial;
    trial.recipe = recipe;
    trial.recipe.expected = expectation_of(result);
    trial.choices = collector.choices();
    trial.report = result.outcome.report;
    trial.results = listener.results();
    trial.problem = listener.problem(result.outcome.exit_status);
    return print_trial(trial);
}

Trial TrialRunner::run(Recipe const& recipe)
{
    ++count_;
    box_.reset();
    IsolatedEnd const end = run_isolated(*box_, kRunSeconds, [&] { return run_in_child(recipe); });
    if (end.loss) return trial_of_loss(recipe, *box_, *end.loss);
    return parse_trial(end.text);
}

bool is_failure(Trial const& trial)
{
    Expectation const& found = trial.found();
    // A thread that could run but does not is the kernel's fault, whatever was injected.
    bool const all_wait = found.kind == OutcomeKind::NoProgress &&
                          found.summary == kEveryThreadBlocked &&
                          trial.report.find(": ready") == std::string::npos;
    if (all_wait && may_wait_for_ever(trial.choices)) return false;
    if (found.kind != OutcomeKind::Exited) return true;
    if (injects_failures(trial.recipe)) return false;
    return found.status != 0 || !trial.problem.empty();
}

std::string signature_of(Trial const& trial)
{
    Expectation const& found = trial.found();
    bool const is_exit = found.kind == OutcomeKind::Exited;
    bool const is_any = trial.recipe.stack_mode == StackMode::Unguarded && !is_exit;
    if (is_any) return "a failure of the kernel with unguarded stacks";
    if (is_exit && !trial.problem.empty()) return without_numbers(trial.problem);
    std::string const summary = without_numbers(found.summary);
    return fmt::format("{}: {}", outcome_name(found.kind), summary);
}

bool is_same_failure(Trial const& wanted, Trial const& found)
{
    Expectation const& there = wanted.found();
    Expectation const& here = found.found();
    if (there.kind == OutcomeKind::Exited) {
        return here.kind == OutcomeKind::Exited && here.status == there.status &&
               found.problem.empty() == wanted.problem.empty();
    }
    bool const is_any = wanted.recipe.stack_mode == StackMode::Unguarded;
    return is_any ? here.kind != OutcomeKind::Exited : here.kind == there.kind;
}

}  // namespace drydock::sim
