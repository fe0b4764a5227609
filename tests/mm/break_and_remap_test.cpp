#include "tests/mm/mm_fixture.h"

namespace drydock {
namespace {

using test::PatternSource;
using BreakTest = test::MmTest;
using RemapTest = test::MmTest;

constexpr UserAddr kBase{0x10000000};
constexpr u64 kPage = kPageSize;

TEST_F(BreakTest, moves_byte_by_byte_and_maps_page_by_page)
{
    auto space = make_space();
    space->set_heap_start(kBase);
    EXPECT_EQ(space->set_break({0}), kBase);
    EXPECT_EQ(space->set_break(kBase + 1), kBase + 1);
    EXPECT_EQ(write_user(*space, kBase + (kPage - 1), 3), FaultResult::Handled);
    EXPECT_EQ(write_user(*space, kBase + kPage, 3), FaultResult::SegvMaperr);
    EXPECT_EQ(space->set_break(kBase + 5 * kPage), kBase + 5 * kPage);
    EXPECT_EQ(space->regions().count(), 1u);
    EXPECT_EQ(space->regions().first()->kind, Region::Kind::Heap);
    EXPECT_EQ(write_user(*space, kBase + 4 * kPage, 9), FaultResult::Handled);
    EXPECT_EQ(space->set_break(kBase + kPage + 1), kBase + kPage + 1);
    EXPECT_EQ(space->set_break(kBase + 5 * kPage), kBase + 5 * kPage);
    EXPECT_EQ(read_user(*space, kBase + 4 * kPage), 0);
    EXPECT_EQ(read_user(*space, kBase + (kPage - 1)), 3);
    EXPECT_EQ(space->set_break(kBase), kBase);
    EXPECT_TRUE(space->regions().is_empty());
    EXPECT_EQ(space->set_break({kBase.value - 1}), kBase);
    EXPECT_EQ(space->set_break({~u64{0}}), kBase);
    EXPECT_EQ(space->set_break({kUserEnd}), kBase);
    expect_sound(*space);
}

TEST_F(BreakTest, stops_before_whatever_lies_in_the_way)
{
    auto space = make_space();
    space->set_heap_start(kBase);
    MUST(space->map(at(kBase + 10 * kPage, anonymous(1, kRead))));
    EXPECT_EQ(space->set_break(kBase + 10 * kPage), kBase);
    // Linux leaves one page free.
    EXPECT_EQ(space->set_break(kBase + 9 * kPage + 1), kBase);
    EXPECT_EQ(space->set_break(kBase + 9 * kPage), kBase + 9 * kPage);
    EXPECT_EQ(space->set_break(kBase + 20 * kPage), kBase + 9 * kPage);
}

TEST_F(BreakTest, keeps_within_the_data_limit)
{
    auto space = make_space();
    space->set_heap_start(kBase);
    space->set_limits(8 * kMiB, ~u64{0}, 4 * kPage);
    EXPECT_EQ(space->set_break(kBase + 5 * kPage), kBase);
    EXPECT_EQ(space->set_break(kBase + 4 * kPage), kBase + 4 * kPage);
}

TEST_F(BreakTest, survives_a_heap_that_the_program_unmapped)
{
    auto space = make_space();
    space->set_heap_start(kBase);
    space->set_break(kBase + 4 * kPage);
    MUST(space->unmap(kBase + 2 * kPage, 2 * kPage));
    EXPECT_EQ(space->set_break(kBase + 6 * kPage), kBase + 6 * kPage);
    EXPECT_EQ(write_user(*space, kBase + 3 * kPage, 1), FaultResult::SegvMaperr);
    EXPECT_EQ(write_user(*space, kBase + 5 * kPage, 1), FaultResult::Handled);
    EXPECT_EQ(space->set_break(kBase + kPage), kBase + kPage);
    expect_sound(*space);
}

TEST_F(RemapTest, shrinks_and_grows_in_place)
{
    auto space = make_space();
    MUST(space->map(at(kBase, anonymous(4))));
    write_user(*space, kBase + 3 * kPage, 1);
    EXPECT_EQ(MUST(space->remap(kBase, 4 * kPage, 2 * kPage, false)), kBase);
    EXPECT_EQ(read_user(*space, kBase + 3 * kPage), -1);
    EXPECT_EQ(MUST(space->remap(kBase, 2 * kPage, 4 * kPage, false)), kBase);
    EXPECT_EQ(read_user(*space, kBase + 3 * kPage), 0);
    MUST(space->map(at(kBase + 4 * kPage, anonymous(1, kRead))));
    EXPECT_EQ(space->remap(kBase, 4 * kPage, 8 * kPage, false).error(), Errno::NoMem);
    expect_sound(*space);
}

TEST_F(RemapTest, moves_pages_with_their_contents)
{
    auto space = make_space();
    MUST(space->map(at(kBase, anonymous(600))));
    MUST(space->map(at(kBase + 600 * kPage, anonymous(1, kRead))));
    for (u64 i = 0; i < 600; i += 7) write_user(*space, kBase + i * kPage, static_cast<u8>(i));
    UserAddr const moved = MUST(space->remap(kBase, 600 * kPage, 1000 * kPage, true));
    EXPECT_NE(moved, kBase);
    for (u64 i = 0; i < 600; ++i) {
        int const expected = i % 7 == 0 ? static_cast<u8>(i) : 0;
        ASSERT_EQ(read_user(*space, moved + i * kPage), expected) << i;
    }
    EXPECT_EQ(read_user(*space, kBase), -1);
    EXPECT_EQ(write_user(*space, moved + 999 * kPage, 1), FaultResult::Handled);
    expect_sound(*space);
}

// Two tables are needed at the new place; what was made of them goes again.
TEST_F(RemapTest, a_move_without_memory_leaves_everything_as_it_was)
{
    auto space = make_space();
    MUST(space->map(at(kBase, anonymous(600))));
    for (u64 i = 0; i < 600; ++i) write_user(*space, kBase + i * kPage, static_cast<u8>(i));
    UserAddr const target{u64{1} << 40};
    u64 const tables = frames.counts().page_table;
    bool is_done = false;
    for (u64 nth = 0; !is_done; ++nth) {
        platform.fail_allocation(nth);
        Result<UserAddr> const moved = space->remap_to(kBase, 600 * kPage, 600 * kPage, target);
        is_done = !platform.has_failed();
        platform.fail_nothing();
        EXPECT_EQ(moved.is_ok(), is_done) << nth;
        expect_sound(*space);
        if (is_done) break;
        EXPECT_EQ(frames.counts().page_table, tables) << nth;
        EXPECT_EQ(read_user(*space, kBase + 599 * kPage), 599 % 256);
    }
    EXPECT_EQ(read_user(*space, target + 599 * kPage), 599 % 256);
}

TEST_F(RemapTest, moves_a_part_of_a_file_mapping)
{
    PatternSource source;
    auto cache = make_cache(&source);
    auto space = make_space();
    MUST(space->map(at(kBase, of_file(cache, 10, kRead))));
    for (u64 i = 0; i < 10; i += 2) read_user(*space, kBase + i * kPage);
    UserAddr const target = kBase + 100 * kPage;
    EXPECT_EQ(MUST(space->remap_to(kBase + 3 * kPage, 4 * kPage, 5 * kPage, target)), target);
    for (u64 i = 0; i < 5; ++i)
        EXPECT_EQ(read_user(*space, target + i * kPage), static_cast<int>(i + 4));
    for (u64 i : {3u, 4u, 5u, 6u}) EXPECT_EQ(read_user(*space, kBase + i * kPage), -1);
    EXPECT_EQ(read_user(*space, kBase + 7 * kPage), 8);
    expect_sound(*space);
}

TEST_F(RemapTest, refuses_bad_requests)
{
    auto space = make_space();
    MUST(space->map(at(kBase, anonymous(4))));
    EXPECT_EQ(space->remap({kBase.value + 1}, kPage, kPage, true).error(), Errno::Inval);
    EXPECT_EQ(space->remap(kBase, kPage, 0, true).error(), Errno::Inval);
    EXPECT_EQ(space->remap(kBase + 9 * kPage, kPage, kPage, true).error(), Errno::Fault);
    EXPECT_EQ(space->remap(kBase, 5 * kPage, 6 * kPage, true).error(), Errno::Fault);
    EXPECT_EQ(space->remap(kBase, kPage, kUserEnd, true).error(), Errno::NoMem);
    EXPECT_EQ(space->remap(kBase, ~u64{0}, kPage, true).error(), Errno::Inval);
    EXPECT_EQ(space->remap_to(kBase, kPage, kPage, {kUserEnd}).error(), Errno::Inval);
    EXPECT_EQ(space->remap_to(kBase, 4 * kPage, 4 * kPage, kBase + kPage).error(), Errno::Inval);
    expect_sound(*space);
}

}  // namespace
}  // namespace drydock
