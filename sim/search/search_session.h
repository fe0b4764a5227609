#pragma once

// A campaign for a person at a terminal: the canary first, progress, each finding as it comes, and
// what came of it all.

#include "sim/search/campaign.h"

#include <string>
#include <vector>

namespace drydock::sim {

struct SearchRequest {
    CampaignPlan plan{};
    CampaignLimits limits{};
    std::string folder{};  // Empty: one that the plan names.
    bool has_canary = true;
    bool is_quiet = false;
    // The options of the command line that make the plan, for the canary's campaign.
    std::vector<std::string> plan_options{};
};

inline constexpr int kNothingFound = 0;
inline constexpr int kSomethingFound = 1;

// The exit status. Throws std::runtime_error with one line.
int run_search(SearchRequest const& request);

// What the shards of one campaign have found together, printed. Throws std::runtime_error if they
// are not of one.
int merge_campaigns(std::vector<std::string> const& folders);

}  // namespace drydock::sim
