#pragma once

// What the first process of a simulation runs.

#include <string>
#include <vector>

namespace drydock::sim {

struct Program {
    std::string path{};                    // Empty: the tree's own init (BootProgram).
    bool is_init = false;                  // Although it is not called that.
    std::vector<std::string> arguments{};  // argv, the program's name first.
    std::vector<std::string> environment{};
    std::string working_directory = "/";
    bool operator==(Program const&) const = default;
};

}  // namespace drydock::sim
