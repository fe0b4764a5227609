#pragma once

// What `drydock stack` prints, and its report.

#include "sim/stack/stack_bounds.h"
#include "sim/stack/stack_survey.h"

namespace drydock::sim {

struct StackTableOptions {
    bool has_paths = false;  // Of every call, not only of the deepest.
    std::string call{};      // Only this one, with its paths; empty: all.
};

// Throws UsageError for a call that there is not.
std::string make_stack_table(StackSurvey const& survey,
                             StackBounds const& bounds,
                             StackTableOptions const& options);

std::string make_stack_report(StackSurvey const& survey,
                              StackBounds const& bounds,
                              std::string const& kernel);

// Whether a system call may need more than a kernel stack has.
bool exceeds_stack(StackBounds const& bounds);

}  // namespace drydock::sim
