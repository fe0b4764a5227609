#pragma once

// The command `drydock calls`.

#include "sim/command.h"

#include <string>
#include <vector>

namespace drydock::sim {

struct CallsOptions {
    std::vector<std::string> files{};
    std::string programs{};
    std::string first = "0";
    std::string seed = "1";
    std::string header_path{};
    std::string keep{};
    bool is_compared = false;
    bool is_quiet = false;
};

class CallsCommand {
public:
    explicit CallsCommand(CommandLine& line);

    bool is_chosen() const { return command_.is_chosen(); }
    // The exit status: 0 nothing found, 1 something, 125 it could not run.
    int run() const;

private:
    Command command_;
    CallsOptions options_{};
};

}  // namespace drydock::sim
