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
std::string place_of(SuiteRecorder const& recorder, Order const& order)
{
    usize const done = recorder.runs().size();
    if (done >= order.size()) return "after the last benchmark";
    return fmt::format(
        "in benchmark {} of {}, {}", done + 1, order.size(), benchmarks()[order[done]].name);
}

std::string problem_of(SuiteRecorder const& recorder, Order const& order, Outcome const& outcome)
{
    if (outcome.kind != OutcomeKind::Exited) {
        return fmt::format(
            "{} {}: {}", outcome_name(outcome.kind), place_of(recorder, order), outcome.summary);
    }
    if (outcome.exit_status != 0) {
        return fmt::format("the suite {} {}", outcome.summary, place_of(recorder, order));
    }
    if (!recorder.parser().problem().empty()) return recorder.parser().problem();
    if (!recorder.parser().is_complete()) {
        return fmt::format("the suite stopped {}", place_of(recorder, order));
    }
    return {};
}

}  // namespace

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
    result.output = recorder.output();
    result.errors = recorder.errors();
    result.outcome = simulation.outcome();
    result.figures = simulation.figures();
    result.problem = problem_of(recorder, recorder.order(), result.outcome);
    result.is_complete = result.problem.empty();
    return result;
}

}  // namespace drydock::sim
