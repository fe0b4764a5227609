#include "tests/support/random.h"
#include "tests/vfs/vfs_fixture.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <vector>

namespace drydock::test {
namespace {

class GroupListTest : public VfsTest {
protected:
    Ref<GroupList> make(std::vector<u32> const& groups)
    {
        Buffer storage = MUST(GroupList::allocate(heap(), static_cast<u32>(groups.size())));
        if (!groups.empty()) memcpy(storage.data(), groups.data(), storage.size());
        return MUST(heap().create_ref<GroupList>(std::move(storage)));
    }
    Heap& heap() { return vfs->heap(); }

    void expect_sorted(std::vector<u32> groups)
    {
        Ref<GroupList> const list = make(groups);
        std::ranges::sort(groups);
        Span<u32 const> const all = list->all();
        EXPECT_EQ(std::vector<u32>(all.begin(), all.end()), groups);
        for (u32 const group : groups) {
            for (u32 const near : {group - 1, group, group + 1}) {
                EXPECT_EQ(list->has(near), std::ranges::binary_search(groups, near)) << near;
            }
        }
    }
};

// Every list of up to six of six values.
TEST_F(GroupListTest, short_lists_are_in_order_and_searched)
{
    u32 total = 1;
    for (u32 length = 0; length <= 6; ++length, total *= 6) {
        for (u32 code = 0; code < total; ++code) {
            std::vector<u32> groups;
            for (u32 rest = code, i = 0; i < length; ++i, rest /= 6) groups.push_back(rest % 6 * 2);
            expect_sorted(groups);
            if (HasFailure()) return;
        }
    }
}

TEST_F(GroupListTest, the_longest_list_is_in_order_and_searched)
{
    Random random(1);
    std::vector<u32> groups(kMaximumGroups);
    for (u32& group : groups) group = static_cast<u32>(random.next());
    expect_sorted(groups);
    std::ranges::sort(groups);
    expect_sorted(groups);
    std::ranges::reverse(groups);
    expect_sorted(groups);
}

TEST_F(GroupListTest, credentials_look_at_the_group_for_files_and_at_the_list)
{
    Credentials who;
    who.gid = who.egid = 1;
    who.fsgid = 2;
    EXPECT_TRUE(who.in_group(2));
    EXPECT_FALSE(who.in_group(1));
    who.groups = make({9, 0, 0xffff'fffe});
    Credentials const copy = who;
    who.groups.reset();
    for (u32 const group : {0u, 2u, 9u, 0xffff'fffeu}) EXPECT_TRUE(copy.in_group(group));
    EXPECT_FALSE(copy.in_group(1));
    EXPECT_FALSE(who.in_group(9));
}

}  // namespace
}  // namespace drydock::test
