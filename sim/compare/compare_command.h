#pragma once

// `drydock compare`: its options.

#include "sim/command.h"

#include <string>

namespace drydock::sim {

class CompareCommand {
public:
    // Adds the command to the program's. This object must stay where it is until run().
    explicit CompareCommand(CommandLine& line);
    CompareCommand(CompareCommand const&) = delete;
    CompareCommand& operator=(CompareCommand const&) = delete;

    bool is_chosen() const { return command_.is_chosen(); }
    // The exit status. `kernel` names the kernel of this program. Throws std::runtime_error for
    // what the user got wrong, one line.
    int run(char const* kernel) const;

    // The options as they stand on the command line.
    struct Options {
        std::string accelerator = "tcg";
        bool counts_instructions = false;
        bool is_full = false;
        std::string order{}, only{};
        std::string runs = "1";
        std::string mitigations = "off";
        std::string linux_side = "run";
        bool stores_counts = false;
        std::string memory{}, time_limit = "900";
        std::string image{}, kernel{};
        std::string json_path{}, picture_path{};
        bool is_quiet = false;
    };

private:
    Command command_;
    Options options_{};
};

}  // namespace drydock::sim
