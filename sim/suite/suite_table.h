#pragma once

// The suite's results as a table for people: a line for each benchmark, as it ends.

#include "sim/suite/suite_run.h"

#include <map>
#include <string>

namespace drydock::sim {

// An earlier run's nanoseconds per iteration, by benchmark.
using Baseline = std::map<std::string, double, std::less<>>;

// Two lines; `has_baseline` adds its columns, here and below.
std::string table_head(bool has_baseline);
// `baseline` may be null. Ends with a line break.
std::string table_line(BenchmarkRun const& run, Baseline const* baseline);
// How many of which label, what was skipped, virtual time, the trace's hash.
std::string table_end(SuiteResult const& result);

}  // namespace drydock::sim
