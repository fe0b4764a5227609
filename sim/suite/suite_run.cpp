#include "sim/suite/suite_run.h"

#include <algorithm>
#include <cstring>
#include <fmt/format.h>

namespace drydock::sim {

namespace {

constexpr u64 kStepInstructions = 5'000'000;

Program make_program(bool is_full)
{
    Program program;
    program.path = kSuitePath;
    program.arguments = {kSuitePath, is_full ? "--full" : "--quick"};
    program.environment = {"PATH=/bin:/sbin:/usr/bin:/usr/sbin", "HOME=/root", "TERM=linux"};
    return program;
}

// Which benchmark was running when the run ended, for people.
std::string place_of(Order const& order, usize results)
{
    if (results >= order.size()) return "after the last benchmark";
    return fmt::format(
        "in benchmark {} of {}, {}", results + 1, order.size(), benchmarks()[order[results]].name);
}

std::string problem_of(SuiteRecorder const& recorder, Outcome const& outcome)
{
    Order const& order = recorder.order();
    std::string const problem = describe_problem(order, recorder.runs().size(), outcome);
    if (!problem.empty()) return problem;
    if (!recorder.parser().problem().empty()) return recorder.parser().problem();
    if (recorder.parser().is_complete()) return {};
    return fmt::format("the suite stopped {}", place_of(order, recorder.runs().size()));
}

}  // namespace

std::string describe_problem(Order const& order, usize results, Outcome const& outcome)
{
    std::string const place = place_of(order, results);
    if (outcome.kind != OutcomeKind::Exited) {
        std::string const name = outcome_name(outcome.kind);
        bool const is_named = outcome.summary.starts_with(name);
        return fmt::format("{}: {}{}", place, is_named ? "" : name + ": ", outcome.summary);
    }
    if (outcome.exit_status == 0) return {};
    return fmt::format("{}: the suite {}", place, outcome.summary);
}

Program suite_program(Order const& order, bool is_full)
{
    Program program = make_program(is_full);
    for (usize const place : order) program.arguments.emplace_back(benchmarks()[place].name);
    return program;
}

Program suite_program_reading_names(bool is_full)
{
    Program program = make_program(is_full);
    program.arguments.emplace_back("-");
    return program;
}

ConsoleMode SuiteRecorder::mode()
{
    ConsoleMode mode;
    for (bool& is_terminal : mode.is_terminal) is_terminal = false;
    return mode;
}

ConsoleRead SuiteRecorder::read(Bytes target)
{
    if (name_.empty() && names_given_ < order_.size()) {
        name_ = std::string(benchmarks()[order_[names_given_]].name) + "\n";
        ++names_given_;
    }
    if (name_.empty() && target.size() > 0) return {ConsoleRead::Status::EndOfFile, 0};
    usize const size = std::min(target.size(), name_.size());
    std::memcpy(target.data(), name_.data(), size);
    name_.erase(0, size);
    return {ConsoleRead::Status::Data, size};
}

bool SuiteRecorder::write(ConsoleStream stream, ConstBytes bytes)
{
    std::string_view const text(reinterpret_cast<char const*>(bytes.data()), bytes.size());
    if (stream == ConsoleStream::Error) {
        errors_ += text;
        return true;
    }
    output_ += text;
    usize const known = runs_.size();
    usize const added = parser_.take(text);
    for (usize index = known; index < known + added; ++index) {
        runs_.push_back({parser_.results()[index], meter_.take()});
        if (on_result_) on_result_(runs_.back());
    }
    return true;
}

SuiteResult run_suite(Simulation& simulation,
                      SuiteRecorder& recorder,
                      std::function<void()> const& between_steps)
{
    simulation.machine().set_observer(&recorder.meter());
    while (!simulation.step({kStepInstructions, ~u64{0}})) {
        if (between_steps) between_steps();
    }
    simulation.conclude();
    simulation.machine().set_observer(nullptr);
    SuiteResult result;
    result.runs = recorder.runs();
    result.results_seen = result.runs.size();
    result.output = recorder.output();
    result.errors = recorder.errors();
    result.outcome = simulation.outcome();
    result.figures = simulation.figures();
    result.problem = problem_of(recorder, result.outcome);
    result.is_complete = result.problem.empty();
    return result;
}

}  // namespace drydock::sim
