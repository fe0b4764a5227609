#pragma once

// Another program of this build, run to its end.

#include <string>
#include <vector>

namespace drydock::sim {

// Runs `command` (its first word is a path) with its output in the file `output_path` and no input;
// it does not outlive this process. Its exit status, or 128 and the number of the signal that
// ended it. Throws std::runtime_error if it cannot be started.
int run_child_program(std::vector<std::string> const& command, std::string const& output_path);

}  // namespace drydock::sim
