#pragma once

// What `drydock story` prints, made from what its parts have found. No figure of a run is written
// down here: only what was published is.

#include <string>

namespace drydock::sim {

// JSON texts (sim/story/story_parts.h).
struct StoryParts {
    std::string stale{};  // run_benchmark_part() on the kernel with the stale template,
    std::string sound{};  // and on the sound one.
    std::string pipes{};  // run_pipe_part() on the kernel with a pipe on its stack.
};

struct Story {
    std::string text{};
    std::string report{};  // JSON.
    // Both bugs show, and the sound kernel has neither. Otherwise the text says what is not so.
    bool is_as_told = false;
};

// Throws std::runtime_error if a part is damaged.
Story make_story(StoryParts const& parts);

}  // namespace drydock::sim
