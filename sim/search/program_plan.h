#pragma once

// Random small programs: scripts for BusyBox's shell whose lines each check what they did. On Linux
// every one of them ends with status 0 and prints nothing.

#include "sim/recipe.h"
#include "sim/search/campaign_plan.h"

#include <string>
#include <vector>

namespace drydock::sim {

// The path in the guest of the program (guest/user/probe) that some lines run.
inline constexpr char const* kProbePath = "/probe";

// The lines of program number `number`. Work in the folder $D, by default /tmp; $P is the probe's
// path. Each stands alone: any of them may be left out.
std::vector<std::string> random_program(u64 seed, u64 number);

inline constexpr u64 kProgramsTogether = 8;
// The programs of a batch, ready to run. They take their schedule's seed and failures from the
// plan, as orders do.
std::vector<Recipe> program_batch(u64 number, CampaignPlan const& plan, RootArchive const& root);

}  // namespace drydock::sim
