// Where mmap(2) puts what has no fixed place: from the top down, below room for the stack, without
// randomness (Linux arch/x86/mm/mmap.c, arch_get_unmapped_area_topdown).

#include "core/mm/address_space.h"
#include "core/mm/limits.h"

namespace drydock {

namespace {

// Where a region begins as far as its neighbours are concerned.
u64 guarded_start(Region const& region)
{
    if (!region.grows_down) return region.start.value;
    return region.start.value > kStackGap ? region.start.value - kStackGap : 0;
}

}  // namespace

// Linux mmap_base(): at least 128 MiB and at most five sixths of the space stay for the stack.
UserAddr AddressSpace::placement_ceiling() const
{
    u64 const least = 128 * kMiB;
    u64 const most = kUserEnd / 6 * 5;
    u64 gap = placement_stack_;
    if (gap + kStackGap > gap) gap += kStackGap;
    if (gap < least) gap = least;
    if (gap > most) gap = most;
    return {page_ceil(kUserEnd - gap)};
}

void AddressSpace::forget_gaps()
{
    gap_ceiling_ = placement_ceiling();
    gap_bound_ = 0;
}

bool AddressSpace::is_free(UserAddr start, u64 length) const
{
    u32 const position = index_.first_ending_above(start);
    return position == index_.count() || start.value + length <= guarded_start(index_.at(position));
}

// The highest free place below the ceiling; 0 if there is none.
UserAddr AddressSpace::search_down(u64 length)
{
    // Nothing above gap_ceiling_ is as large as gap_bound_: a larger request need not look there.
    if (length < gap_bound_ || gap_ceiling_.value == 0) forget_gaps();
    u64 ceiling = gap_ceiling_.value;
    u32 position = index_.first_ending_above({ceiling});
    if (position < index_.count()) {
        u64 const next = guarded_start(index_.at(position));
        if (next < ceiling) ceiling = next;
    }
    for (;;) {
        u64 floor = position > 0 ? index_.at(position - 1).end.value : 0;
        if (floor < kLowestPlace) floor = kLowestPlace;
        if (ceiling >= floor && ceiling - floor >= length) {
            gap_ceiling_ = {ceiling};
            gap_bound_ = length;
            return {ceiling - length};
        }
        if (position == 0) return {0};
        --position;
        u64 const next = guarded_start(index_.at(position));
        if (next < ceiling) ceiling = next;
    }
}

// The lowest free place in [floor, ceiling).
UserAddr AddressSpace::search_up(u64 length, u64 floor, u64 ceiling) const
{
    u32 position = index_.first_ending_above({floor});
    for (; position < index_.count(); ++position) {
        Region const& region = index_.at(position);
        u64 const next = guarded_start(region) < ceiling ? guarded_start(region) : ceiling;
        if (next >= floor && next - floor >= length) return {floor};
        floor = region.end.value;
        if (floor >= ceiling) return {0};
    }
    return ceiling - floor >= length ? UserAddr{floor} : UserAddr{0};
}

// MAP_32BIT (arch/x86/kernel/sys_x86_64.c, find_start_end).
Result<UserAddr> AddressSpace::find_low_place(UserAddr hint, u64 length) const
{
    constexpr u64 kLowest = u64{1} << 30, kHighest = u64{1} << 31;
    if (length > kHighest) return Errno::NoMem;
    u64 const wanted = page_ceil(hint.value);
    bool const is_possible = wanted != 0 && wanted <= kHighest - length;
    if (is_possible && is_free({wanted}, length)) return UserAddr{wanted};
    UserAddr const place = search_up(length, kLowest, kHighest);
    if (place.is_null()) return Errno::NoMem;
    return place;
}

Result<UserAddr> AddressSpace::find_place(UserAddr hint, u64 length)
{
    u64 wanted = page_floor(hint.value);
    if (wanted != 0 && wanted < kLowestPlace) wanted = kLowestPlace;
    bool const is_possible = wanted != 0 && length <= kUserEnd && wanted <= kUserEnd - length;
    if (is_possible && is_free({wanted}, length)) return UserAddr{wanted};
    UserAddr place = search_down(length);
    // From a third of the space on, for when the usual area is full.
    if (place.is_null()) place = search_up(length, page_ceil(kUserEnd / 3), kUserEnd);
    if (place.is_null()) return Errno::NoMem;
    return place;
}

Result<UserAddr> AddressSpace::choose_place(MapRequest const& request, u64 length)
{
    if (!request.fixed && !request.no_replace) {
        if (request.is_low) return find_low_place(request.address, length);
        return find_place(request.address, length);
    }
    // Linux takes an address this high for an error that is already one, and returns it.
    constexpr u64 kLastErrno = 4095;
    u64 const below_end = 0 - request.address.value;
    if (below_end - 1 < kLastErrno) return static_cast<Errno>(below_end);
    if ((request.address.value & kPageMask) != 0) return Errno::Inval;
    if (request.address.value > kUserEnd - length) return Errno::NoMem;
    bool const is_taken = bytes_in(request.address, request.address + length) > 0;
    if (request.no_replace && is_taken) return Errno::Exist;
    return request.address;
}

}  // namespace drydock
