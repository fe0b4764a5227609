#pragma once

// One run of a recipe in a process of its own, and what came of it.

#include "sim/host/isolated.h"
#include "sim/recipe_run.h"
#include "sim/search/judge.h"

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
    // What was wrong with a benchmark's result although no oracle tripped, or the last line of
    // another program that failed; empty: nothing.
    std::string problem{};

    Expectation const& found() const { return *recipe.expected; }
};

// Runs recipes over one file tree.
class TrialRunner {
public:
    // Borrows the tree, and the table (may be null), by which results are judged.
    explicit TrialRunner(RootArchive const& root, AloneTable const* alone = nullptr)
        : root_(root), alone_(alone)
    {}

    // Throws std::runtime_error if the host cannot run it.
    Trial run(Recipe const& recipe);
    u64 count() const { return count_; }

private:
    class Listener;

    std::string run_in_child(Recipe const& recipe);

    RootArchive const& root_;
    AloneTable const* alone_;
    SharedBlackBox box_{};
    u64 count_ = 0;
};

// What the verdict on a run is where its process is gone, from what it left behind.
Trial trial_of_loss(Recipe recipe, BlackBox const& box, Loss const& loss);

// Notes down what a run decides.
class ChoiceCollector : public RecordWatch {
public:
    void will_see(u64) override {}
    bool saw(TraceRecord const& record, u64 index) override;
    // Those that were not the default.
    RecordedChoices const& choices() const { return choices_; }

private:
    RecordedChoices choices_{};
};

// Between processes, as text. parse_trial() throws std::runtime_error for anything else.
std::string print_trial(Trial const& trial);
Trial parse_trial(std::string_view text);

// An oracle tripped, a benchmark's result is wrong, or (unless failures were injected) the first
// program failed.
bool is_failure(Trial const& trial);

// In one line, without numbers: of two failures with different signatures, one may be fixed and the
// other not.
std::string signature_of(Trial const& trial);

// Whether a run failed the way another one did. An overflow of unguarded stacks shows in whatever
// it hits: there each failure of the kernel counts as the same.
bool is_same_failure(Trial const& wanted, Trial const& found);

}  // namespace drydock::sim
