#pragma once

// A path through the kernel: its functions with the stack that each takes.

#include "sim/host/stack_trap.h"

#include <string>
#include <vector>

namespace drydock::sim {

class Symbols;

struct PathStep {
    std::string function{};  // Without parameters.
    u64 bytes = 0;           // From its return address down to where the next one's frame begins.
};
// From the first function of a thread to the deepest.
using StackPath = std::vector<PathStep>;

// What stands on the stack of a moment. The bytes of all steps and `start_bytes`, which are above
// the first function, are all that was used. Empty if the chain of frame pointers is broken.
struct ReadPath {
    StackPath steps{};
    u64 start_bytes = 0;
};
ReadPath read_path(StackMoment const& moment, Symbols const& symbols);

// A demangled name without its list of parameters.
std::string without_parameters(std::string const& name);

}  // namespace drydock::sim
