#pragma once

// Kernels with a bug put back are programs of their own, built beside this one.

#include <string>
#include <vector>

namespace drydock::sim {

// Runs the program that is linked with that kernel in place of this one, with the same arguments
// (execve(2)). Looks in this program's folder and in bugs/ beside that folder. Returns only by
// throwing std::runtime_error: no such kernel, with the names of those that are there.
[[noreturn]] void become_kernel(std::string const& kernel, char** arguments);

}  // namespace drydock::sim
