#include "tests/mm/mm_fixture.h"

namespace drydock::test {
namespace {

using Lock = Region::Lock;

class LockTest : public MmTest {
protected:
    static constexpr u64 kBase = 0x10'0000;

    UserAddr page(u64 index) const { return {kBase + index * kPageSize}; }
    void map(AddressSpace& space, u64 first, u64 count, Rights rights = kReadWrite)
    {
        MapRequest request;
        request.address = page(first);
        request.length = count * kPageSize;
        request.rights = rights;
        request.fixed = true;
        MUST(space.map(request));
    }
    Result<void> lock(AddressSpace& space, u64 first, u64 count, Lock kind)
    {
        return space.set_lock(page(first), count * kPageSize, kind);
    }
    u64 locked_pages(AddressSpace const& space) const { return space.locked_bytes() / kPageSize; }
};

// Every pair of ranges of six pages, locked one after the other, then a third unlocked.
TEST_F(LockTest, each_page_counts_once)
{
    constexpr u32 kPages = 5;
    for (u32 code = 0; code < kPages * kPages * kPages * kPages; ++code) {
        u32 const first = code % kPages, count = code / kPages % kPages;
        u32 const second = code / (kPages * kPages) % kPages,
                  more = code / (kPages * kPages * kPages);
        Ref<AddressSpace> space = make_space();
        map(*space, 0, 2 * kPages);
        bool expected[2 * kPages] = {};
        EXPECT_TRUE(lock(*space, first, count, Lock::OnFault).is_ok());
        for (u32 i = 0; i < count; ++i) expected[first + i] = true;
        EXPECT_TRUE(lock(*space, second, more, Lock::Now).is_ok());
        for (u32 i = 0; i < more; ++i) expected[second + i] = true;
        EXPECT_TRUE(lock(*space, 3, 2, Lock::None).is_ok());
        expected[3] = expected[4] = false;
        u64 total = 0;
        for (u32 i = 0; i < 2 * kPages; ++i) {
            EXPECT_EQ(space->has_locked(page(i), page(i + 1)), expected[i]) << code << ' ' << i;
            total += expected[i] ? 1 : 0;
        }
        EXPECT_EQ(locked_pages(*space), total);
        EXPECT_STREQ(space->audit(), nullptr);
        // Unlocked, it is one region again.
        space->set_all_locks(Lock::None);
        EXPECT_EQ(locked_pages(*space), 0u);
        EXPECT_EQ(space->find_region(page(0))->size(), 2 * kPages * kPageSize);
        if (HasFailure()) return;
    }
}

TEST_F(LockTest, a_hole_ends_it_and_what_came_before_is_locked)
{
    Ref<AddressSpace> space = make_space();
    map(*space, 0, 2);
    map(*space, 3, 1);
    EXPECT_EQ(lock(*space, 0, 4, Lock::Now).error(), Errno::NoMem);
    EXPECT_EQ(locked_pages(*space), 2u);
    EXPECT_EQ(space->set_lock({~kPageMask}, 2 * kPageSize, Lock::Now).error(), Errno::Inval);
    EXPECT_STREQ(space->audit(), nullptr);
}

TEST_F(LockTest, unmapping_moving_and_forking_count)
{
    Ref<AddressSpace> space = make_space();
    map(*space, 0, 8);
    MUST(lock(*space, 0, 8, Lock::Now));
    MUST(space->unmap(page(2), 2 * kPageSize));
    EXPECT_EQ(locked_pages(*space), 6u);
    MUST(space->remap_to(page(4), 4 * kPageSize, 6 * kPageSize, page(100)));
    EXPECT_EQ(locked_pages(*space), 8u);
    MUST(space->remap(page(100), 6 * kPageSize, kPageSize, false));
    EXPECT_EQ(locked_pages(*space), 3u);
    MUST(space->remap_and_keep(page(0), 2 * kPageSize, page(200), true));
    EXPECT_EQ(locked_pages(*space), 3u);
    EXPECT_FALSE(space->has_locked(page(0), page(2)));
    EXPECT_TRUE(space->has_locked(page(200), page(201)));
    space->set_future_lock(Lock::Now);
    EXPECT_STREQ(space->audit(), nullptr);
    Ref<AddressSpace> child = MUST(space->duplicate());
    EXPECT_EQ(locked_pages(*child), 0u);
    EXPECT_EQ(child->future_lock(), Lock::None);
    EXPECT_STREQ(child->audit(), nullptr);
}

TEST_F(LockTest, a_limit_holds_what_grows)
{
    Ref<AddressSpace> space = make_space();
    map(*space, 0, 4);
    MUST(lock(*space, 0, 4, Lock::Now));
    space->set_lock_limit(5 * kPageSize + 1);
    EXPECT_TRUE(space->check_lock(kPageSize, Lock::Now).is_ok());
    EXPECT_EQ(space->check_lock(2 * kPageSize, Lock::OnFault).error(), Errno::Again);
    EXPECT_TRUE(space->check_lock(2 * kPageSize, Lock::None).is_ok());
    EXPECT_EQ(space->remap(page(0), 4 * kPageSize, 6 * kPageSize, true).error(), Errno::Again);
    MUST(space->remap(page(0), 4 * kPageSize, 5 * kPageSize, true));
    EXPECT_EQ(locked_pages(*space), 5u);
}

TEST_F(LockTest, pages_come_in_unless_they_wait_for_their_fault)
{
    Ref<AddressSpace> space = make_space();
    map(*space, 0, 4);
    MUST(lock(*space, 0, 2, Lock::Now));
    MUST(lock(*space, 2, 2, Lock::OnFault));
    MUST(space->bring_in(page(0), 4 * kPageSize));
    EXPECT_TRUE(space->is_resident(page(1)));
    EXPECT_FALSE(space->is_resident(page(2)));
    space->populate(page(0), 4 * kPageSize);
    EXPECT_FALSE(space->is_resident(page(3)));
    map(*space, 8, 1, kNone);
    EXPECT_EQ(space->bring_in(page(8), kPageSize).error(), Errno::NoMem);
    map(*space, 9, 1);
    platform.fail_allocation(0);
    EXPECT_EQ(space->bring_in(page(9), kPageSize).error(), Errno::Again);
    platform.fail_nothing();
    // What is locked is not given back by advice, unless it says so.
    EXPECT_EQ(space->discard(page(0), kPageSize).error(), Errno::Inval);
    EXPECT_TRUE(space->discard(page(0), kPageSize, true).is_ok());
    EXPECT_FALSE(space->is_resident(page(0)));
}

}  // namespace
}  // namespace drydock::test
