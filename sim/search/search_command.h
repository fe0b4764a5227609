#pragma once

// `drydock search`: its options.

#include "sim/command.h"

#include <string>
#include <vector>

namespace drydock::sim {

// The options as they stand on the command line.
struct SearchOptions {
    std::string orders{}, programs{}, faults{}, shard{}, kernel{}, memory{}, jobs{}, folder{};
    std::string runs{};
    std::string schedules = "1";
    std::string seed = "0";
    std::string stack = "guarded";
    std::string tags = "0";
    std::string budget = "10m";
    std::vector<std::string> checks{};
    std::vector<std::string> folders{};
    bool stops_at_first = false;
    bool has_no_canary = false;
    bool is_quiet = false;
    bool is_merge = false;
};

// Must stay where it is until run().
class SearchCommand {
public:
    explicit SearchCommand(CommandLine& line);
    SearchCommand(SearchCommand const&) = delete;
    SearchCommand& operator=(SearchCommand const&) = delete;

    bool is_chosen() const { return command_.is_chosen(); }
    // The exit status: 0 nothing found, 1 findings, 125 broken. `kernel` names the kernel of this
    // program, `arguments` are the process's own. Throws std::runtime_error for what the user got
    // wrong, one line.
    int run(char const* kernel, char** arguments) const;

private:
    Command command_;
    SearchOptions options_{};
};

}  // namespace drydock::sim
