#include "guest/memory_map.h"
#include "tests/support/random.h"

#include <gtest/gtest.h>
#include <set>
#include <string>

namespace drydock::guest {
namespace {

std::string text_of(MemoryMap const& map)
{
    std::string text;
    for (usize i = 0; i < map.count(); ++i) {
        text += std::to_string(map[i].first.value / kPageSize) + "-" +
                std::to_string(map[i].end.value / kPageSize) + " ";
    }
    return text;
}

TEST(memory_map, joins_ranges_that_touch)
{
    MemoryMap map;
    map.add(10 * kPageSize, 20 * kPageSize);
    map.add(30 * kPageSize, 40 * kPageSize);
    map.add(5 * kPageSize, 6 * kPageSize);
    EXPECT_EQ(text_of(map), "5-6 10-20 30-40 ");
    map.add(20 * kPageSize, 30 * kPageSize);
    EXPECT_EQ(text_of(map), "5-6 10-40 ");
    map.add(0, 100 * kPageSize);
    EXPECT_EQ(text_of(map), "0-100 ");
    EXPECT_EQ(map.total_bytes(), 100 * kPageSize);
}

TEST(memory_map, keeps_whole_pages_and_loses_every_touched_one)
{
    MemoryMap map;
    map.add(1, 3 * kPageSize - 1);
    EXPECT_EQ(text_of(map), "1-2 ");
    map.add(4 * kPageSize + 1, 5 * kPageSize);
    EXPECT_EQ(text_of(map), "1-2 ");
    map.add(0, 10 * kPageSize);
    map.remove(3 * kPageSize + 5, 4 * kPageSize + 1);
    EXPECT_EQ(text_of(map), "0-3 5-10 ");
    map.remove(7 * kPageSize, 7 * kPageSize);
    EXPECT_EQ(text_of(map), "0-3 5-10 ");
    map.remove(8 * kPageSize, ~u64{0});
    EXPECT_EQ(text_of(map), "0-3 5-8 ");
}

TEST(memory_map, addresses_at_the_end_of_everything)
{
    MemoryMap map;
    map.add(~u64{0} - 3 * kPageSize, ~u64{0});
    EXPECT_EQ(map.count(), 1u);
    map.add(~u64{0}, 5);
    map.remove(~u64{0} - 10, ~u64{0});
    map.remove(0, ~u64{0});
    EXPECT_EQ(map.count(), 0u);
}

TEST(memory_map, answers_what_is_free)
{
    MemoryMap map;
    map.add(10 * kPageSize, 20 * kPageSize);
    map.add(30 * kPageSize, 60 * kPageSize);
    EXPECT_TRUE(map.holds(10 * kPageSize, 20 * kPageSize));
    EXPECT_FALSE(map.holds(10 * kPageSize, 20 * kPageSize + 1));
    EXPECT_FALSE(map.holds(9 * kPageSize, 11 * kPageSize));
    EXPECT_FALSE(map.holds(19 * kPageSize, 31 * kPageSize));
    EXPECT_EQ(map.find(10 * kPageSize), 10 * kPageSize);
    EXPECT_EQ(map.find(10 * kPageSize + 1), 30 * kPageSize);
    EXPECT_EQ(map.find(31 * kPageSize), 0u);
}

TEST(memory_map, loses_the_smallest_when_there_are_too_many)
{
    MemoryMap map;
    for (u64 i = 0; i < 2 * MemoryMap::kMaximumRanges; ++i) {
        u64 const size = i == 3 ? 1 : 2 + i;
        map.add((i * 1000 + 1) * kPageSize, (i * 1000 + 1 + size) * kPageSize);
    }
    EXPECT_EQ(map.count(), MemoryMap::kMaximumRanges);
    u64 const half = MemoryMap::kMaximumRanges;
    EXPECT_EQ(map[0].first.value, (half * 1000 + 1) * kPageSize);
    // A hole in a full map makes one more.
    map.remove((half * 1000 + 2) * kPageSize, (half * 1000 + 3) * kPageSize);
    EXPECT_EQ(map.count(), MemoryMap::kMaximumRanges);
    EXPECT_EQ(map[0].first.value, (half * 1000 + 3) * kPageSize);
}

TEST(memory_map, agrees_with_a_set_of_pages)
{
    constexpr u64 kPages = 64;
    for (u64 seed = 1; seed <= 300; ++seed) {
        test::Random random(seed);
        MemoryMap map;
        std::set<u64> pages;
        for (int step = 0; step < 40; ++step) {
            u64 const first = random.below(kPages);
            u64 const end = first + random.below(8);
            bool const is_added = random.below(3) > 0;
            if (is_added) {
                map.add(first * kPageSize, end * kPageSize);
            } else {
                map.remove(first * kPageSize, end * kPageSize);
            }
            for (u64 page = first; page < end; ++page) {
                if (is_added) {
                    pages.insert(page);
                } else {
                    pages.erase(page);
                }
            }
        }
        ASSERT_EQ(map.total_bytes(), pages.size() * kPageSize) << seed;
        for (u64 page = 0; page < kPages + 8; ++page) {
            ASSERT_EQ(map.holds(page * kPageSize, (page + 1) * kPageSize), pages.contains(page))
                << seed << " " << page;
        }
        for (usize i = 1; i < map.count(); ++i) {
            ASSERT_LT(map[i - 1].end.value, map[i].first.value) << seed;
        }
    }
}

}  // namespace
}  // namespace drydock::guest
