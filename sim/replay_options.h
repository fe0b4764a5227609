#pragma once

// `drydock trace` and `drydock replay`: what their command lines say.

#include "core/base/integers.h"
#include "sim/command.h"

#include <optional>
#include <string>
#include <vector>

namespace drydock::sim {

struct TraceRequest {
    std::string path{};
    std::string other_path{};
    bool is_diff = false;
    bool is_header = false;
    bool is_reseal = false;
    bool with_choices = false;
};

// 0, or 1 if the traces differ. Throws std::runtime_error with one line.
int run_trace_command(TraceRequest const& request);

struct ReplayRequest {
    std::string path{};
    std::string until{};
    std::string kernel{};  // Empty: the recorded one.
    bool any_kernel = false;
    std::string trace_path{};
    std::string stdin_path{};
    bool uses_gdb = false;
    std::vector<std::string> gdb_commands{};
    std::optional<u64> signal_before{};
    bool shows_output = false;
    bool is_quiet = false;
    bool is_unsupervised = false;
};

// 0: the outcome came again, or the stop was reached; 1: it differs. `arguments` are those of the
// process, for the program with the kernel that was recorded. Throws std::runtime_error with one
// line.
int replay_trace(ReplayRequest const& request, char** arguments);

// A command and its options in the program's command line. Must stay where it is until run().
class TraceCommand {
public:
    explicit TraceCommand(CommandLine& line);
    TraceCommand(TraceCommand const&) = delete;
    TraceCommand& operator=(TraceCommand const&) = delete;

    bool is_chosen() const;
    int run() const { return run_trace_command(request_); }

private:
    Command command_;
    TraceRequest request_{};
};

class ReplayCommand {
public:
    explicit ReplayCommand(CommandLine& line);
    ReplayCommand(ReplayCommand const&) = delete;
    ReplayCommand& operator=(ReplayCommand const&) = delete;

    bool is_chosen() const;
    int run(char** arguments) const { return replay_trace(request_, arguments); }

private:
    Command command_;
    ReplayRequest request_{};
};

}  // namespace drydock::sim
