#pragma once

// A program of the guest on this host's Linux, in a sandbox (sim/host/sandbox_tree.h), with every
// system call that it and its children make. It is not the first process of its namespace: the
// tracer is, so that default actions of signals apply to the program.

#include "sim/diff/call_log.h"
#include "sim/host/sandbox_tree.h"

#include <string>
#include <vector>

namespace drydock::sim {

struct TracedRequest {
    SandboxTree tree{};
    // The first word is a path, or looked for in PATH of the environment.
    std::vector<std::string> command{};
    std::vector<std::string> environment{};
    std::string input{};
    u64 time_limit_ms = 0;
};

struct TracedEnd {
    std::vector<CallEvent> events{};
    std::string output{};
    std::string errors{};
    bool is_over_time = false;
};

// What the program's parent is called by getppid(2).
inline constexpr u32 kTracerNumber = 1;

// Throws std::runtime_error with a line for people where it cannot be set up: no namespaces, no
// ptrace, no such program.
TracedEnd run_traced(TracedRequest const& request);

}  // namespace drydock::sim
