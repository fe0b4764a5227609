#pragma once

// What workers of a campaign do, each in a process of its own, and what they say about it: a line
// of text for each result.

#include "sim/host/worker_pool.h"
#include "sim/search/campaign_plan.h"
#include "sim/search/explorer.h"
#include "sim/search/shrink.h"

#include <vector>

namespace drydock::sim {

// What all of them work with. Borrowed.
struct CampaignGround {
    CampaignPlan const& plan;
    RootArchive const& root;
    AloneTable const& alone;
};

// One visit (print_visit()) for each order, or for several that begin alike and fail there. Nothing
// is compared with benchmarks alone if they are not known yet, and then nothing is injected.
void explore_orders(CampaignGround const& ground,
                    Batch const& batch,
                    bool is_alone_known,
                    WorkerPool::Say const& say);
// The same for random programs, by their place in `recipes`.
void explore_programs(CampaignGround const& ground,
                      std::vector<Recipe> const& recipes,
                      WorkerPool::Say const& say);
// One line (print_shrunk()).
void shrink_failure(CampaignGround const& ground, Recipe const& recipe, WorkerPool::Say const& say);

struct ShrinkReport {
    Shrunk shrunk{};
    u64 wall_ns = 0;
};
std::string print_shrunk(ShrinkReport const& report);
// Throws std::runtime_error.
ShrinkReport parse_shrunk(std::string_view text);

}  // namespace drydock::sim
