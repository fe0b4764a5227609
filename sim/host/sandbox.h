#pragma once

// A program of the guest on this host's Linux, in a file tree and a process namespace of its own:
// it sees the same paths as in a guest, is the first process there, and what it and its children do
// (kill(-1), files left behind, another host name) reaches nothing outside.

#include "core/base/integers.h"
#include "sim/host/sandbox_tree.h"

#include <string>
#include <vector>

namespace drydock::sim {

struct SandboxRequest {
    SandboxTree tree{};
    std::vector<std::string> command{};
    u64 time_limit_ms = 0;
};

struct SandboxEnd {
    std::string output{};
    bool is_over_time = false;
    int status = 0;  // As waitpid() gives it.
};

// Works for root and for users who may make user namespaces (user_namespaces(7)): for those, root
// inside is the user. Throws std::runtime_error with a line for people where it cannot be set up.
SandboxEnd run_in_sandbox(SandboxRequest const& request);

}  // namespace drydock::sim
