#pragma once

// Makes a failing run small: as few benchmarks or lines of a script as still fail, then as few
// decisions of the scheduler and injected failures.

#include "sim/search/steps.h"
#include "sim/search/trial.h"

#include <functional>
#include <optional>
#include <string>

namespace drydock::sim {

struct ShrinkLimits {
    u64 executions = 200;
};

struct Shrunk {
    bool has_failed = false;   // The run as it was given failed when it was run again.
    Trial trial{};             // The smallest that fails; without a failure, the one as given.
    bool is_minimal = false;   // Nothing can be left out of it; false if executions ran out.
    bool is_verified = false;  // Run once more, it took the same way to the same end.
    u64 executions = 0;
    usize steps_before = 0;
    usize choices_before = 0;  // Decisions other than the default.
};

// Told after each execution that made the run smaller, with what is left.
using ShrinkProgress = std::function<void(std::string const&)>;

// Throws std::runtime_error if the host cannot run it.
Shrunk shrink(Recipe const& recipe,
              TrialRunner& runner,
              ShrinkLimits const& limits,
              ShrinkProgress const& progress = {});

// Which step makes which fail; for a run without steps, its command.
std::string name_of_failure(Trial const& trial);

}  // namespace drydock::sim
