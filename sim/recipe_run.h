#pragma once

// Runs recipes: what `drydock run` and `drydock replay` do, and what a search does many times.

#include "sim/replay_console.h"
#include "sim/simulation.h"

#include <functional>
#include <string>

namespace drydock::sim {

// What whoever starts a run wants of it. Nothing here changes the run.
struct RunHooks {
    unsigned slot = 0;
    std::string trace_path{};        // Empty: no trace is written.
    ReplayConsole::Output output{};  // What the guest prints; may be empty.
    std::function<void(std::string const&)> on_invalid_opcode{};
    // CPU seconds of the host that the kernel may take between two events.
    unsigned kernel_loop_seconds = 10;
};

struct RunResult {
    Outcome outcome{};
    RunFigures figures{};
    EventMarks marks{};
    std::optional<PrintedTexts> printed{};
};

SimulationOptions options_of(Recipe const& recipe, RunHooks const& hooks);
// The reverse, as far as options tell: without console, file tree and result.
Recipe recipe_of(SimulationOptions const& options);
Expectation expectation_of(RunResult const& result);

// Builds the recipe's file tree. Throws std::runtime_error where files are missing or changed;
// whether the tree as a whole is the recorded one is for the caller to ask (RootArchive::hash).
RootArchive root_of(Recipe const& recipe, ChangedFiles changed = ChangedFiles::Refused);

// One run of a recipe, in steps or at once. Precondition: standard input is kept in the recipe.
class RecipeRun {
public:
    // `root` is borrowed for the call. Throws std::runtime_error with a reason for people.
    RecipeRun(Recipe recipe, RootArchive const& root, RunHooks const& hooks);

    Simulation& simulation() { return simulation_; }
    // Runs what is left, then the oracles of the quiet point.
    RunResult finish();

private:
    Recipe recipe_;
    ReplayConsole console_;
    Simulation simulation_;
};

// The whole of it: tree, machine, run, result.
RunResult run_recipe(Recipe const& recipe, RunHooks const& hooks = {});

// Whether a run ended as another one: kind and exit status.
bool is_same_end(Expectation const& expected, Outcome const& outcome);

}  // namespace drydock::sim
