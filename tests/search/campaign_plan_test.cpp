#include "sim/search/campaign_plan.h"
#include "sim/search/trial.h"

#include <gtest/gtest.h>
#include <set>

namespace drydock::sim {
namespace {

TEST(campaign_plan, failures_have_many_rates_and_the_plan_gives_the_highest)
{
    CampaignPlan plan;
    plan.faults.allocations = true;
    plan.faults.rate = 10;
    std::set<u32> rates;
    for (u64 seed = 1; seed < 200; ++seed) {
        MachineOptions const machine = plan.machine(seed);
        EXPECT_EQ(machine.seed, seed);
        EXPECT_EQ(machine.faults.rate, plan.machine(seed).faults.rate);
        rates.insert(machine.faults.rate);
    }
    EXPECT_EQ(rates, (std::set<u32>{10, 40, 160, 640, 2560, 10240}));
    plan.faults.rate = ~u32{0};
    for (u64 seed = 1; seed < 20; ++seed) EXPECT_EQ(plan.machine(seed).faults.rate, ~u32{0});
}

TEST(campaign_plan, without_failures_a_rate_says_nothing)
{
    CampaignPlan plan;
    plan.faults.rate = 10;
    for (u64 seed = 0; seed < 20; ++seed) EXPECT_EQ(plan.machine(seed).faults, plan.faults);
}

Trial deadlock(RecordedChoices choices, std::string threads)
{
    Trial trial;
    trial.recipe.faults.allocations = true;
    trial.recipe.expected.emplace();
    trial.recipe.expected->kind = OutcomeKind::NoProgress;
    trial.recipe.expected->summary = kEveryThreadBlocked;
    trial.choices = std::move(choices);
    trial.report = std::move(threads);
    return trial;
}

TEST(trial, who_waits_for_one_that_got_no_memory_may_wait_for_ever)
{
    RecordedChoice const no_memory{Choice::FailAllocation, 7, 1};
    RecordedChoice const late{Choice::LateTimer, 2, 1};
    std::string const reader = "pid 1 tid 1 (sh): blocked, waits for pipe read\n";
    EXPECT_FALSE(is_failure(deadlock({late, no_memory}, reader)));
    EXPECT_TRUE(is_failure(deadlock({}, reader)));
    EXPECT_TRUE(is_failure(deadlock({late}, reader)));
    EXPECT_TRUE(is_failure(deadlock({no_memory}, reader + "pid 2 tid 2 (sleep): ready\n")));
    Trial same_fault = deadlock({no_memory}, reader);
    same_fault.recipe.expected->summary = "no progress: the same fault 1000 times";
    EXPECT_TRUE(is_failure(same_fault));
}

}  // namespace
}  // namespace drydock::sim
