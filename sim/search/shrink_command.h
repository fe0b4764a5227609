#pragma once

// `drydock shrink`: its options, its report.

#include "core/base/integers.h"
#include "sim/command.h"

#include <string>

namespace drydock::sim {

struct ShrinkRequest {
    std::string path{};
    std::string output_path{};  // Empty: the path with ".min" behind it.
    u64 executions = 200;
    bool is_quiet = false;
};

// 0: shrunk and verified; 1: the run does not fail any more, or not twice the same way. `arguments`
// are those of the process, for the program with the kernel that was recorded. Throws
// std::runtime_error with one line.
int shrink_file(ShrinkRequest const& request, char** arguments);

// Must stay where it is until run().
class ShrinkCommand {
public:
    explicit ShrinkCommand(CommandLine& line);
    ShrinkCommand(ShrinkCommand const&) = delete;
    ShrinkCommand& operator=(ShrinkCommand const&) = delete;

    bool is_chosen() const;
    int run(char** arguments) const { return shrink_file(request_, arguments); }

private:
    Command command_;
    ShrinkRequest request_{};
};

}  // namespace drydock::sim
