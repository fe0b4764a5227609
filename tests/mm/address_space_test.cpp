#include "tests/mm/mm_fixture.h"

namespace drydock {
namespace {

using test::PatternSource;
using test::Random;
using AddressSpaceTest = test::MmTest;

constexpr UserAddr kBase{0x10000000};
constexpr u64 kPage = kPageSize;

TEST_F(AddressSpaceTest, places_mappings_from_the_top_down_as_linux_does)
{
    auto space = make_space();
    UserAddr const first = MUST(space->map(anonymous(2)));
    EXPECT_EQ(first.value, 0x7ffff7fff000 - 2 * kPage);
    // Different rights, so that the two are not one region.
    UserAddr const second = MUST(space->map(anonymous(1, kRead)));
    EXPECT_EQ(second.value, first.value - kPage);
    EXPECT_EQ(space->regions().count(), 2u);
    MUST(space->unmap(first, kPage));
    EXPECT_EQ(MUST(space->map(anonymous(1, kNone))), first);
    expect_sound(*space);
}

TEST_F(AddressSpaceTest, takes_hints_that_are_free)
{
    auto space = make_space();
    MapRequest request = anonymous(2);
    request.address = kBase + 123;
    EXPECT_EQ(MUST(space->map(request)), kBase);
    EXPECT_NE(MUST(space->map(request)), kBase);
    request.address = {kUserEnd - kPage};
    EXPECT_NE(MUST(space->map(request)).value, kUserEnd - kPage);
}

TEST_F(AddressSpaceTest, refuses_bad_requests)
{
    auto space = make_space();
    EXPECT_EQ(space->map(anonymous(0)).error(), Errno::Inval);
    MapRequest huge = anonymous(1);
    huge.length = ~u64{0};
    EXPECT_EQ(space->map(huge).error(), Errno::NoMem);
    huge.length = kUserEnd + 1;
    EXPECT_EQ(space->map(huge).error(), Errno::NoMem);
    EXPECT_EQ(space->map(at({kBase.value + 1}, anonymous(1))).error(), Errno::Inval);
    EXPECT_EQ(space->map(at({kUserEnd}, anonymous(1))).error(), Errno::NoMem);
    EXPECT_EQ(space->map(at({~u64{kPageMask}}, anonymous(1))).error(), Errno::NoMem);
    // More than there is memory, writable and private: never.
    EXPECT_EQ(space->map(anonymous(1 << 20)).error(), Errno::NoMem);
    EXPECT_TRUE(space->map(anonymous(1 << 20, kNone)).is_ok());
    EXPECT_EQ(space->unmap({kBase.value + 1}, kPage).error(), Errno::Inval);
    EXPECT_EQ(space->unmap(kBase, 0).error(), Errno::Inval);
    EXPECT_EQ(space->unmap(kBase, ~u64{0}).error(), Errno::Inval);
    EXPECT_EQ(space->unmap({kUserEnd}, kPage).error(), Errno::Inval);
    EXPECT_TRUE(space->unmap(kBase, kPage).is_ok());
    EXPECT_EQ(space->protect(kBase, kPage, kRead).error(), Errno::NoMem);
    EXPECT_EQ(space->protect(kBase, ~u64{0}, kRead).error(), Errno::NoMem);
    EXPECT_TRUE(space->protect(kBase, 0, kRead).is_ok());
}

TEST_F(AddressSpaceTest, never_replaces_with_no_replace)
{
    auto space = make_space();
    MUST(space->map(at(kBase, anonymous(2))));
    MapRequest request = at(kBase + kPage, anonymous(2));
    request.no_replace = true;
    EXPECT_EQ(space->map(request).error(), Errno::Exist);
    request.address = kBase + 2 * kPage;
    EXPECT_TRUE(space->map(request).is_ok());
}

TEST_F(AddressSpaceTest, merges_what_is_alike)
{
    auto space = make_space();
    for (u64 i = 0; i < 1000; ++i) MUST(space->map(at(kBase + i * kPage, anonymous(1))));
    EXPECT_EQ(space->regions().count(), 1u);
    MUST(space->protect(kBase + 10 * kPage, kPage, kRead));
    EXPECT_EQ(space->regions().count(), 3u);
    MUST(space->protect(kBase + 10 * kPage, kPage, kReadWrite));
    EXPECT_EQ(space->regions().count(), 1u);
    expect_sound(*space);
}

TEST_F(AddressSpaceTest, merges_thousands_of_regions_at_once)
{
    auto space = make_space();
    MUST(space->map(at(kBase, anonymous(8000, kNone))));
    for (u64 i = 0; i < 8000; i += 2) MUST(space->protect(kBase + i * kPage, kPage, kRead));
    EXPECT_EQ(space->regions().count(), 8000u);
    MUST(space->protect(kBase, 8000 * kPage, kReadExecute));
    EXPECT_EQ(space->regions().count(), 1u);
    expect_sound(*space);
}

TEST_F(AddressSpaceTest, bounds_the_number_of_regions)
{
    auto space = make_space();
    u64 count = 0;
    Errno error{};
    for (u64 i = 0; i < 70000 && error == Errno{}; ++i) {
        Result<UserAddr> const place = space->map(at(kBase + 2 * i * kPage, anonymous(1)));
        if (place.is_error()) {
            error = place.error();
        } else {
            ++count;
        }
    }
    EXPECT_EQ(error, Errno::NoMem);
    EXPECT_EQ(count, 65530u);
    EXPECT_EQ(space->find_region(kBase + 2 * 4711 * kPage)->start, kBase + 2 * 4711 * kPage);
    EXPECT_EQ(space->find_region(kBase + (2 * 4711 + 1) * kPage), nullptr);
    expect_sound(*space);
}

TEST_F(AddressSpaceTest, demand_zero_pages_are_zero_and_private)
{
    auto space = make_space();
    UserAddr const place = MUST(space->map(anonymous(4)));
    EXPECT_EQ(read_user(*space, place), 0);
    EXPECT_EQ(write_user(*space, place + kPage, 7), FaultResult::Handled);
    EXPECT_EQ(read_user(*space, place + kPage), 7);
    EXPECT_EQ(space->usage().resident_pages, 2u);
    EXPECT_EQ(platform.count(EventKind::PageZero), 2u);
    // Nothing was present before: nothing to flush.
    EXPECT_TRUE(platform.machine().flushes.empty());
    expect_sound(*space);
}

TEST_F(AddressSpaceTest, faults_say_exactly_what_is_wrong)
{
    auto space = make_space();
    MUST(space->map(at(kBase, anonymous(1, kRead))));
    MUST(space->map(at(kBase + kPage, anonymous(1, kNone))));
    EXPECT_EQ(space->handle_fault(kBase, kUserWrite), FaultResult::SegvAccerr);
    EXPECT_EQ(space->handle_fault(kBase, page_fault::kUser | page_fault::kFetch),
              FaultResult::SegvAccerr);
    EXPECT_EQ(space->handle_fault(kBase + kPage, kUserRead), FaultResult::SegvAccerr);
    EXPECT_EQ(space->handle_fault(kBase + 2 * kPage, kUserRead), FaultResult::SegvMaperr);
    EXPECT_EQ(space->handle_fault({0}, kUserRead), FaultResult::SegvMaperr);
    EXPECT_EQ(space->handle_fault({kUserEnd}, kUserRead), FaultResult::SegvMaperr);
    EXPECT_EQ(space->handle_fault({~u64{0}}, kUserRead), FaultResult::SegvMaperr);
    EXPECT_EQ(platform.last(EventKind::Fault).c, static_cast<u64>(FaultOutcome::Signalled));
}

TEST_F(AddressSpaceTest, knows_a_spurious_fault)
{
    auto space = make_space();
    UserAddr const place = MUST(space->map(anonymous(1)));
    write_user(*space, place, 1);
    EXPECT_EQ(space->handle_fault(place, kUserWrite), FaultResult::Handled);
    EXPECT_EQ(platform.last(EventKind::Fault).c, static_cast<u64>(FaultOutcome::Spurious));
}

TEST_F(AddressSpaceTest, unmap_flushes_before_frames_are_free)
{
    auto space = make_space();
    for (u64 const pages : {1u, 5u, 32u, 33u, 700u}) {
        UserAddr const place = MUST(space->map(anonymous(pages)));
        for (u64 i = 0; i < pages; ++i) write_user(*space, place + i * kPage, 1);
        platform.forget();
        u64 const held = frames.counts().anonymous;
        ASSERT_EQ(held, pages);
        bool was_early = false;
        platform.machine().at_flush = [&] {
            // A later flush may be for the tables, when the frames have gone already.
            bool const is_first = platform.machine().flushes.empty();
            if (is_first && frames.counts().anonymous != held) was_early = true;
        };
        MUST(space->unmap(place, pages * kPage));
        EXPECT_FALSE(was_early) << pages;
        platform.machine().at_flush = nullptr;
        EXPECT_EQ(frames.counts().anonymous, 0u);
        bool has_all = false;
        for (auto const& flush : platform.machine().flushes) has_all = has_all || flush.is_all;
        EXPECT_EQ(has_all, pages > 32);
        if (pages <= 32) {
            EXPECT_EQ(platform.machine().flushes.size(), pages);
        }
        // Only the root is left.
        EXPECT_EQ(frames.counts().page_table, 1u) << pages;
        expect_sound(*space);
    }
}

// A processor caches what leads to a table, whatever the table holds (Intel SDM vol. 3, 4.10.3).
TEST_F(AddressSpaceTest, tables_without_a_present_page_are_forgotten_too)
{
    auto space = make_space();
    UserAddr const place = MUST(space->map(anonymous(2)));
    for (u64 i = 0; i < 2; ++i) write_user(*space, place + i * kPage, 1);
    MUST(space->protect(place, 2 * kPage, kNone));
    platform.forget();
    MUST(space->unmap(place, 2 * kPage));
    EXPECT_EQ(frames.counts().page_table, 1u);
    EXPECT_FALSE(platform.machine().flushes.empty());
    expect_sound(*space);
}

TEST_F(AddressSpaceTest, keeps_tables_that_a_neighbour_uses)
{
    auto space = make_space();
    MUST(space->map(at(kBase, anonymous(1))));
    MUST(space->map(at(kBase + 2 * kPage, anonymous(1))));
    write_user(*space, kBase, 1);
    write_user(*space, kBase + 2 * kPage, 2);
    MUST(space->unmap(kBase, kPage));
    EXPECT_EQ(read_user(*space, kBase + 2 * kPage), 2);
    EXPECT_EQ(frames.counts().page_table, 4u);
    expect_sound(*space);
}

TEST_F(AddressSpaceTest, protection_keeps_pages_and_changes_entries)
{
    auto space = make_space();
    UserAddr const place = MUST(space->map(anonymous(3)));
    for (u64 i = 0; i < 3; ++i) write_user(*space, place + i * kPage, static_cast<u8>(i + 1));
    platform.forget();
    MUST(space->protect(place + kPage, kPage, kNone));
    EXPECT_EQ(platform.machine().flushes.size(), 1u);
    EXPECT_EQ(read_user(*space, place + kPage), -1);
    expect_sound(*space);
    platform.forget();
    MUST(space->protect(place + kPage, kPage, kReadExecute));
    EXPECT_TRUE(platform.machine().flushes.empty());
    EXPECT_EQ(read_user(*space, place + kPage), 2);
    EXPECT_EQ(entry_of(*space, place + kPage) & pte::kNoExecute, 0u);
    EXPECT_EQ(write_user(*space, place + kPage, 9), FaultResult::SegvAccerr);
    MUST(space->protect(place, 3 * kPage, kReadWrite));
    EXPECT_EQ(space->regions().count(), 1u);
    platform.forget();
    EXPECT_EQ(write_user(*space, place + kPage, 9), FaultResult::Handled);
    EXPECT_EQ(platform.count(EventKind::Fault), 0u);
    expect_sound(*space);
}

TEST_F(AddressSpaceTest, protection_stops_at_the_first_hole)
{
    auto space = make_space();
    MUST(space->map(at(kBase, anonymous(1))));
    MUST(space->map(at(kBase + 2 * kPage, anonymous(1))));
    EXPECT_EQ(space->protect(kBase, 3 * kPage, kRead).error(), Errno::NoMem);
    EXPECT_TRUE(space->find_region(kBase)->rights == kRead);
    EXPECT_TRUE(space->find_region(kBase + 2 * kPage)->rights == kReadWrite);
}

TEST_F(AddressSpaceTest, write_only_memory_is_readable)
{
    auto space = make_space();
    UserAddr const place = MUST(space->map(anonymous(1, {false, true, false})));
    EXPECT_EQ(write_user(*space, place, 3), FaultResult::Handled);
    EXPECT_EQ(read_user(*space, place), 3);
    expect_sound(*space);
}

TEST_F(AddressSpaceTest, file_pages_keep_their_offsets_when_regions_split)
{
    PatternSource source;
    auto cache = make_cache(&source);
    auto space = make_space();
    MapRequest request = at(kBase, of_file(cache, 10, kRead));
    request.file_offset = 5 * kPage;
    MUST(space->map(request));
    MUST(space->unmap(kBase + 3 * kPage, kPage));
    MUST(space->unmap(kBase, kPage));
    MUST(space->protect(kBase + 6 * kPage, kPage, kReadExecute));
    for (u64 i : {1u, 2u, 4u, 5u, 6u, 7u, 8u, 9u}) {
        EXPECT_EQ(read_user(*space, kBase + i * kPage), static_cast<int>(i + 6)) << i;
    }
    EXPECT_EQ(read_user(*space, kBase + 3 * kPage), -1);
    EXPECT_EQ(space->regions().count(), 4u);
    expect_sound(*space);
}

TEST_F(AddressSpaceTest, private_file_pages_are_copied_when_written)
{
    PatternSource source;
    auto cache = make_cache(&source);
    auto space = make_space();
    MUST(space->map(at(kBase, of_file(cache, 4, kReadWrite))));
    EXPECT_EQ(read_user(*space, kBase), 1);
    EXPECT_EQ(platform.last(EventKind::Fault).c, static_cast<u64>(FaultOutcome::FileLoaded));
    EXPECT_EQ(write_user(*space, kBase, 99), FaultResult::Handled);
    EXPECT_EQ(platform.last(EventKind::Fault).c, static_cast<u64>(FaultOutcome::Copied));
    EXPECT_EQ(write_user(*space, kBase + kPage, 98), FaultResult::Handled);
    EXPECT_EQ(read_user(*space, kBase + kPage + 1), 2);
    EXPECT_EQ(static_cast<int>(*frames.data(MUST(cache->find(0)))), 1);
    EXPECT_EQ(static_cast<int>(*frames.data(MUST(cache->find(1)))), 2);
    expect_sound(*space);
    MUST(space->discard(kBase, 4 * kPage));
    EXPECT_EQ(read_user(*space, kBase), 1);
    EXPECT_EQ(platform.last(EventKind::Fault).c, static_cast<u64>(FaultOutcome::FileMapped));
}

TEST_F(AddressSpaceTest, shared_file_pages_are_the_file)
{
    auto cache = make_cache(nullptr);
    auto space = make_space();
    auto other = make_space();
    MUST(space->map(at(kBase, of_file(cache, 2, kReadWrite, true))));
    MUST(other->map(at(kBase, of_file(cache, 2, kRead, true))));
    EXPECT_EQ(read_user(*other, kBase), 0);
    EXPECT_EQ(write_user(*space, kBase, 42), FaultResult::Handled);
    EXPECT_EQ(read_user(*other, kBase), 42);
    EXPECT_EQ(write_user(*other, kBase, 1), FaultResult::SegvAccerr);
    expect_sound(*space);
    expect_sound(*other);
}

TEST_F(AddressSpaceTest, pages_behind_the_end_of_a_file_raise_a_bus_error)
{
    PatternSource source(kPage + 10);
    auto cache = make_cache(&source);
    cache->set_size_bytes(kPage + 10);
    auto space = make_space();
    MUST(space->map(at(kBase, of_file(cache, 4, kRead))));
    EXPECT_EQ(read_user(*space, kBase + kPage + 9), 2);
    EXPECT_EQ(read_user(*space, kBase + kPage + 10), 0);
    EXPECT_EQ(space->handle_fault(kBase + 2 * kPage, kUserRead), FaultResult::BusAdrerr);
    source.fails = true;
    cache->truncate(0, 0);
    MUST(space->discard(kBase, kPage));
    EXPECT_EQ(space->handle_fault(kBase, kUserRead), FaultResult::BusAdrerr);
}

TEST_F(AddressSpaceTest, truncation_unmaps_what_is_gone_in_every_space)
{
    auto cache = make_cache(nullptr);
    cache->set_size_bytes(6 * kPage);
    auto space = make_space();
    MUST(space->map(at(kBase, of_file(cache, 6, kReadWrite, true))));
    MapRequest request = at(kBase + 10 * kPage, of_file(cache, 3, kReadWrite));
    request.file_offset = 3 * kPage;
    MUST(space->map(request));
    for (u64 i = 0; i < 6; ++i) write_user(*space, kBase + i * kPage, static_cast<u8>(i + 1));
    for (u64 i = 0; i < 3; ++i) write_user(*space, kBase + (10 + i) * kPage, 9);
    auto child = MUST(space->duplicate());
    platform.forget();
    cache->set_size_bytes(4 * kPage);
    cache->truncate(4, 0);
    EXPECT_EQ(frames.counts().file_cache, 4u);
    EXPECT_EQ(frames.counts().anonymous, 1u);
    for (auto* each : {space.get(), child.get()}) {
        EXPECT_EQ(read_user(*each, kBase + 3 * kPage), 4);
        EXPECT_EQ(each->handle_fault(kBase + 4 * kPage, kUserRead), FaultResult::BusAdrerr);
        EXPECT_EQ(read_user(*each, kBase + 10 * kPage), 9);
        EXPECT_EQ(each->handle_fault(kBase + 11 * kPage, kUserWrite), FaultResult::BusAdrerr);
        expect_sound(*each);
    }
}

TEST_F(AddressSpaceTest, private_pages_read_zeros_behind_the_bytes_of_the_file)
{
    PatternSource source;
    auto cache = make_cache(&source);
    auto space = make_space();
    MapRequest request = at(kBase, of_file(cache, 3, kReadWrite));
    request.file_bytes_end = kPage + 100;
    MUST(space->map(request));
    EXPECT_EQ(read_user(*space, kBase + kPage + 99), 2);
    EXPECT_EQ(read_user(*space, kBase + kPage + 100), 0);
    EXPECT_EQ(read_user(*space, kBase + 2 * kPage), 0);
    // The cache has the file's own bytes still.
    EXPECT_EQ(static_cast<int>(frames.data(MUST(cache->find(1)))[100]), 2);
    EXPECT_EQ(cache->page_count(), 1u);
    expect_sound(*space);
}

TEST_F(AddressSpaceTest, the_stack_grows_to_its_limit_and_not_into_its_guard_gap)
{
    auto space = make_space();
    space->set_limits(64 * kPage, ~u64{0}, ~u64{0});
    MapRequest request = at({0x700000000000}, anonymous(1));
    request.kind = Region::Kind::Stack;
    request.grows_down = true;
    UserAddr const stack = MUST(space->map(request));
    EXPECT_EQ(write_user(*space, {stack.value - 20 * kPage}, 1), FaultResult::Handled);
    EXPECT_EQ(space->find_region(stack)->start.value, stack.value - 20 * kPage);
    EXPECT_EQ(write_user(*space, {stack.value - 63 * kPage}, 1), FaultResult::Handled);
    EXPECT_EQ(space->handle_fault({stack.value - 64 * kPage}, kUserWrite), FaultResult::SegvMaperr);
    space->set_limits(4096 * kPage, ~u64{0}, ~u64{0});
    MUST(space->map(at({stack.value - 400 * kPage}, anonymous(1))));
    EXPECT_EQ(space->handle_fault({stack.value - 144 * kPage}, kUserWrite),
              FaultResult::SegvMaperr);
    EXPECT_EQ(space->handle_fault({stack.value - 143 * kPage}, kUserWrite), FaultResult::Handled);
    expect_sound(*space);
    EXPECT_EQ(space->usage().stack_bytes, 144 * kPage);
}

TEST_F(AddressSpaceTest, limits_hold)
{
    auto space = make_space();
    space->set_limits(8 * kMiB, 10 * kPage, ~u64{0});
    MUST(space->map(at(kBase, anonymous(8))));
    EXPECT_EQ(space->map(anonymous(3)).error(), Errno::NoMem);
    EXPECT_TRUE(space->map(at(kBase, anonymous(10))).is_ok());
    space->set_limits(8 * kMiB, ~u64{0}, 12 * kPage);
    EXPECT_EQ(space->map(anonymous(3)).error(), Errno::NoMem);
    EXPECT_TRUE(space->map(anonymous(3, kRead)).is_ok());
}

TEST_F(AddressSpaceTest, discarded_memory_is_zero_again)
{
    auto space = make_space();
    UserAddr const place = MUST(space->map(anonymous(3)));
    for (u64 i = 0; i < 3; ++i) write_user(*space, place + i * kPage, 5);
    MUST(space->discard(place + kPage, kPage));
    EXPECT_EQ(read_user(*space, place), 5);
    EXPECT_EQ(read_user(*space, place + kPage), 0);
    EXPECT_EQ(read_user(*space, place + 2 * kPage), 5);
    EXPECT_EQ(space->discard(place, 4 * kPage).error(), Errno::NoMem);
    EXPECT_EQ(read_user(*space, place), 0);
}

TEST_F(AddressSpaceTest, populates_what_can_be_had_and_gives_up_on_the_rest_at_once)
{
    auto cache = make_cache(nullptr);
    cache->set_size_bytes(2 * kPage);
    auto space = make_space();
    u64 const huge = u64{1} << 34;
    MUST(space->map(at(kBase, anonymous(huge, kNone))));
    MUST(space->map(at(kBase + kPage, anonymous(3))));
    MUST(space->map(at(kBase + 8 * kPage, of_file(cache, huge - 8, kRead, true))));
    space->populate(kBase, huge * kPage);
    EXPECT_EQ(space->usage().resident_pages, 5u);
    EXPECT_TRUE(space->is_resident(kBase + kPage));
    EXPECT_FALSE(space->is_resident(kBase));
    expect_sound(*space);
}

TEST_F(AddressSpaceTest, finds_the_highest_gap_after_any_history)
{
    auto space = make_space();
    Random random(3);
    std::map<u64, u64> model;  // Start to end, of what is mapped below the ceiling.
    u64 const ceiling = 0x7ffff7fff000;
    for (int step = 0; step < 3000; ++step) {
        if (random.below(3) > 0) {
            u64 const length = (1 + random.below(6)) * kPage;
            u64 top = ceiling;
            for (auto it = model.rbegin(); it != model.rend() && top - it->second < length; ++it) {
                top = it->first;
            }
            Rights const rights{true, random.below(2) == 0, random.below(2) == 0};
            ASSERT_EQ(MUST(space->map(anonymous(length / kPage, rights))).value, top - length);
            model[top - length] = top;
        } else if (!model.empty()) {
            auto it = model.begin();
            std::advance(it, static_cast<long>(random.below(model.size())));
            MUST(space->unmap({it->first}, it->second - it->first));
            model.erase(it);
        }
    }
    expect_sound(*space);
}

}  // namespace
}  // namespace drydock
