#include "core/mm/frame_allocator.h"
#include "tests/support/fake_platform.h"
#include "tests/support/random.h"

#include <algorithm>
#include <cstring>
#include <gtest/gtest.h>
#include <map>
#include <vector>

namespace drydock {
namespace {

using test::FakePlatform;
using test::Random;

u64 sum(FrameCounts const& counts)
{
    return counts.free + counts.reserved + counts.heap + counts.stack + counts.page_table +
           counts.anonymous + counts.file_cache + counts.pipe;
}

TEST(frame_allocator, accounts_for_every_frame_at_the_start)
{
    FakePlatform platform;
    FrameAllocator frames(platform, platform.layout());
    FrameCounts const counts = frames.counts();
    EXPECT_EQ(counts.total, (32 * kMiB - kPageSize) / kPageSize);
    EXPECT_EQ(sum(counts), counts.total);
    EXPECT_LT(counts.reserved, 32u);
}

TEST(frame_allocator, hands_out_the_lowest_address_first)
{
    FakePlatform platform;
    FrameAllocator frames(platform, platform.layout());
    PhysAddr const a = MUST(frames.allocate(FrameUse::Heap, 0, false));
    PhysAddr const b = MUST(frames.allocate(FrameUse::Heap, 0, false));
    PhysAddr const c = MUST(frames.allocate(FrameUse::Heap, 0, false));
    EXPECT_EQ(b.value, a.value + kPageSize);
    EXPECT_EQ(c.value, b.value + kPageSize);
}

TEST(frame_allocator, hands_out_what_was_freed_last_before_the_rest)
{
    FakePlatform platform;
    FrameAllocator frames(platform, platform.layout());
    PhysAddr const a = MUST(frames.allocate(FrameUse::Heap, 0, false));
    PhysAddr const b = MUST(frames.allocate(FrameUse::Heap, 0, false));
    PhysAddr const c = MUST(frames.allocate(FrameUse::Heap, 0, false));
    frames.free(a, 0);
    frames.free(c, 0);
    EXPECT_EQ(MUST(frames.allocate(FrameUse::Pipe, 0, false)), c);
    EXPECT_EQ(MUST(frames.allocate(FrameUse::Pipe, 0, false)), a);
    EXPECT_EQ(MUST(frames.allocate(FrameUse::Pipe, 0, false)).value, b.value + 2 * kPageSize);
}

TEST(frame_allocator, clean_frames_go_to_those_who_want_zeros)
{
    FakePlatform platform;
    FrameAllocator frames(platform, platform.layout());
    u64 const free = frames.free_frames();
    PhysAddr const table = MUST(frames.allocate(FrameUse::PageTable, 0, true));
    PhysAddr const other = MUST(frames.allocate(FrameUse::Heap, 0, false));
    // Behind what is looked at when a frame is taken: shows whether it is filled again.
    constexpr usize kMark = 3000;
    frames.data(table)[kMark] = std::byte{7};
    EXPECT_TRUE(frames.clean_frames_are_zero());
    frames.free_clean(table);
    EXPECT_FALSE(frames.clean_frames_are_zero());
    frames.free(other, 0);
    EXPECT_EQ(frames.free_frames(), free);
    EXPECT_EQ(MUST(frames.allocate(FrameUse::Heap, 0, false)), other);
    EXPECT_EQ(MUST(frames.allocate(FrameUse::PageTable, 0, true)), table);
    EXPECT_EQ(frames.data(table)[kMark], std::byte{7});
    EXPECT_TRUE(frames.clean_frames_are_zero());
}

TEST(frame_allocator, blocks_are_made_of_what_was_kept_back)
{
    FakePlatform platform;
    FrameAllocator frames(platform, platform.layout());
    std::vector<PhysAddr> taken;
    while (frames.free_frames() > 0)
        taken.push_back(MUST(frames.allocate(FrameUse::PageTable, 0, true)));
    // The last 64 of memory, in one row: one half to each stack.
    for (usize i = taken.size() - 64; i < taken.size(); ++i) {
        if (i % 2 == 0) frames.free_clean(taken[i]);
        if (i % 2 == 1) frames.free(taken[i], 0);
    }
    EXPECT_TRUE(frames.allocate(FrameUse::Stack, 5, false).is_ok());
    PhysAddr const last = MUST(frames.allocate(FrameUse::Stack, 4, true));
    for (usize i = 0; i < kPageSize << 4; ++i) ASSERT_EQ(frames.data(last)[i], std::byte{0}) << i;
}

// More than the stack holds.
TEST(frame_allocator, clean_frames_beyond_the_stack_are_free_too)
{
    FakePlatform platform;
    FrameAllocator frames(platform, platform.layout());
    u64 const free = frames.free_frames();
    std::vector<PhysAddr> taken;
    for (int i = 0; i < 300; ++i)
        taken.push_back(MUST(frames.allocate(FrameUse::PageTable, 0, true)));
    for (PhysAddr const frame : taken) frames.free_clean(frame);
    EXPECT_EQ(frames.free_frames(), free);
    EXPECT_EQ(sum(frames.counts()), frames.counts().total);
    for (int i = 0; i < 300; ++i) {
        PhysAddr const frame = MUST(frames.allocate(FrameUse::Anonymous, 0, true));
        for (usize byte = 0; byte < kPageSize; ++byte)
            ASSERT_EQ(frames.data(frame)[byte], std::byte{0}) << i;
    }
}

MemoryLayout with_holes(MemoryLayout layout, std::vector<MemoryRange> const& holes)
{
    for (MemoryRange const& hole : holes) layout.holes[layout.hole_count++] = hole;
    return layout;
}

TEST(frame_allocator, leaves_holes_alone)
{
    FakePlatform platform;
    MemoryRange const holes[] = {{{8 * kMiB - kPageSize}, {8 * kMiB + 2 * kPageSize}},
                                 {{9 * kMiB}, {16 * kMiB}}};
    FrameAllocator frames(platform, with_holes(platform.layout(), {holes[0], holes[1]}));
    u64 const memory = 32 * kMiB - kPageSize - 7 * kMiB - 3 * kPageSize;
    EXPECT_EQ(frames.counts().total, memory / kPageSize);
    EXPECT_EQ(sum(frames.counts()), frames.counts().total);
    std::vector<PhysAddr> taken;
    for (;;) {
        Result<PhysAddr> frame = frames.allocate(FrameUse::Anonymous, 0, false);
        if (frame.is_error()) break;
        for (MemoryRange const& hole : holes) {
            ASSERT_FALSE(frame.value() >= hole.first && frame.value() < hole.end);
        }
        taken.push_back(frame.value());
    }
    EXPECT_EQ(taken.size() + frames.counts().reserved, frames.counts().total);
    EXPECT_EQ(std::max_element(taken.begin(), taken.end())->value, 32 * kMiB - kPageSize);
    // Freed in any order, nothing grows over a hole.
    for (usize i = 0; i < taken.size(); i += 2) frames.free(taken[i], 0);
    for (usize i = 1; i < taken.size(); i += 2) frames.free(taken[i], 0);
    while (frames.free_frames() > 0) {
        PhysAddr block{};
        unsigned order = 11;
        while (block.value == 0) {
            Result<PhysAddr> found = frames.allocate(FrameUse::Heap, --order, false);
            if (found.is_ok()) block = found.value();
        }
        for (MemoryRange const& hole : holes) {
            bool const is_behind = block >= hole.end;
            ASSERT_TRUE(is_behind || block.value + (kPageSize << order) <= hole.first.value);
        }
    }
}

TEST(frame_allocator, keeps_its_table_in_a_range_with_room)
{
    FakePlatform platform(64 * kMiB);
    MemoryRange const hole{{3 * kPageSize}, {9 * kPageSize}};
    FrameAllocator frames(platform, with_holes(platform.layout(), {hole}));
    EXPECT_EQ(MUST(frames.allocate(FrameUse::Heap, 0, false)).value, kPageSize);
    EXPECT_EQ(MUST(frames.allocate(FrameUse::Heap, 0, false)).value, 2 * kPageSize);
    // The table: 8 bytes and a little more for each of 16384 frames, from the hole's end on.
    EXPECT_EQ(frames.use(hole.end), FrameUse::Reserved);
    EXPECT_EQ(frames.use(hole.first), FrameUse::Reserved);
    u64 const next = MUST(frames.allocate(FrameUse::Heap, 0, false)).value;
    EXPECT_EQ(next, hole.end.value + frames.counts().reserved * kPageSize);
}

TEST(frame_allocator, memory_behind_the_first_4_gib)
{
    FakePlatform platform(5 * kGiB);
    MemoryRange const hole{{64 * kMiB}, {4 * kGiB}};
    FrameAllocator frames(platform, with_holes(platform.layout(), {hole}));
    u64 behind = 0;
    for (;;) {
        Result<PhysAddr> block = frames.allocate(FrameUse::Heap, 10, false);
        if (block.is_error()) break;
        if (block.value() >= hole.end) behind += 4 * kMiB;
    }
    EXPECT_EQ(behind, 1 * kGiB);
}

TEST(frame_allocator, aligns_blocks_to_their_size)
{
    FakePlatform platform;
    FrameAllocator frames(platform, platform.layout());
    for (unsigned order = 0; order <= 10; ++order) {
        PhysAddr const block = MUST(frames.allocate(FrameUse::Stack, order, false));
        EXPECT_EQ(block.value % (kPageSize << order), 0u) << order;
    }
}

TEST(frame_allocator, zeroes_only_what_is_asked_for)
{
    FakePlatform platform;
    FrameAllocator frames(platform, platform.layout());
    PhysAddr const a = MUST(frames.allocate(FrameUse::Anonymous, 1, false));
    std::memset(frames.data(a), 0xab, 2 * kPageSize);
    frames.free(a, 1);
    PhysAddr const b = MUST(frames.allocate(FrameUse::Anonymous, 1, true));
    ASSERT_EQ(a, b);
    for (usize i = 0; i < 2 * kPageSize; ++i) ASSERT_EQ(frames.data(b)[i], std::byte{0}) << i;
}

TEST(frame_allocator, gives_all_memory_back_in_the_largest_blocks)
{
    FakePlatform platform(64 * kMiB);
    FrameAllocator frames(platform, platform.layout());
    u64 const free = frames.free_frames();
    std::vector<PhysAddr> taken;
    for (;;) {
        Result<PhysAddr> frame = frames.allocate(FrameUse::Anonymous, 0, false);
        if (frame.is_error()) {
            EXPECT_EQ(frame.error(), Errno::NoMem);
            break;
        }
        taken.push_back(frame.value());
    }
    EXPECT_EQ(taken.size(), free);
    EXPECT_EQ(frames.free_frames(), 0u);
    EXPECT_EQ(platform.last(EventKind::OutOfMemory).a, 0u);
    for (usize i = 0; i < taken.size(); i += 2) frames.free(taken[i], 0);
    EXPECT_TRUE(frames.allocate(FrameUse::Anonymous, 1, false).is_error());
    for (usize i = 1; i < taken.size(); i += 2) frames.free(taken[i], 0);
    EXPECT_EQ(frames.free_frames(), free);
    // 64 MiB less the start: at least fourteen blocks of 4 MiB came together again.
    for (int i = 0; i < 14; ++i) MUST(frames.allocate(FrameUse::Heap, 10, false));
}

TEST(frame_allocator, counts_references)
{
    FakePlatform platform;
    FrameAllocator frames(platform, platform.layout());
    PhysAddr const frame = MUST(frames.allocate(FrameUse::FileCache, 0, false));
    EXPECT_EQ(frames.references(frame), 1u);
    frames.share(frame);
    EXPECT_EQ(frames.references(frame), 2u);
    frames.release(frame);
    EXPECT_EQ(frames.use(frame), FrameUse::FileCache);
    u64 const free = frames.free_frames();
    frames.release(frame);
    EXPECT_EQ(frames.use(frame), FrameUse::Free);
    EXPECT_EQ(frames.free_frames(), free + 1);
}

TEST(frame_allocator, fails_when_the_platform_chooses_so)
{
    FakePlatform platform;
    FrameAllocator frames(platform, platform.layout());
    platform.fail_allocation(1);
    EXPECT_TRUE(frames.allocate(FrameUse::Heap, 0, false).is_ok());
    EXPECT_TRUE(frames.allocate(FrameUse::Heap, 3, false).is_error());
    EXPECT_EQ(platform.last(EventKind::OutOfMemory).a, 3u);
    EXPECT_TRUE(frames.allocate(FrameUse::Heap, 3, false).is_ok());
}

TEST(frame_allocator, behaves_as_a_model_for_random_calls)
{
    FakePlatform platform;
    FrameAllocator frames(platform, platform.layout());
    u64 const free = frames.free_frames();
    Random random(7);
    std::map<u64, unsigned> live;
    u64 held = 0;
    for (int step = 0; step < 20000; ++step) {
        if (live.empty() || random.below(100) < 52) {
            unsigned const order =
                static_cast<unsigned>(random.below(100) < 70 ? 0 : random.below(6));
            Result<PhysAddr> block = frames.allocate(FrameUse::Heap, order, false);
            if (block.is_error()) continue;
            u64 const start = block.value().value;
            u64 const end = start + (kPageSize << order);
            auto const next = live.lower_bound(start);
            ASSERT_TRUE(next == live.end() || next->first >= end);
            if (next != live.begin()) {
                auto const before = std::prev(next);
                ASSERT_LE(before->first + (kPageSize << before->second), start);
            }
            live[start] = order;
            held += u64{1} << order;
        } else {
            auto found = live.begin();
            std::advance(found, static_cast<long>(random.below(live.size())));
            held -= u64{1} << found->second;
            frames.free({found->first}, found->second);
            live.erase(found);
        }
        ASSERT_EQ(frames.free_frames() + held, free);
        ASSERT_EQ(sum(frames.counts()), frames.counts().total);
    }
}

using frame_allocator_death = ::testing::Test;

TEST(frame_allocator_death, double_free)
{
    FakePlatform platform;
    FrameAllocator frames(platform, platform.layout());
    PhysAddr const frame = MUST(frames.allocate(FrameUse::Heap, 0, false));
    frames.free(frame, 0);
    EXPECT_DEATH(frames.free(frame, 0), "assertion failed");
    EXPECT_DEATH(frames.release(frame), "assertion failed");
    EXPECT_DEATH(frames.share(frame), "assertion failed");
}

TEST(frame_allocator_death, wrong_order_or_shared)
{
    FakePlatform platform;
    FrameAllocator frames(platform, platform.layout());
    PhysAddr const block = MUST(frames.allocate(FrameUse::Stack, 2, false));
    EXPECT_DEATH(frames.free(block, 1), "assertion failed");
    EXPECT_DEATH(frames.free(block + kPageSize, 0), "assertion failed");
    PhysAddr const frame = MUST(frames.allocate(FrameUse::Anonymous, 0, false));
    frames.share(frame);
    EXPECT_DEATH(frames.free(frame, 0), "references == 1");
}

TEST(frame_allocator_death, write_to_a_free_frame)
{
    FakePlatform platform;
    FrameAllocator frames(platform, platform.layout());
    PhysAddr const frame = MUST(frames.allocate(FrameUse::Heap, 0, false));
    frames.free(frame, 0);
    frames.data(frame)[8] = std::byte{1};
    EXPECT_DEATH(static_cast<void>(frames.allocate(FrameUse::Heap, 0, false).is_ok()), "expected");
}

TEST(frame_allocator_death, write_to_a_clean_frame)
{
    FakePlatform platform;
    FrameAllocator frames(platform, platform.layout());
    PhysAddr const frame = MUST(frames.allocate(FrameUse::PageTable, 0, true));
    frames.free_clean(frame);
    EXPECT_DEATH(frames.free_clean(frame), "assertion failed");
    frames.data(frame)[8] = std::byte{1};
    EXPECT_DEATH(static_cast<void>(frames.allocate(FrameUse::Heap, 0, true).is_ok()), "expected");
}

}  // namespace
}  // namespace drydock
