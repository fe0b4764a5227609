#include "tests/mm/mm_fixture.h"

namespace drydock {
namespace {

using test::PatternSource;
using ForkTest = test::MmTest;

constexpr UserAddr kBase{0x10000000};
constexpr u64 kPage = kPageSize;

TEST_F(ForkTest, shares_private_pages_until_one_side_writes)
{
    auto parent = make_space();
    MUST(parent->map(at(kBase, anonymous(3))));
    for (u64 i = 0; i < 3; ++i) write_user(*parent, kBase + i * kPage, static_cast<u8>(i + 1));
    platform.forget();
    auto child = MUST(parent->duplicate());
    EXPECT_EQ(child->entries_copied(), 3u);
    // The parent had writable translations: they are forgotten, all at once.
    ASSERT_EQ(platform.machine().flushes.size(), 1u);
    EXPECT_TRUE(platform.machine().flushes[0].is_all);
    EXPECT_EQ(frames.counts().anonymous, 3u);
    EXPECT_EQ(frames.references(pte::frame_of(entry_of(*parent, kBase))), 2u);
    expect_sound(*parent);
    expect_sound(*child);

    EXPECT_EQ(write_user(*child, kBase, 99), FaultResult::Handled);
    EXPECT_EQ(platform.last(EventKind::Fault).c, static_cast<u64>(FaultOutcome::Copied));
    EXPECT_EQ(read_user(*parent, kBase), 1);
    EXPECT_EQ(read_user(*child, kBase), 99);
    EXPECT_EQ(frames.counts().anonymous, 4u);
    // The parent is the last owner now.
    EXPECT_EQ(write_user(*parent, kBase, 50), FaultResult::Handled);
    EXPECT_EQ(platform.last(EventKind::Fault).c, static_cast<u64>(FaultOutcome::Reused));
    child.reset();
    EXPECT_EQ(frames.counts().anonymous, 3u);
    EXPECT_EQ(write_user(*parent, kBase + kPage, 51), FaultResult::Handled);
    EXPECT_EQ(platform.last(EventKind::Fault).c, static_cast<u64>(FaultOutcome::Reused));
    expect_sound(*parent);
}

TEST_F(ForkTest, a_fault_at_the_address_needs_no_flush_but_a_copy_by_the_kernel_does)
{
    auto parent = make_space();
    MUST(parent->map(at(kBase, anonymous(2))));
    write_user(*parent, kBase, 1);
    write_user(*parent, kBase + kPage, 1);
    auto child = MUST(parent->duplicate());
    platform.forget();
    write_user(*parent, kBase, 2);
    EXPECT_TRUE(platform.machine().flushes.empty());
    MUST(parent->write(kBase + kPage, u32{7}));
    ASSERT_EQ(platform.machine().flushes.size(), 1u);
    EXPECT_EQ(platform.machine().flushes[0].page, kBase + kPage);
    EXPECT_EQ(read_user(*child, kBase + kPage), 1);
}

TEST_F(ForkTest, shared_memory_stays_shared)
{
    auto parent = make_space();
    MapRequest request = at(kBase, anonymous(2));
    request.shared = true;
    MUST(parent->map(request));
    write_user(*parent, kBase, 1);
    auto child = MUST(parent->duplicate());
    EXPECT_EQ(write_user(*child, kBase, 2), FaultResult::Handled);
    EXPECT_EQ(read_user(*parent, kBase), 2);
    EXPECT_EQ(write_user(*parent, kBase + kPage, 3), FaultResult::Handled);
    EXPECT_EQ(read_user(*child, kBase + kPage), 3);
    EXPECT_EQ(parent->handle_fault(kBase + 2 * kPage, kUserRead), FaultResult::SegvMaperr);
    expect_sound(*parent);
    expect_sound(*child);
}

TEST_F(ForkTest, copies_held_pages_too)
{
    auto parent = make_space();
    MUST(parent->map(at(kBase, anonymous(1))));
    write_user(*parent, kBase, 8);
    MUST(parent->protect(kBase, kPage, kNone));
    auto child = MUST(parent->duplicate());
    parent.reset();
    EXPECT_EQ(read_user(*child, kBase), -1);
    MUST(child->protect(kBase, kPage, kReadWrite));
    EXPECT_EQ(read_user(*child, kBase), 8);
    expect_sound(*child);
}

TEST_F(ForkTest, keeps_break_limits_and_layout)
{
    auto parent = make_space();
    parent->set_limits(kMiB, 100 * kPage, ~u64{0});
    parent->set_heap_start(kBase);
    parent->set_break(kBase + 10 * kPage);
    auto child = MUST(parent->duplicate());
    EXPECT_EQ(child->set_break({0}), kBase + 10 * kPage);
    EXPECT_EQ(child->set_break(kBase + 101 * kPage), kBase + 10 * kPage);
    EXPECT_EQ(child->set_break(kBase + 12 * kPage), kBase + 12 * kPage);
    EXPECT_EQ(child->regions().count(), 1u);
}

// Every allocation of a fork fails in turn: the parent goes on, and nothing is lost.
TEST_F(ForkTest, leaves_both_sides_sound_when_memory_runs_out)
{
    PatternSource source;
    auto cache = make_cache(&source);
    auto parent = make_space();
    for (u64 i = 0; i < 6; ++i) {
        UserAddr const place{kBase.value + i * 3 * kLeafSpan};
        MUST(parent->map(at(place, anonymous(2))));
        MUST(parent->map(at(place + 4 * kPage, of_file(cache, 2, kRead))));
        write_user(*parent, place, static_cast<u8>(i));
        read_user(*parent, place + 4 * kPage);
    }
    heap.trim();
    u64 const free = frames.free_frames();
    u64 nth = 0;
    for (;; ++nth) {
        platform.fail_allocation(nth);
        bool const is_ok = parent->duplicate().is_ok();
        platform.fail_nothing();
        expect_sound(*parent);
        heap.trim();
        ASSERT_EQ(frames.free_frames(), free) << nth;
        for (u64 i = 0; i < 6; ++i) {
            UserAddr const place{kBase.value + i * 3 * kLeafSpan};
            ASSERT_EQ(read_user(*parent, place), static_cast<int>(i));
            ASSERT_EQ(write_user(*parent, place, static_cast<u8>(i)), FaultResult::Handled);
        }
        if (is_ok) break;
    }
    EXPECT_GT(nth, 8u);
}

// A whole life of a space with each allocation failing in turn.
TEST_F(ForkTest, any_allocation_may_fail)
{
    PatternSource source;
    auto cache = make_cache(&source);
    static_cast<void>(cache->get(0).is_ok());
    heap.trim();
    u64 const free = frames.free_frames();
    for (u64 nth = 0;; ++nth) {
        platform.fail_allocation(nth);
        {
            Result<Ref<AddressSpace>> made = AddressSpace::create(heap, frames, platform);
            if (made.is_ok()) {
                Ref<AddressSpace> const space = made.take();
                static_cast<void>(space->map(at(kBase, anonymous(20))).is_ok());
                static_cast<void>(
                    space->map(at(kBase + 30 * kPage, of_file(cache, 4, kReadWrite))).is_ok());
                static_cast<void>(space->handle_fault(kBase, kUserWrite));
                static_cast<void>(space->handle_fault(kBase + 30 * kPage, kUserWrite));
                static_cast<void>(space->handle_fault(kBase + 31 * kPage, kUserRead));
                static_cast<void>(space->protect(kBase + 5 * kPage, kPage, kRead).is_ok());
                static_cast<void>(space->unmap(kBase + 8 * kPage, kPage).is_ok());
                static_cast<void>(
                    space->remap(kBase + 10 * kPage, 2 * kPage, 900 * kPage, true).is_ok());
                space->set_heap_start({0x20000000});
                space->set_break({0x20010000});
                static_cast<void>(space->write({0x20000000}, u64{1}).is_ok());
                static_cast<void>(space->duplicate().is_ok());
                expect_sound(*space);
            }
        }
        bool const has_failed = platform.has_failed();
        platform.fail_nothing();
        cache->truncate(1, 0);
        heap.trim();
        ASSERT_EQ(frames.free_frames(), free) << nth;
        if (!has_failed) break;
        ASSERT_LT(nth, 200u);
    }
}

}  // namespace
}  // namespace drydock
