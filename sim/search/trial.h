#pragma once

// One run of a recipe in a process of its own, and what came of it.

#include "sim/host/isolated.h"
#include "sim/recipe_run.h"

#include <string>

namespace drydock::sim {

struct Trial {
    // The recipe with what was expected replaced by what was found.
    Recipe recipe{};
    // Every decision that was not the default; kept only where the run came to its end.
    RecordedChoices choices{};
    // Of a run of the suite: how many benchmarks had their result.
    usize results = 0;
    std::string report{};  // Of the outcome, several lines.

    Expectation const& found() const { return *recipe.expected; }
};

// Runs recipes over one file tree.
class TrialRunner {
public:
    // Borrows the tree.
    explicit TrialRunner(RootArchive const& root) : root_(root) {}

    // Throws std::runtime_error if the host cannot run it.
    Trial run(Recipe const& recipe);
    u64 count() const { return count_; }

private:
    std::string run_in_child(Recipe const& recipe);

    RootArchive const& root_;
    SharedBlackBox box_{};
    u64 count_ = 0;
};

// Whether a run failed the way another one did. An overflow of unguarded stacks shows in whatever
// it hits: there each failure of the kernel counts as the same.
bool is_same_failure(Trial const& wanted, Trial const& found);

}  // namespace drydock::sim
