// The averages against the values that Linux's arithmetic gives (kernel/sched/loadavg.c).

#include "core/sched/load_average.h"

#include <cmath>
#include <gtest/gtest.h>

namespace drydock {
namespace {

double load(LoadAverage const& average, usize index)
{
    return static_cast<double>(average.value(index)) / static_cast<double>(LoadAverage::kOne);
}

TEST(load_average, nothing_changes_before_the_first_look)
{
    LoadAverage average;
    average.look(LoadAverage::kPeriod - 1, 9);
    EXPECT_EQ(average.value(0), 0U);
}

TEST(load_average, one_look_counts_by_its_weight)
{
    LoadAverage average;
    average.look(LoadAverage::kPeriod, 1);
    EXPECT_EQ(average.value(0), 2048U - 1884U);
    EXPECT_EQ(average.value(1), 2048U - 2014U);
    EXPECT_EQ(average.value(2), 2048U - 2037U);
}

TEST(load_average, a_minute_of_load_is_two_thirds_of_it)
{
    LoadAverage average;
    for (u64 i = 1; i <= 12; ++i) average.look(i * LoadAverage::kPeriod, 3);
    for (usize k = 0; k < LoadAverage::kCount; ++k) {
        double const minutes[] = {1, 5, 15};
        EXPECT_NEAR(load(average, k), 3 * (1 - std::exp(-1 / minutes[k])), 0.03) << k;
    }
}

TEST(load_average, who_looks_late_comes_to_the_same)
{
    LoadAverage often;
    LoadAverage late;
    for (u64 i = 1; i <= 100; ++i) often.look(i * LoadAverage::kPeriod + 7, 2);
    late.look(100 * LoadAverage::kPeriod + 7, 2);
    for (usize k = 0; k < LoadAverage::kCount; ++k) EXPECT_EQ(late.value(k), often.value(k));
    // The next one is due a period after the last, not after the call.
    u64 const before = late.value(0);
    late.look(101 * LoadAverage::kPeriod - 1, 0);
    EXPECT_EQ(late.value(0), before);
    late.look(101 * LoadAverage::kPeriod, 0);
    EXPECT_LT(late.value(0), before);
}

TEST(load_average, a_load_is_reached_and_forgotten)
{
    LoadAverage average;
    Ticks const years = 1'000'000 * LoadAverage::kPeriod;
    average.look(years, 4);
    for (usize k = 0; k < LoadAverage::kCount; ++k)
        EXPECT_EQ(average.value(k), 4 * LoadAverage::kOne);
    average.look(2 * years, 0);
    for (usize k = 0; k < LoadAverage::kCount; ++k) EXPECT_EQ(average.value(k), 0U);
}

}  // namespace
}  // namespace drydock
