#pragma once

// The report of a run, for programs (JSON) and for people (lines on standard error).

#include "sim/outcome.h"

#include <string>

namespace drydock::sim {

// What the host took; differs from run to run.
struct HostFigures {
    u64 wall_ns = 0;
    u64 cpu_ns = 0;
    u64 peak_resident_bytes = 0;
};

struct RunIdentity {
    std::string kernel{};
    u64 seed = 0;
    u64 memory_bytes = 0;
    std::string stack_mode{};
    std::string cost_table{};
    std::string root_hash{};
    std::string program{};
};

std::string make_json_report(RunIdentity const& identity,
                             Outcome const& outcome,
                             RunFigures const& figures,
                             HostFigures const& host);

}  // namespace drydock::sim
