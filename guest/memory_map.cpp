#include "guest/memory_map.h"

#include "core/base/assert.h"

namespace drydock::guest {

namespace {

constexpr u64 size_of(MemoryRange const& range) { return range.end.value - range.first.value; }

// page_ceil() of an address near 2^64 would be 0.
constexpr u64 kLastPage = ~u64{0} - (kPageSize - 1);
constexpr u64 ceil_of(u64 address) { return address > kLastPage ? kLastPage : page_ceil(address); }

}  // namespace

void MemoryMap::insert(usize index, MemoryRange range)
{
    ASSERT(index <= count_);
    ASSERT(count_ <= kMaximumRanges);
    for (usize i = count_; i > index; --i) ranges_[i] = ranges_[i - 1];
    ranges_[index] = range;
    ++count_;
    if (count_ <= kMaximumRanges) return;
    usize smallest = 0;
    for (usize i = 1; i < count_; ++i) {
        if (size_of(ranges_[i]) < size_of(ranges_[smallest])) smallest = i;
    }
    erase(smallest);
}

void MemoryMap::erase(usize index)
{
    ASSERT(index < count_);
    --count_;
    for (usize i = index; i < count_; ++i) ranges_[i] = ranges_[i + 1];
}

void MemoryMap::add(u64 first, u64 end)
{
    MemoryRange range{{ceil_of(first)}, {page_floor(end)}};
    if (range.first >= range.end) return;
    usize at = 0;
    while (at < count_ && ranges_[at].end < range.first) ++at;
    while (at < count_ && ranges_[at].first <= range.end) {
        if (ranges_[at].first < range.first) range.first = ranges_[at].first;
        if (ranges_[at].end > range.end) range.end = ranges_[at].end;
        erase(at);
    }
    insert(at, range);
}

void MemoryMap::remove(u64 first, u64 end)
{
    PhysAddr const from{page_floor(first)};
    PhysAddr const to{ceil_of(end)};
    if (first >= end) return;
    for (usize i = 0; i < count_;) {
        MemoryRange const range = ranges_[i];
        if (range.end <= from || range.first >= to) {
            ++i;
            continue;
        }
        erase(i);
        // The upper part first: inserting drops the smallest, which may be either.
        if (range.end > to) insert(i, {to, range.end});
        if (range.first < from) insert(i, {range.first, from});
        i = 0;  // Neither part is met again.
    }
}

u64 MemoryMap::total_bytes() const
{
    u64 total = 0;
    for (usize i = 0; i < count_; ++i) total += size_of(ranges_[i]);
    return total;
}

bool MemoryMap::holds(u64 first, u64 end) const
{
    if (first >= end) return true;
    for (usize i = 0; i < count_; ++i) {
        if (first >= ranges_[i].first.value && end <= ranges_[i].end.value) return true;
    }
    return false;
}

u64 MemoryMap::find(u64 size) const
{
    for (usize i = 0; i < count_; ++i) {
        if (size_of(ranges_[i]) >= size) return ranges_[i].first.value;
    }
    return 0;
}

}  // namespace drydock::guest
