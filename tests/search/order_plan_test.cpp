#include "core/platform/platform.h"
#include "sim/search/order_plan.h"
#include "sim/search/pair_set.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <set>
#include <stdexcept>

namespace drydock::sim {
namespace {

PairSet pairs_of(OrderPlan const& plan)
{
    PairSet pairs;
    for (u64 number = 0; number < plan.batch_count(); ++number) {
        for (Order const& order : plan.batch(number, {}).orders) pairs.add(order, order.size());
    }
    return pairs;
}

TEST(order_plan, rows_and_pairs_cover_every_ordered_pair)
{
    EXPECT_EQ(pairs_of({OrderKind::Rows, 0, 1, false}).size(), kPairCount);
    EXPECT_EQ(pairs_of({OrderKind::Pairs, 0, 1, false}).size(), kPairCount);
}

TEST(order_plan, batches_are_a_function_of_seed_and_number)
{
    OrderPlan const plan(OrderKind::Random, 7, 3, false);
    OrderPlan const again(OrderKind::Random, 7, 3, false);
    OrderPlan const other(OrderKind::Random, 8, 3, false);
    EXPECT_EQ(plan.batch_count(), kNever);
    for (u64 number = 0; number < 20; ++number) {
        EXPECT_EQ(plan.batch(number, {}).orders, again.batch(number, {}).orders);
        EXPECT_EQ(plan.batch(number, {}).seed, again.batch(number, {}).seed);
        EXPECT_NE(plan.batch(number, {}).orders, other.batch(number, {}).orders);
    }
}

TEST(order_plan, each_order_of_a_batch_is_a_whole_one_and_they_begin_alike)
{
    Batch const batch = OrderPlan(OrderKind::Random, 0, 1, false).batch(5, {});
    EXPECT_EQ(batch.orders.size(), 8u);
    for (Order const& order : batch.orders) {
        EXPECT_EQ(std::set<usize>(order.begin(), order.end()).size(), kBenchmarkCount);
        EXPECT_TRUE(std::equal(order.begin(), order.begin() + 22, batch.orders[0].begin()));
    }
    EXPECT_TRUE(std::is_sorted(batch.orders.begin(), batch.orders.end()));
}

TEST(order_plan, schedules_run_the_same_orders_with_other_seeds)
{
    OrderPlan const plan(OrderKind::Rows, 0, 3, false);
    EXPECT_EQ(plan.batch_count(), 33u);
    EXPECT_EQ(plan.batch(0, {}).seed, 0u);
    EXPECT_NE(plan.batch(1, {}).seed, 0u);
    EXPECT_NE(plan.batch(1, {}).seed, plan.batch(2, {}).seed);
    EXPECT_EQ(plan.batch(1, {}).orders, plan.batch(2, {}).orders);
    EXPECT_EQ(plan.batch(3, {}).seed, 0u);
    // Failures are drawn from the seed.
    EXPECT_NE(OrderPlan(OrderKind::Rows, 0, 3, true).batch(0, {}).seed, 0u);
}

TEST(order_plan, what_is_left_out_is_in_no_order)
{
    Order const left_out = {3, 34};
    for (Order const& order : OrderPlan(OrderKind::Rows, 0, 1, false).batch(2, left_out).orders) {
        EXPECT_EQ(order.size(), kBenchmarkCount - 2);
        for (usize const benchmark : left_out) {
            EXPECT_EQ(std::count(order.begin(), order.end(), benchmark), 0);
        }
    }
    OrderPlan const pairs(OrderKind::Pairs, 0, 1, false);
    EXPECT_TRUE(pairs.batch(3, left_out).orders.empty());
    EXPECT_EQ(pairs.batch(4, left_out).orders.size(), kBenchmarkCount - 2);
}

TEST(pair_set, counts_neighbours_up_to_a_place)
{
    PairSet pairs;
    pairs.add({1, 2, 3, 3, 1}, 3);
    EXPECT_EQ(pairs.size(), 2u);
    pairs.add({1, 2, 3, 3, 1}, 99);
    EXPECT_EQ(pairs.size(), 3u);
    EXPECT_EQ(PairSet::parse(pairs.text()), pairs);
}

TEST(pair_set, refuses_another_text)
{
    std::string text = PairSet().text();
    EXPECT_THROW(PairSet::parse(""), std::runtime_error);
    EXPECT_THROW(PairSet::parse(text + "0"), std::runtime_error);
    text[7] = '2';
    EXPECT_THROW(PairSet::parse(text), std::runtime_error);
}

}  // namespace
}  // namespace drydock::sim
