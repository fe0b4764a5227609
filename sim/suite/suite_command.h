#pragma once

// `drydock suite`: its options, its table, its report.

#include "sim/command.h"
#include "sim/suite/orders.h"

#include <string>
#include <vector>

namespace drydock::sim {

class SuiteCommand {
public:
    // Adds the command to the program's. This object must stay where it is until run().
    explicit SuiteCommand(CommandLine& line);
    SuiteCommand(SuiteCommand const&) = delete;
    SuiteCommand& operator=(SuiteCommand const&) = delete;

    bool is_chosen() const { return command_.is_chosen(); }
    // The exit status. `kernel` names the kernel of this program, `arguments` are the process's
    // own. Throws std::runtime_error for what the user got wrong, one line.
    int run(char const* kernel, char** arguments) const;

    // The options as they stand on the command line.
    struct Options {
        std::string order{}, order_seed{}, order_row{}, only{};
        std::string repeat = "1";
        bool is_full = false;
        bool is_list = false;
        bool is_quiet = false;
        bool is_unsupervised = false;
        std::string baseline_path{}, report_path{}, trace_path{};
        std::string seed = "0";
        std::string memory{};
        std::string stack = "guarded";
        std::string tags = "0";
        std::vector<std::string> checks{};
        std::string kernel{}, costs{}, kernel_limit{}, time_limit{};
    };

private:
    Command command_;
    Options options_{};
};

}  // namespace drydock::sim
