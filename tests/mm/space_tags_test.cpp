// Address-space tags: each space has its own, and none is given again without a flush.

#include "core/mm/space_tags.h"
#include "tests/mm/mm_fixture.h"

#include <set>
#include <vector>

namespace drydock::test {
namespace {

class SpaceTagsTest : public MmTest {
protected:
    void set_tags(u64 count) { platform.machine().layout.address_space_tags = count; }
    usize full_flushes()
    {
        usize count = 0;
        for (FlushRecord const& flush : platform.machine().flushes) count += flush.is_all ? 1 : 0;
        return count;
    }
    static u64 tag_of(PhysAddr root) { return root.value & kPageMask; }
};

TEST_F(SpaceTagsTest, a_machine_without_tags_gets_plain_roots)
{
    SpaceTags tags(platform);
    Ref<AddressSpace> const space = make_space();
    EXPECT_EQ(tags.root_of(*space), space->root());
    EXPECT_EQ(full_flushes(), 0u);
}

TEST_F(SpaceTagsTest, a_space_keeps_its_tag_while_there_are_others)
{
    set_tags(3);
    SpaceTags tags(platform);
    Ref<AddressSpace> const spaces[] = {make_space(), make_space(), make_space()};
    std::set<u64> given;
    for (Ref<AddressSpace> const& space : spaces) {
        PhysAddr const root = tags.root_of(*space);
        EXPECT_EQ(root.value - tag_of(root), space->root().value);
        EXPECT_TRUE(tag_of(root) >= 1 && tag_of(root) <= 3) << tag_of(root);
        EXPECT_EQ(tags.root_of(*space), root);
        given.insert(tag_of(root));
    }
    EXPECT_EQ(given.size(), 3u);
    EXPECT_EQ(full_flushes(), 0u);
}

// A tag that a dead space had is another's only after everything was flushed, and then every space
// has a new one.
TEST_F(SpaceTagsTest, each_round_begins_with_a_flush)
{
    for (u64 const count : {u64{1}, u64{2}, u64{7}}) {
        set_tags(count);
        SpaceTags tags(platform);
        platform.machine().flushes.clear();
        Ref<AddressSpace> const first = make_space();
        PhysAddr const before = tags.root_of(*first);
        std::vector<Ref<AddressSpace>> others;
        for (u64 i = 1; i < count; ++i) {
            others.push_back(make_space());
            tags.root_of(*others.back());
        }
        EXPECT_EQ(full_flushes(), 0u);
        Ref<AddressSpace> const next = make_space();
        EXPECT_EQ(tag_of(tags.root_of(*next)), tag_of(before));
        EXPECT_EQ(full_flushes(), 1u);
        EXPECT_EQ(tags.root_of(*next).value - tag_of(before), next->root().value);
        // With a single tag this begins another round.
        PhysAddr const after = tags.root_of(*first);
        EXPECT_EQ(full_flushes(), count == 1 ? 2u : 1u);
        EXPECT_TRUE(count == 1 || tag_of(after) != tag_of(before));
    }
}

}  // namespace
}  // namespace drydock::test
