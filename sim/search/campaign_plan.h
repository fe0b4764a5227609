#pragma once

// What a campaign of searching is a function of.

#include "sim/choice_source.h"
#include "sim/kernel_stacks.h"
#include "sim/machine.h"
#include "sim/search/order_plan.h"

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

namespace drydock::sim {

struct CampaignPlan {
    std::optional<OrderKind> orders{};  // Absent: no orders of the suite.
    bool has_programs = false;          // Random programs.
    u64 schedules = 1;                  // Seeds of the scheduler for each order.
    FaultPlan faults{};
    u64 seed = 0;
    u64 memory_bytes = 0;
    StackMode stack_mode = StackMode::Guarded;
    unsigned tag_bits = 0;
    bool check_tlb = false;
    bool check_tables = false;
    // This machine's part: batches whose number leaves `shard` when divided by `shard_count`.
    u64 shard = 0;
    u64 shard_count = 1;

    bool injects_failures() const;
    OrderPlan order_plan() const;
    // With this seed. The plan's rate of failures is the highest: some seeds have it, others one of
    // a few lower ones, because what fails often does not get far.
    MachineOptions machine(u64 machine_seed) const;
};

// As lines of a campaign's record: `tree_hash` is of the guest's file tree. Two campaigns are one
// if these are equal.
nlohmann::ordered_json identity_of(CampaignPlan const& plan, std::string const& tree_hash);

}  // namespace drydock::sim
