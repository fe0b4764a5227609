#pragma once

// `drydock parity`: what its command line says.

#include "sim/command.h"
#include "sim/kernel_stacks.h"
#include "sim/root_archive.h"

#include <memory>
#include <string>
#include <vector>

namespace drydock::sim {

struct ParityRequest {
    std::string image{};   // Empty: the one that was built or installed with this program.
    std::string kernel{};  // Not empty: both sides have that kernel.
    std::string root{};
    std::vector<Import> imports{};
    std::vector<std::string> environment{};
    u64 memory_bytes = 0;  // 0: as the file tree needs it.
    StackMode stack_mode = StackMode::Guarded;
    u64 ring_bytes = 0;     // Room for the image's events.
    u64 time_limit_ns = 0;  // Of the host's time, for each side.
    usize context = 0;      // Events shown before a difference.
    bool is_quiet = false;
    std::vector<std::string> command{};
};

// The command and its options in the program's command line. Outlives the parsing.
class ParityCommand {
public:
    explicit ParityCommand(CommandLine& line);
    ~ParityCommand();
    ParityCommand(ParityCommand const&) = delete;
    ParityCommand& operator=(ParityCommand const&) = delete;

    bool is_chosen() const;
    // The kernel that is asked for; empty for that of this program.
    std::string const& kernel() const;
    // Throws UsageError.
    ParityRequest request() const;

private:
    struct RawOptions;

    Command command_;
    std::unique_ptr<RawOptions> raw_;
};

// Runs the program on both sides: 0 if they did the same, 1 if not. Throws std::runtime_error if
// there is nothing to compare.
int compare_sides(ParityRequest const& request);

}  // namespace drydock::sim
