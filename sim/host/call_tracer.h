#pragma once

// Watches a program and all that it starts through ptrace(2), and says what they do.

#include "sim/diff/call_log.h"
#include "sim/host/sandbox_tree.h"

#include <functional>
#include <sys/types.h>

namespace drydock::sim {

// Attaches to `first`, a child of this process that is about to execute the program, lets it go on
// by calling `release`, and says what happens from the program's first instruction on, until it
// ends. Tasks are called by their numbers in this process's namespace. Of what cannot be done, the
// problem.
void trace_program(pid_t first,
                   std::function<void()> const& release,
                   std::function<void(CallEvent const&)> const& say,
                   Problems const& problems);

}  // namespace drydock::sim
