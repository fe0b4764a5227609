#pragma once

// What the first process of a simulation runs.

#include <string>
#include <vector>

namespace drydock::sim {

struct Program {
    std::string path{};
    std::vector<std::string> arguments{};  // argv, the program's name first.
    std::vector<std::string> environment{};
    std::string working_directory = "/";
    bool operator==(Program const&) const = default;
};

}  // namespace drydock::sim
