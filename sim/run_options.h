#pragma once

// `drydock run`: what its command line says.

#include "sim/command.h"
#include "sim/command_line.h"

#include <string>
#include <vector>

namespace drydock::sim {

// The options as they stand on the command line; checked afterwards, so that every message is ours.
struct RawRunOptions {
    std::vector<std::string> imports{};
    std::vector<std::string> exports{};
    std::string seed = "0";
    std::string memory{};
    std::string stack = "guarded";
    std::vector<std::string> checks{};
    std::string tags = "0";
    std::string time_limit{};
    std::string costs{};
    std::string faults{};
    std::string kernel{};
    std::string kernel_limit{};
};

// A command and its options in the program's command line. Must stay where it is until run().
class RunCommand {
public:
    explicit RunCommand(CommandLine& line);
    RunCommand(RunCommand const&) = delete;
    RunCommand& operator=(RunCommand const&) = delete;

    // The program's exit status. `kernel` names the kernel that this program is linked with;
    // `arguments` are those of the process, for the program with another kernel. Throws
    // UsageError or std::runtime_error with one line.
    int run(char const* kernel, char** arguments) const;

private:
    RunRequest request_{};
    RawRunOptions raw_{};
};

}  // namespace drydock::sim
