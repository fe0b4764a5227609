#pragma once

// Kernels with a bug put back are programs of their own, built beside this one.

#include <string>
#include <vector>

namespace drydock::sim {

// The path of the program that is linked with that kernel. Looks in this program's folder and in
// bugs/ beside that folder. Throws std::runtime_error: no such kernel, with the names of those that
// are there.
std::string find_kernel(std::string const& kernel);

// Runs the program that is linked with that kernel in place of this one, with the same arguments
// (execve(2)). Returns only by throwing std::runtime_error.
[[noreturn]] void become_kernel(std::string const& kernel, char** arguments);

}  // namespace drydock::sim
