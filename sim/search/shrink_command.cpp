#include "sim/search/shrink_command.h"

#include "sim/command_line.h"
#include "sim/file_bytes.h"
#include "sim/host/host_usage.h"
#include "sim/host/kernel_variant.h"
#include "sim/replay.h"
#include "sim/search/shrink.h"
#include "sim/search/suite_recipe.h"

#include <cstdio>
#include <fmt/format.h>

namespace drydock::sim {

namespace {

constexpr int kShrunk = 0;
constexpr int kNotShrunk = 1;

void find_kernel(Recipe const& recipe, std::string const& path, char** arguments)
{
    if (recipe.build.kernel_variant == this_build().kernel_variant) return;
    try {
        become_kernel(recipe.build.kernel_variant, arguments);
    } catch (std::runtime_error const& error) {
        throw UsageError(fmt::format("{}: recorded on another kernel: {}", path, error.what()));
    }
}

RootArchive tree_of(Recipe const& recipe, std::string const& path)
{
    try {
        return root_of(recipe, ChangedFiles::Taken);
    } catch (std::runtime_error const& error) {
        throw UsageError(fmt::format("{}: {}", path, error.what()));
    }
}

std::string describe_steps(Shrunk const& shrunk)
{
    std::optional<Steps> const steps = steps_of(shrunk.trial.recipe);
    if (!steps) return {};
    return fmt::format("{} {} of {}: {}\n",
                       steps->size(),
                       order_of(shrunk.trial.recipe) ? "benchmarks" : "lines",
                       shrunk.steps_before,
                       name_of_failure(shrunk.trial));
}

std::string describe_decisions(Shrunk const& shrunk)
{
    Recipe const& recipe = shrunk.trial.recipe;
    usize const kept = recipe.choices ? recipe.choices->size() : shrunk.trial.choices.size();
    if (shrunk.choices_before == 0) return {};
    return fmt::format("{} decisions of {} other than the default\n", kept, shrunk.choices_before);
}

void tell(Shrunk const& shrunk, ShrinkRequest const& request, u64 wall_ns)
{
    Expectation const& found = shrunk.trial.found();
    std::string text = describe_steps(shrunk) + describe_decisions(shrunk);
    text += fmt::format("{} (status {}): {}\n{}",
                        outcome_name(found.kind),
                        found.status,
                        found.summary,
                        shrunk.trial.report);
    if (!text.ends_with('\n')) text += '\n';
    text += fmt::format("{} executions, {:.1f} s{}; {}\nwritten to {}\n",
                        shrunk.executions,
                        static_cast<double>(wall_ns) / 1e9,
                        shrunk.is_minimal ? "" : ", which ran out before it was minimal",
                        shrunk.is_verified ? "run again, it took the same way"
                                           : "run again, it took another way",
                        request.output_path);
    std::fwrite(text.data(), 1, text.size(), stdout);
    std::fflush(stdout);
}

}  // namespace

int shrink_file(ShrinkRequest const& given, char** arguments)
{
    ShrinkRequest request = given;
    if (request.output_path.empty()) request.output_path = request.path + ".min";
    Trace const trace = read_trace(request.path);
    std::string const refusal = refusal_of(trace);
    if (!refusal.empty()) throw UsageError(fmt::format("{}: {}", request.path, refusal));
    find_kernel(trace.recipe, request.path, arguments);
    if (!trace.recipe.console.is_input_kept()) {
        throw UsageError(fmt::format("{}: the run had more standard input than a header keeps, so "
                                     "it cannot be run here",
                                     request.path));
    }
    check_writable(request.output_path);
    u64 const began = host_monotonic_ns();
    RootArchive const root = tree_of(trace.recipe, request.path);
    TrialRunner runner(root);
    bool const shows_progress = !request.is_quiet && is_host_terminal(2);
    Shrunk shrunk =
        shrink(trace.recipe, runner, {request.executions}, [&](std::string const& left) {
            if (shows_progress) fmt::print(stderr, "execution {}: {}\n", runner.count(), left);
        });
    if (!shrunk.has_failed) {
        fmt::print("{}: the run does not fail: {}\n", request.path, shrunk.trial.found().summary);
        return kNotShrunk;
    }
    shrunk.trial.recipe.build = this_build();
    shrunk.trial.recipe.tree_hash = root.hash;
    write_file(request.output_path, print_recipe(shrunk.trial.recipe));
    if (!request.is_quiet) tell(shrunk, request, host_monotonic_ns() - began);
    return shrunk.is_verified ? kShrunk : kNotShrunk;
}

ShrinkCommand::ShrinkCommand(CommandLine& line)
    : command_(line.add_command("shrink", "Make a failing run as small as still fails"))
{
    Command shrink = command_;
    ShrinkRequest& to = request_;
    shrink.add_option("file", to.path, "A trace of the run, or its header").required();
    shrink.add_option("--out", to.output_path, "Where the small one goes (default: FILE.min)");
    shrink.add_option("--executions", to.executions, "Run it at most so often (default 200)")
        .between(1, 1'000'000);
    shrink.add_flag("--quiet", to.is_quiet, "Only the file and the exit status");
}

bool ShrinkCommand::is_chosen() const { return command_.is_chosen(); }

}  // namespace drydock::sim
