// brk(2).

#include "core/mm/address_space.h"
#include "core/mm/limits.h"

namespace drydock {

namespace {

constexpr Rights kHeapRights{true, true, false};

}  // namespace

void AddressSpace::set_heap_start(UserAddr start)
{
    layout_.heap_start = start;
    layout_.heap_end = start;
}

UserAddr AddressSpace::set_break(UserAddr request)
{
    UserAddr const start = layout_.heap_start;
    UserAddr const old = layout_.heap_end;
    if (request < start || start.is_null() || request.value > kUserEnd) return old;
    // RLIMIT_DATA counts the heap and the program's own data (Linux check_data_rlimit()).
    u64 const data = layout_.data_end.value - layout_.data_start.value;
    u64 const heap = request.value - start.value;
    if (heap > data_limit_ || data > data_limit_ - heap) return old;

    UserAddr const from{page_ceil(old.value)};
    UserAddr const to{page_ceil(request.value)};
    if (to < from && unmap_range(to, from).is_error()) return old;
    if (to > from && !grow_break(from, to)) return old;
    if (to > from && future_lock_ != Region::Lock::None) populate(from, to.value - from.value);
    layout_.heap_end = request;
    return request;
}

// A page stays free before whatever comes next, and the whole gap before a stack.
bool AddressSpace::grow_break(UserAddr from, UserAddr to)
{
    u32 const next = index_.first_ending_above(from);
    if (next < index_.count()) {
        Region const& region = index_.at(next);
        u64 const gap = region.grows_down ? kStackGap : 0;
        if (region.start.value < gap) return false;
        if (to.value + kPageSize > region.start.value - gap) return false;
    }
    u64 const length = to.value - from.value;
    if (check_lock(length, future_lock_).is_error()) return false;
    if (check_limits(length, kHeapRights, false, 0).is_error()) return false;
    if (next > 0) {
        Region& heap = index_.at(next - 1);
        bool const goes_on = heap.end == from && heap.kind == Region::Kind::Heap &&
                             heap.rights == kHeapRights && !heap.is_shared && !heap.cache &&
                             heap.lock == future_lock_;
        if (goes_on) {
            if (heap.lock != Region::Lock::None) locked_bytes_ += length;
            heap.end = to;
            mapped_bytes_ += length;
            return true;
        }
    }
    MapRequest request{};
    request.address = from;
    request.length = length;
    request.rights = kHeapRights;
    request.no_replace = true;
    request.kind = Region::Kind::Heap;
    return map(request).is_ok();
}

}  // namespace drydock
