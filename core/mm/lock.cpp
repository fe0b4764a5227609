// mlock(2) and its relatives (mm/mlock.c).

#include "core/mm/address_space.h"

namespace drydock {

namespace {

// What the kernel has put there is never locked (VM_SPECIAL).
bool is_of_kernel(Region const& region)
{
    return region.kind == Region::Kind::Vvar || region.kind == Region::Kind::Vdso;
}

}  // namespace

u64 AddressSpace::locked_in(UserAddr start, UserAddr end) const
{
    u64 total = 0;
    if (locked_bytes_ == 0) return 0;
    for (u32 i = index_.first_ending_above(start); i < index_.count(); ++i) {
        Region const& region = index_.at(i);
        if (region.start >= end) break;
        if (region.lock == Region::Lock::None) continue;
        UserAddr const from = region.start < start ? start : region.start;
        UserAddr const to = region.end > end ? end : region.end;
        total += to.value - from.value;
    }
    return total;
}

Result<void> AddressSpace::check_lock(u64 length, Region::Lock lock) const
{
    if (lock == Region::Lock::None) return {};
    u64 const pages = (length + locked_bytes_) >> kPageShift;
    return pages > lock_limit_ >> kPageShift ? Result<void>{Errno::Again} : Result<void>{};
}

Result<void> AddressSpace::set_lock_of(Region& region,
                                       UserAddr start,
                                       UserAddr end,
                                       Region::Lock lock)
{
    if (region.lock == lock || is_of_kernel(region)) return {};
    TRY(split_at(start));
    TRY(split_at(end));
    Region* const piece = find_region(start);
    ASSERT(piece != nullptr);
    ASSERT(piece->start == start && piece->end == end);
    if (piece->lock == Region::Lock::None) locked_bytes_ += piece->size();
    if (lock == Region::Lock::None) locked_bytes_ -= piece->size();
    piece->lock = lock;
    return {};
}

Result<void> AddressSpace::set_lock(UserAddr start, u64 length, Region::Lock lock)
{
    ASSERT(((start.value | length) & kPageMask) == 0);
    if (start.value + length < start.value) return Errno::Inval;
    return change_pieces(start, start + length, [&](Region& region, UserAddr from, UserAddr to) {
        return set_lock_of(region, from, to, lock);
    });
}

void AddressSpace::set_all_locks(Region::Lock lock)
{
    for (Region& region : regions_) {
        // Whole regions need no border, so nothing can fail.
        MUST(set_lock_of(region, region.start, region.end, lock));
    }
    merge_range({0}, {kUserEnd});
}

Result<void> AddressSpace::bring_in(UserAddr start, u64 length)
{
    UserAddr const end = start + length;
    UserAddr page = start;
    while (page < end) {
        u32 const position = index_.first_ending_above(page);
        if (position == index_.count()) break;
        Region const& region = index_.at(position);
        if (page < region.start) page = region.start;
        UserAddr const stop = region.end < end ? region.end : end;
        bool const writes = region.rights.write && !region.is_shared;
        Access const access = writes ? Access::Write : Access::Read;
        bool const waits =
            region.kind == Region::Kind::Vvar || region.lock == Region::Lock::OnFault;
        for (; page < stop && !waits; page = page + kPageSize) {
            FaultResult const result = resolve(page, access, false).result;
            if (result == FaultResult::Handled) continue;
            return result == FaultResult::OutOfMemory ? Errno::Again : Errno::NoMem;
        }
        page = stop;
    }
    return {};
}

}  // namespace drydock
