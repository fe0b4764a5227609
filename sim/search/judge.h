#pragma once

// What is wrong with a benchmark's result although no oracle tripped: it is not what the benchmark
// gives alone, or took more faults than alone.

#include "sim/choice_source.h"
#include "sim/recipe.h"
#include "sim/suite/suite_run.h"

#include <array>
#include <optional>
#include <string>

namespace drydock::sim {

// Of a benchmark that ran alone.
struct AloneFigures {
    bool is_skipped = false;
    std::string reason{};
    std::string output{};
    u64 iterations = 0;
    u64 demand_faults = 0;
    bool operator==(AloneFigures const&) const = default;
};
AloneFigures figures_of(BenchmarkRun const& run);

using AloneTable = std::array<std::optional<AloneFigures>, kBenchmarkCount>;

// Empty if there is nothing wrong, or nothing to compare with. The budget of demand faults is what
// the benchmark takes alone, where the page cache is empty, and a tenth (at least 16) more.
std::string problem_of(AloneTable const& alone, BenchmarkRun const& run);

// Injected failures show in results as they should: then only the oracles judge.
bool injects_failures(Recipe const& recipe);

// Whether processes may rightly wait for one another for ever in a run that made these choices: who
// should have come ended because memory was not there.
bool may_wait_for_ever(RecordedChoices const& choices);

}  // namespace drydock::sim
