#pragma once

// Reads a trace file and checks it: magic, records, count and hash.

#include "sim/trace_format.h"

#include <functional>
#include <string>

namespace drydock::sim {

struct Trace {
    TraceHeader header{};
    std::vector<TraceRecord> records{};
    std::string hash{};
};

// Throws std::runtime_error with one line that says what is wrong.
Trace read_trace(std::string const& path);

}  // namespace drydock::sim
