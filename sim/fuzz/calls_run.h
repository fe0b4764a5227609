#pragma once

// Lists of system calls as recipes, and run: in the simulator and on this host's Linux.

#include "sim/fuzz/call_list.h"
#include "sim/recipe.h"
#include "sim/search/trial.h"

#include <string>
#include <vector>

namespace drydock::sim {

// Whether the guest prints what came of each call.
enum class CallReport : u8 { None, Printed };

// The run of a list: a small machine with both checks, in the file tree that the build makes for
// it, which holds guest/user/calls and nothing else. Its lines are the steps that `drydock shrink`
// leaves out (sim/search/steps.h). Throws std::runtime_error if that tree is not built.
Recipe recipe_of_calls(CallList const& list, CallReport report, RootArchive const& root);
RootArchive root_of_calls();

// What one place has made of a list.
struct CallsEnd {
    std::string output{};   // What the guest printed.
    std::string problem{};  // Not empty: an oracle objected, or the run did not end by itself.
};

// In a process of its own.
CallsEnd simulate_calls(Recipe const& recipe, RootArchive const& root);
// In a sandbox. Throws std::runtime_error where none can be set up.
CallsEnd run_calls_on_linux(CallList const& list);

// The first line that two outputs do not share, with its call, for people; empty if they are the
// same.
std::string describe_calls_difference(CallList const& list,
                                      CallsEnd const& on_linux,
                                      CallsEnd const& simulated);

}  // namespace drydock::sim
