#pragma once

// `drydock story`: the two bugs that the project starts from, seen on both kernels side by side.

#include "sim/command.h"

#include <string>

namespace drydock::sim {

struct StoryRequest {
    std::string report_path{};
    bool is_quiet = false;
    // Not empty: print this part, run on the kernel of this program, and nothing else.
    std::string part{};
};

// 0: both bugs show and the sound kernel has neither; 1: the last lines say what was otherwise.
// Throws std::runtime_error with one line.
int tell_story(StoryRequest const& request, std::string const& kernel);

// Must stay where it is until run().
class StoryCommand {
public:
    explicit StoryCommand(CommandLine& line);
    StoryCommand(StoryCommand const&) = delete;
    StoryCommand& operator=(StoryCommand const&) = delete;

    bool is_chosen() const;
    int run(std::string const& kernel) const { return tell_story(request_, kernel); }

private:
    Command command_;
    StoryRequest request_{};
};

}  // namespace drydock::sim
