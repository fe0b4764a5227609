#pragma once

// What each system call may need of a kernel stack at most, as tools/stack_bound.py found in the
// core's object when it was built: its frames and its call graph. Kept beside the program.

#include "sim/stack/stack_path.h"

#include <map>
#include <string>

namespace drydock::sim {

struct StackBound {
    u64 bytes = 0;
    StackPath path{};
};

struct StackBounds {
    u64 start_bytes = 0;                // Above the first function.
    std::map<u32, StackBound> calls{};  // By number.
    StackBound unknown_call{};          // Of a number that has no call.
    StackBound start_of_thread{};
    StackBound other{};  // Of everything else that is no system call.

    StackBound const& of(u32 doing) const;
};

// Reads the file of this program, or of another kernel's program. Throws std::runtime_error with
// one line: it is not there, or no such file.
StackBounds read_stack_bounds(std::string const& path);
// Where the build puts it.
std::string path_of_stack_bounds();

}  // namespace drydock::sim
