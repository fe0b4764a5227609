#pragma once

// What a campaign says to people.

#include "sim/search/campaign_record.h"

#include <string>

namespace drydock::sim {

// Several lines. `folder` is where its file is; `report` of the oracle may be empty.
std::string describe_finding(Finding const& finding,
                             usize number,
                             std::string const& folder,
                             std::string const& report);

struct CampaignCounts {
    u64 orders = 0;
    u64 programs = 0;
    usize pairs = 0;
    usize findings = 0;
    usize failures = 0;
    u64 elapsed_ns = 0;
    // Of this time only, where a campaign went on.
    u64 new_orders = 0;
    u64 new_programs = 0;
};
// In one line: "264 orders (132/min), 1892 of 1892 pairs, ...".
std::string describe_counts(CampaignCounts const& counts);
// What is in no order because it fails by itself; empty if there is nothing.
std::string describe_left_out(CampaignState const& state);

}  // namespace drydock::sim
