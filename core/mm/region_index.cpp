#include "core/mm/address_space.h"

namespace drydock {

RegionIndex::~RegionIndex()
{
    ASSERT(count_ == 0);
    if (array_ != nullptr) Heap::release(array_);
}

u32 RegionIndex::first_ending_above(UserAddr address) const
{
    if (last_hit_ < count_ && array_[last_hit_]->start <= address &&
        address < array_[last_hit_]->end) {
        return last_hit_;
    }
    u32 low = 0;
    u32 high = count_;
    while (low < high) {
        u32 const middle = low + (high - low) / 2;
        if (array_[middle]->end > address) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    last_hit_ = low;
    return low;
}

Result<void> RegionIndex::reserve(u32 more)
{
    if (count_ + more <= capacity_) return {};
    u32 const capacity = capacity_ == 0 ? 28 : capacity_ * 2;
    ASSERT(count_ + more <= capacity);
    auto** const larger = static_cast<Region**>(TRY(heap_.allocate(capacity * sizeof(Region*))));
    if (array_ != nullptr) {
        memcpy(larger, array_, count_ * sizeof(Region*));
        Heap::release(array_);
    }
    array_ = larger;
    capacity_ = capacity;
    return {};
}

void RegionIndex::insert(u32 position, Region& region)
{
    ASSERT(count_ < capacity_);
    ASSERT(position <= count_);
    ASSERT(position == 0 || array_[position - 1]->end <= region.start);
    ASSERT(position == count_ || region.end <= array_[position]->start);
    for (u32 i = count_; i > position; --i) array_[i] = array_[i - 1];
    array_[position] = &region;
    ++count_;
}

void RegionIndex::erase(u32 position, u32 number)
{
    ASSERT(position <= count_ && number <= count_ - position);
    for (u32 i = position; i + number < count_; ++i) array_[i] = array_[i + number];
    count_ -= number;
}

}  // namespace drydock
