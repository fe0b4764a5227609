#include "sim/search/campaign_plan.h"

#include "sim/build_identity.h"
#include "sim/random.h"

#include <algorithm>
#include <nlohmann/json.hpp>

namespace drydock::sim {

namespace {

// Virtual time of a run. The whole suite takes a tenth of it.
constexpr u64 kTimeLimitNs = 10'000'000'000;
constexpr u64 kRateStream = 0x72617465;  // "rate"
// 1 of N decisions fails, or of 4 N, ..., 1024 N.
constexpr u32 kRates = 6;

}  // namespace

bool CampaignPlan::injects_failures() const { return describe(faults) != "none"; }

OrderPlan CampaignPlan::order_plan() const
{
    return {orders.value_or(OrderKind::Random), seed, schedules, injects_failures()};
}

MachineOptions CampaignPlan::machine(u64 machine_seed) const
{
    MachineOptions machine;
    machine.seed = machine_seed;
    machine.memory_bytes = memory_bytes;
    machine.stack_mode = stack_mode;
    machine.tag_bits = tag_bits;
    machine.check_tlb = check_tlb;
    machine.check_tables = check_tables;
    machine.faults = faults;
    if (injects_failures()) {
        u64 const rate = u64{faults.rate} << 2 * Random(machine_seed, kRateStream).below(kRates);
        machine.faults.rate = static_cast<u32>(std::min<u64>(rate, ~u32{0}));
    }
    machine.time_limit_ns = kTimeLimitNs;
    return machine;
}

nlohmann::ordered_json identity_of(CampaignPlan const& plan, std::string const& tree_hash)
{
    BuildIdentity const build = this_build();
    return {{"kernel", build.kernel_variant},
            {"kernel_sources", build.kernel},
            {"simulator_sources", build.simulator},
            {"tree", tree_hash},
            {"orders", plan.orders ? order_kind_word(*plan.orders) : "none"},
            {"programs", plan.has_programs ? "random" : "none"},
            {"schedules", plan.schedules},
            {"faults", describe(plan.faults)},
            {"seed", plan.seed},
            {"memory", plan.memory_bytes},
            {"stack", plan.stack_mode == StackMode::Guarded ? "guarded" : "unguarded"},
            {"tags", plan.tag_bits},
            {"check_tlb", plan.check_tlb},
            {"check_tables", plan.check_tables},
            {"shard", plan.shard},
            {"shards", plan.shard_count}};
}

}  // namespace drydock::sim
