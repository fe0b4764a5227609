#pragma once

// The suite's results as JSON, and an earlier report as a baseline.

#include "sim/report.h"
#include "sim/suite/suite_table.h"

#include <string>

namespace drydock::sim {

struct SuiteIdentity {
    RunIdentity run{};
    Order order{};
    bool is_full = false;
};

// Everything but "host" is a function of the run's inputs; peak stacks also of the build.
std::string make_suite_report(SuiteIdentity const& identity,
                              SuiteResult const& result,
                              HostFigures const& host,
                              Baseline const* baseline);

struct BaselineFile {
    Baseline figures{};
    bool is_full = false;
    std::string cost_table{};
};

// Reads a report. Throws std::runtime_error with one line.
BaselineFile read_baseline(std::string const& path);

}  // namespace drydock::sim
