#pragma once

// A program in the simulator, with every system call that it and its children make.

#include "core/base/span.h"
#include "sim/diff/diff.h"
#include "sim/program.h"

namespace drydock::sim {

struct SimulatedRequest {
    Program program{};
    std::string input{};
    ConstBytes initramfs{};
    u64 memory_bytes = 0;
    u64 date = 0;           // Seconds since 1970.
    u64 time_limit_ns = 0;  // Of virtual time.
};

// In a process of its own: a kernel that crashes or loops is a failure of the run.
ProgramRun run_simulated(SimulatedRequest const& request);

}  // namespace drydock::sim
