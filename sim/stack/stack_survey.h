#pragma once

// How deep each system call went in a set of runs, and by which path. Every workload runs twice,
// the same way: once to learn in which call which stack was used most, and once more to stop there
// and read the path.

#include "sim/recipe.h"
#include "sim/stack/stack_path.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace drydock::sim {

struct Workload {
    std::string name{};  // For people; no two have the same.
    Recipe recipe{};     // Without terminal; guarded stacks.
    RootArchive root{};
};

struct SeenUse {
    u64 bytes = 0;
    ReadPath path{};         // Empty if it could not be read.
    std::string workload{};  // In which of them.
};

struct WorkloadEnd {
    std::string workload{};
    Outcome outcome{};
    std::string output{}, errors{};
};

struct StackSurvey {
    // By system call's number, or kDoing....
    std::map<u32, SeenUse> seen{};
    std::vector<WorkloadEnd> ends{};
};

// `progress` is called between runs with what comes next, and may be empty. Throws
// std::runtime_error.
StackSurvey survey_stacks(std::vector<Workload> const& workloads,
                          std::function<void(std::string const&)> const& progress);

}  // namespace drydock::sim
