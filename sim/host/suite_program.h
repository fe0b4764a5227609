#pragma once

#include <string>

namespace drydock::sim {

// The host's file with the benchmark suite: beside this program, or where the same build put it.
// Throws std::runtime_error with one line that says what to do.
std::string find_suite_program();
// The same for the program with checks for random programs (guest/user/probe).
std::string find_probe_program();

}  // namespace drydock::sim
