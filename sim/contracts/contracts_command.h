#pragma once

// `drydock contracts`: its options.

#include "sim/command.h"

#include <string>
#include <vector>

namespace drydock::sim {

struct ContractOptions {
    std::vector<std::string> places{};
    std::vector<std::string> names{};
    std::string jobs{}, report_path{}, image{};
    std::string seconds = "20";
    bool is_list = false;
    bool is_quiet = false;
};

// Must stay where it is until run().
class ContractsCommand {
public:
    explicit ContractsCommand(CommandLine& line);
    ContractsCommand(ContractsCommand const&) = delete;
    ContractsCommand& operator=(ContractsCommand const&) = delete;

    bool is_chosen() const { return command_.is_chosen(); }
    // The exit status: 0 all equal, 1 a difference, 125 nothing could be run. `kernel` names the
    // kernel of this program. Throws std::runtime_error for what the user got wrong, one line.
    int run(char const* kernel) const;

private:
    Command command_;
    ContractOptions options_{};
};

}  // namespace drydock::sim
