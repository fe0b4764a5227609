#pragma once

// The two halves of the story, each with what is not as it should be.

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace drydock::sim {

struct Chapter {
    std::string text{};
    nlohmann::ordered_json figures{};
    std::vector<std::string> problems{};
};

// Of run_benchmark_part() on both kernels.
Chapter make_template_chapter(nlohmann::ordered_json const& stale,
                              nlohmann::ordered_json const& sound);
// Of run_pipe_part().
Chapter make_pipe_chapter(nlohmann::ordered_json const& runs);

}  // namespace drydock::sim
