#pragma once

// `drydock stack`: its options, and the programs that it runs when none is named.

#include "sim/command.h"
#include "sim/stack/stack_table.h"

#include <string>
#include <vector>

namespace drydock::sim {

struct StackRequest {
    std::string kernel{};  // Empty: of this program.
    std::string report_path{};
    std::vector<std::string> imports{};
    std::string seed = "0";
    std::vector<std::string> command{};  // Empty: the suite, and command lines of BusyBox.
    StackTableOptions table{};
    bool is_quiet = false;
};

// 0: no system call may need more than a stack has; 1: one may; 125: a run did not end well.
// `kernel` names the kernel of this program, `arguments` are the process's own. Throws
// std::runtime_error with one line.
int measure_stacks(StackRequest const& request, char const* kernel, char** arguments);

// Must stay where it is until run().
class StackCommand {
public:
    explicit StackCommand(CommandLine& line);
    StackCommand(StackCommand const&) = delete;
    StackCommand& operator=(StackCommand const&) = delete;

    bool is_chosen() const { return command_.is_chosen(); }
    int run(char const* kernel, char** arguments) const
    {
        return measure_stacks(request_, kernel, arguments);
    }

private:
    Command command_;
    StackRequest request_{};
};

}  // namespace drydock::sim
