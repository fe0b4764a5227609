#pragma once

// One run of the suite for a person at a terminal: under a supervisor, with its table and its
// report.

#include "sim/suite/suite_report.h"

#include <string>

namespace drydock::sim {

struct SuiteRequest {
    SuiteIdentity identity{};  // But for the hash of the root.
    MachineOptions machine{};
    BaselineFile baseline{};
    bool has_baseline = false;
    std::string trace_path{};
    std::string report_path{};
    bool is_quiet = false;
    // In this process, without one that watches it: for debuggers.
    bool is_unsupervised = false;
    // CPU seconds of the host that the kernel may take between two events.
    unsigned kernel_loop_seconds = 10;
};

// The exit status: 0 if every benchmark has its line and no oracle tripped, else 125. Throws
// std::runtime_error for what the user got wrong, one line.
int run_suite_session(SuiteRequest const& request);

}  // namespace drydock::sim
