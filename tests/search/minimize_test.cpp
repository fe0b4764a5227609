#include "sim/search/minimize.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <numeric>

namespace drydock::sim {
namespace {

Places all(usize count)
{
    Places places(count);
    std::iota(places.begin(), places.end(), usize{0});
    return places;
}

bool has_all(Places const& places, Places const& needed)
{
    return std::includes(places.begin(), places.end(), needed.begin(), needed.end());
}

struct Counted {
    Minimized result{};
    u64 tests = 0;
};

Counted minimize_for(usize count, Places const& needed, u64 limit = 1'000'000)
{
    Counted counted;
    u64 left = limit;
    counted.result = minimize(
        all(count),
        [&](Places const& places) {
            ++counted.tests;
            return has_all(places, needed);
        },
        &left);
    EXPECT_EQ(left, limit - counted.tests);
    return counted;
}

TEST(minimize, finds_each_single_cause_of_43_in_few_tests)
{
    for (usize cause = 0; cause < 43; ++cause) {
        Counted const counted = minimize_for(43, {cause});
        EXPECT_EQ(counted.result.places, Places{cause});
        EXPECT_TRUE(counted.result.is_minimal);
        EXPECT_LE(counted.tests, 12u) << cause;
    }
}

TEST(minimize, finds_every_pair_of_causes)
{
    for (usize first = 0; first < 12; ++first) {
        for (usize second = first + 1; second < 12; ++second) {
            Counted const counted = minimize_for(12, {first, second});
            EXPECT_EQ(counted.result.places, (Places{first, second}));
            EXPECT_TRUE(counted.result.is_minimal);
        }
    }
}

TEST(minimize, what_is_left_passes_without_any_one_element)
{
    // Fails with at least three even places, whichever: many answers, none smaller than another.
    auto const fails = [](Places const& places) {
        auto const is_even = [](usize place) { return place % 2 == 0; };
        return std::count_if(places.begin(), places.end(), is_even) >= 3;
    };
    u64 left = 1'000'000;
    Minimized const result = minimize(all(40), fails, &left);
    EXPECT_TRUE(result.is_minimal);
    EXPECT_EQ(result.places.size(), 3u);
    EXPECT_TRUE(fails(result.places));
}

TEST(minimize, says_when_the_tests_ran_out)
{
    Counted const counted = minimize_for(40, {3, 20, 37}, 5);
    EXPECT_EQ(counted.tests, 5u);
    EXPECT_FALSE(counted.result.is_minimal);
    EXPECT_TRUE(has_all(counted.result.places, {3, 20, 37}));
    EXPECT_FALSE(minimize_for(2, {0, 1}, 0).result.is_minimal);
}

TEST(minimize, never_asks_twice_nor_about_what_is_known)
{
    std::vector<Places> asked;
    u64 left = 1'000;
    minimize(
        all(9),
        [&](Places const& places) {
            asked.push_back(places);
            return has_all(places, {1, 4, 8});
        },
        &left);
    std::vector<Places> sorted = asked;
    std::sort(sorted.begin(), sorted.end());
    EXPECT_EQ(std::adjacent_find(sorted.begin(), sorted.end()), sorted.end());
    EXPECT_EQ(std::count(asked.begin(), asked.end(), Places{}), 0);
    EXPECT_EQ(std::count(asked.begin(), asked.end(), all(9)), 0);
}

TEST(minimize, short_lists_need_no_test)
{
    EXPECT_EQ(minimize_for(1, {0}).tests, 0u);
    EXPECT_TRUE(minimize_for(1, {0}).result.is_minimal);
    EXPECT_EQ(minimize_for(0, {}).result.places, Places{});
}

}  // namespace
}  // namespace drydock::sim
