#pragma once

// Whether a replay came to what was recorded, in words.

#include "sim/recipe_run.h"
#include "sim/replay.h"
#include "sim/trace_reader.h"

#include <string>

namespace drydock::sim {

struct ReplayVerdict {
    bool is_same = false;
    std::string text{};  // Lines for people.
};

// A replay that ran to its end. `tree_hash` is of the file tree that it ran with.
ReplayVerdict judge_end(Trace const& trace, RunResult const& result, std::string const& tree_hash);

// A replay that was stopped at the first event that differs.
ReplayVerdict judge_difference(Trace const& trace,
                               ReplayWatch const& watch,
                               std::string const& state);

// A replay whose process ended without a verdict: the kernel looped or damaged the simulator.
ReplayVerdict judge_loss(Trace const& trace, Outcome const& outcome);

}  // namespace drydock::sim
