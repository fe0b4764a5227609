#pragma once

// The program `drydock`: its commands and options, and what it says to people.

#include "sim/choice_source.h"
#include "sim/kernel_stacks.h"
#include "sim/root_archive.h"

#include <stdexcept>
#include <string>
#include <vector>

namespace drydock::sim {

// The kernel of a program that was built from the core as it stands.
inline constexpr char const* kUnpatchedKernel = "unpatched";

// The exit status of the process. `kernel` names the kernel that this program is linked with.
int run_command_line(int argument_count, char** arguments, char const* kernel);

struct Export {
    std::string guest{};
    std::string host{};
};

struct RunRequest {
    std::string kernel{};  // The one that this program is linked with.
    std::string root{};
    std::vector<Import> imports{};
    std::vector<Export> exports{};
    std::vector<std::string> environment{};
    u64 seed = 0;
    u64 memory_bytes = 0;  // 0: as the file tree needs it.
    StackMode stack_mode = StackMode::Guarded;
    bool check_tlb = false;
    bool check_tables = false;
    unsigned tag_bits = 0;
    u64 time_limit_ns = 0;  // 0: none.
    FaultPlan faults{};
    std::string costs{};  // Name of a cost table.
    std::string trace_path{};
    std::string report_path{};
    bool is_quiet = false;
    // CPU seconds of the host that the kernel may take between two events.
    unsigned kernel_loop_seconds = 10;
    // In this process, without one that watches it: for debuggers.
    bool is_unsupervised = false;
    bool is_init = false;                // The program is one although it is not called that.
    std::vector<std::string> command{};  // Empty: the root's own init.
};

// As HOME and TERM of a login, with what `--env` sets.
std::vector<std::string> guest_environment(std::vector<std::string> const& extra,
                                           bool has_terminal);

// What the user got wrong: one line that says what, and what to do.
class UsageError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// Finds out before a run, not after it, that a result could not be stored; empty: nowhere.
void check_writable(std::string const& path);

int run_program(RunRequest const& request);

}  // namespace drydock::sim
