#include "core/mm/space_tags.h"

namespace drydock {

PhysAddr SpaceTags::tagged_root_of(AddressSpace& space)
{
    PhysAddr const root = space.root();
    ASSERT(root.value % kPageSize == 0);
    ASSERT(count_ > 0);
    SpaceTag& tag = space.tag();
    if (tag.round != round_) {
        if (given_ == count_) begin_round();
        ++given_;
        tag = {given_, round_};
    }
    ASSERT(tag.value > 0);
    ASSERT(tag.value <= count_);
    return {root.value | tag.value};
}

// What was cached under a tag is another space's from here on.
void SpaceTags::begin_round()
{
    constexpr u64 kEveryCpu = ~u64{0};
    platform_.flush_all(kEveryCpu);
    given_ = 0;
    ++round_;
}

}  // namespace drydock
