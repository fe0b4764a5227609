#pragma once

// Call chains on kernel stacks, by frame pointers (the core is compiled with them).

#include "sim/machine.h"

#include <string>
#include <vector>

namespace drydock::sim {

class Symbols;

struct Frame {
    u64 address = 0;  // In the function.
    u64 size = 0;     // Bytes of stack between this frame and its caller's; 0 if unknown.
};

// The chain that starts at these registers. Reads only memory that belongs to the machine's stacks.
std::vector<Frame> walk_frames(Machine& machine, Symbols const& symbols, u64 rip, u64 rsp, u64 rbp);

// A line for each frame; long recursions are cut in the middle.
std::string describe_frames(std::vector<Frame> const& frames, Symbols const& symbols);

}  // namespace drydock::sim
