#include "tests/mm/mm_fixture.h"

#include <set>

namespace drydock {
namespace {

using test::PatternSource;
using test::Random;
using FileCacheTest = test::MmTest;

TEST_F(FileCacheTest, loads_a_page_once)
{
    PatternSource source;
    auto cache = make_cache(&source, 5);
    EXPECT_EQ(cache->find(3).error(), Errno::NoEnt);
    FileCache::Page const page = MUST(cache->get(3));
    EXPECT_TRUE(page.was_inserted);
    EXPECT_EQ(static_cast<int>(frames.data(page.frame)[17]), 4);
    EXPECT_EQ(cache->generation(), 1u);
    Event const event = platform.last(EventKind::CacheInsert);
    EXPECT_EQ(event.a, 5u);
    EXPECT_EQ(event.b, 3u);
    EXPECT_EQ(event.c, 1u);
    FileCache::Page const again = MUST(cache->get(3));
    EXPECT_FALSE(again.was_inserted);
    EXPECT_EQ(again.frame, page.frame);
    EXPECT_EQ(again.generation, 1u);
    EXPECT_EQ(cache->generation(), 1u);
}

TEST_F(FileCacheTest, holes_read_as_zeros)
{
    auto cache = make_cache(nullptr);
    FileCache::Page const page = MUST(cache->get(0));
    for (usize i = 0; i < kPageSize; ++i) ASSERT_EQ(frames.data(page.frame)[i], std::byte{0});
}

TEST_F(FileCacheTest, a_failing_source_leaves_nothing)
{
    PatternSource source;
    source.fails = true;
    auto cache = make_cache(&source);
    EXPECT_EQ(cache->get(0).error(), Errno::Io);
    EXPECT_EQ(cache->page_count(), 0u);
    EXPECT_EQ(cache->generation(), 0u);
}

TEST_F(FileCacheTest, truncation_drops_pages_zeroes_the_tail_and_advances_the_generation)
{
    PatternSource source;
    auto cache = make_cache(&source);
    for (u64 i = 0; i < 10; ++i) MUST(cache->get(i));
    cache->truncate(4, 100);
    EXPECT_EQ(cache->generation(), 11u);
    EXPECT_EQ(cache->page_count(), 4u);
    EXPECT_EQ(cache->next_cached(4).error(), Errno::NoEnt);
    std::byte const* const last = frames.data(MUST(cache->find(3)));
    EXPECT_EQ(static_cast<int>(last[99]), 4);
    EXPECT_EQ(static_cast<int>(last[100]), 0);
    EXPECT_EQ(frames.counts().file_cache, 4u);
}

TEST_F(FileCacheTest, agrees_with_a_set_at_all_distances)
{
    auto cache = make_cache(nullptr);
    std::set<u64> model;
    Random random(11);
    u64 const largest = (u64{1} << 52) - 1;
    for (int step = 0; step < 4000; ++step) {
        u64 const index = random.next() & (largest >> random.below(52));
        switch (random.below(4)) {
        case 0:
        case 1:
            if (model.size() < 500) {
                ASSERT_EQ(MUST(cache->get(index)).was_inserted, model.insert(index).second);
            }
            break;
        case 2: {
            auto const next = model.lower_bound(index);
            Result<u64> found = cache->next_cached(index);
            ASSERT_EQ(found.is_ok(), next != model.end());
            if (found.is_ok()) {
                ASSERT_EQ(found.value(), *next);
            }
            break;
        }
        default:
            if (random.below(50) > 0) break;
            cache->truncate(index, 0);
            model.erase(model.lower_bound(index), model.end());
        }
        ASSERT_EQ(cache->page_count(), model.size());
    }
    cache->truncate(0, 0);
    EXPECT_EQ(heap.live_objects(), 1u) << "only the cache itself";
}

TEST_F(FileCacheTest, any_allocation_may_fail)
{
    for (u64 nth = 0;; ++nth) {
        auto cache = make_cache(nullptr);
        heap.trim();
        platform.fail_allocation(nth);
        static_cast<void>(cache->get(5).is_ok());
        static_cast<void>(cache->get(u64{1} << 40).is_ok());
        bool const has_failed = platform.has_failed();
        platform.fail_nothing();
        EXPECT_EQ(cache->find(5).is_ok() + cache->find(u64{1} << 40).is_ok(), has_failed ? 1 : 2);
        cache->truncate(0, 0);
        EXPECT_EQ(heap.live_objects(), 1u);
        if (!has_failed) break;
    }
}

}  // namespace
}  // namespace drydock
