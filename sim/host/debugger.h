#pragma once

// Starts gdb on this program, in its place.

#include <string>
#include <vector>

namespace drydock::sim {

// Runs `gdb` on the running program with these arguments, after `commands`; `is_batch`: it ends
// when they are done. Returns only if gdb cannot be started: throws std::runtime_error.
[[noreturn]] void become_debugger(std::vector<std::string> const& commands,
                                  bool is_batch,
                                  std::vector<std::string> const& arguments);

}  // namespace drydock::sim
