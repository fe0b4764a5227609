// mremap(2).

#include "core/mm/address_space.h"
#include "core/mm/limits.h"

namespace drydock {

// What growing or moving needs: one region over all of the old range, and room within the limits.
Result<void> AddressSpace::check_remap(UserAddr old_start,
                                       u64 old_length,
                                       u64 new_length,
                                       Region*& region)
{
    region = find_region(old_start);
    if (region == nullptr) return Errno::Fault;
    if (old_length > region->end.value - old_start.value) return Errno::Fault;
    if (new_length <= old_length) return {};
    // What the kernel put there does not grow (mremap(2), EFAULT).
    if (region->kind == Region::Kind::Vvar || region->kind == Region::Kind::Vdso)
        return Errno::Fault;
    if (region->cache && region->offset_of(old_start) + new_length < new_length)
        return Errno::Inval;
    TRY(check_lock(new_length - old_length, region->lock));
    return check_limits(new_length - old_length, region->rights, region->is_shared, 0);
}

Result<UserAddr> AddressSpace::remap(UserAddr old_start,
                                     u64 old_length,
                                     u64 new_length,
                                     bool may_move)
{
    u64 const from_length = page_ceil(old_length);
    u64 const to_length = page_ceil(new_length);
    if ((old_start.value & kPageMask) != 0 || to_length == 0) return Errno::Inval;
    // Also where rounding up makes it 0, as on Linux.
    if (from_length == 0) return map_twin(old_start, to_length, may_move, nullptr);
    if (find_region(old_start) == nullptr) return Errno::Fault;
    if (to_length <= from_length) {
        if (to_length < from_length) TRY(unmap(old_start + to_length, from_length - to_length));
        return old_start;
    }
    Region* region = nullptr;
    TRY(check_remap(old_start, from_length, to_length, region));
    if (to_length > kUserEnd) return Errno::NoMem;
    UserAddr const old_end = old_start + from_length;
    u64 const more = to_length - from_length;
    bool const has_room = region->end == old_end && old_start.value <= kUserEnd - to_length;
    if (has_room && is_free(old_end, more)) {
        TRY(extend_region(*region, old_end + more));
        return old_start;
    }
    if (!may_move) return Errno::NoMem;
    UserAddr const target = TRY(find_place({0}, to_length));
    return move_pages(old_start, from_length, to_length, target);
}

Result<UserAddr> AddressSpace::remap_to(UserAddr old_start,
                                        u64 old_length,
                                        u64 new_length,
                                        UserAddr target)
{
    u64 from_length = page_ceil(old_length);
    u64 const to_length = page_ceil(new_length);
    if ((old_start.value & kPageMask) != 0 || (target.value & kPageMask) != 0) return Errno::Inval;
    if (to_length == 0) return Errno::Inval;
    if (to_length > kUserEnd || target.value > kUserEnd - to_length) return Errno::Inval;
    if (from_length > kUserEnd || old_start.value > kUserEnd - from_length) return Errno::Fault;
    bool const overlaps =
        target.value < old_start.value + from_length && old_start.value < target.value + to_length;
    if (overlaps) return Errno::Inval;
    if (from_length == 0) return map_twin(old_start, to_length, true, &target);
    if (find_region(old_start) == nullptr) return Errno::Fault;
    TRY(unmap_range(target, target + to_length));
    if (to_length < from_length) {
        TRY(unmap_range(old_start + to_length, old_start + from_length));
        from_length = to_length;
    }
    Region* region = nullptr;
    TRY(check_remap(old_start, from_length, to_length, region));
    return move_pages(old_start, from_length, to_length, target);
}

Result<UserAddr> AddressSpace::remap_and_keep(UserAddr old_start,
                                              u64 length,
                                              UserAddr target,
                                              bool is_fixed)
{
    u64 const rounded = page_ceil(length);
    if (((old_start.value | target.value) & kPageMask) != 0) return Errno::Inval;
    if (rounded == 0 || rounded > kUserEnd || target.value > kUserEnd - rounded)
        return Errno::Inval;
    if (old_start.value > kUserEnd - rounded) return Errno::Fault;
    bool const overlaps =
        target.value < old_start.value + rounded && old_start.value < target.value + rounded;
    if (overlaps) return Errno::Inval;
    if (find_region(old_start) == nullptr) return Errno::Fault;
    if (is_fixed) TRY(unmap_range(target, target + rounded));
    Region* region = nullptr;
    TRY(check_remap(old_start, rounded, rounded, region));
    if (region->kind == Region::Kind::Vvar || region->kind == Region::Kind::Vdso)
        return Errno::Inval;
    TRY(check_limits(rounded, region->rights, region->is_shared, 0));
    UserAddr const place = is_fixed ? target : TRY(find_place(target, rounded));
    return move_pages(old_start, rounded, rounded, place, true);
}

// An old length of 0: the same shared memory a second time.
Result<UserAddr> AddressSpace::map_twin(UserAddr start,
                                        u64 length,
                                        bool may_move,
                                        UserAddr const* target)
{
    Region const* const region = find_region(start);
    if (region == nullptr) return Errno::Fault;
    if (!region->is_shared) return Errno::Inval;
    TRY(check_lock(length, region->lock));
    if (!may_move) return Errno::NoMem;
    MapRequest request{};
    request.lock = region->lock;
    request.length = length;
    request.rights = region->rights;
    request.shared = true;
    request.kind = region->kind;
    request.cache = region->cache;
    request.file_offset = region->offset_of(start);
    request.holder = region->holder;
    request.may_write = region->may_write;
    request.may_execute = region->may_execute;
    if (target != nullptr) {
        request.address = *target;
        request.fixed = true;
    }
    return map(request);
}

Result<void> AddressSpace::extend_region(Region& region, UserAddr new_end)
{
    ASSERT(region.end < new_end);
    mapped_bytes_ += new_end.value - region.end.value;
    if (region.lock != Region::Lock::None) locked_bytes_ += new_end.value - region.end.value;
    region.end = new_end;
    // What is new was not there when exec mapped the file.
    region.exec_generation = 0;
    merge_around(index_.first_ending_above(region.start));
    return {};
}

// Moves the entries of the old range into a new region at `target`; the old one goes, or stays
// empty.
Result<UserAddr> AddressSpace::move_pages(
    UserAddr old_start, u64 old_length, u64 new_length, UserAddr target, bool keeps_old)
{
    UserAddr const old_end = old_start + old_length;
    UserAddr const target_end = target + new_length;
    if (index_.count() + 3 > kMaximumRegions) return Errno::NoMem;
    TRY(index_.reserve(3));
    Region const* const source = find_region(old_start);
    ASSERT(source != nullptr);
    Own<Region> moved = TRY(clone_region(*source));
    if (moved->cache) moved->file_offset = source->offset_of(old_start);
    moved->start = target;
    moved->end = target_end;
    moved->grows_down = false;
    if (new_length > old_length) moved->exec_generation = 0;
    if (moved->kind == Region::Kind::Heap) moved->kind = Region::Kind::Anonymous;
    // The hole that the move leaves must not need memory later.
    TRY(split_at(old_end));

    // Every table of the new place first; then nothing can fail.
    Result<void> ready{};
    table_.for_each_run(old_start, old_end, [&](u64* entry, usize count, UserAddr at) {
        for (usize i = 0; i < count && ready.is_ok(); ++i) {
            if (entry[i] == 0) continue;
            u64 const offset = at.value + i * kPageSize - old_start.value;
            Result<u64*> made = table_.make_entry(target + offset);
            if (made.is_error()) ready = made.error();
        }
    });
    FlushBatch batch(frames_, platform_, cpu_mask());
    if (ready.is_error()) {
        Gap const gap = gap_around(target, target_end);
        table_.free_tables(target, target_end, gap.floor, gap.ceiling, batch);
        batch.commit();
        merge_range(old_start, old_end);
        return ready.error();
    }
    u64 total = 0;
    table_.for_each_run(old_start, old_end, [&](u64* entry, usize count, UserAddr at) {
        for (usize i = 0; i < count; ++i) {
            if (entry[i] == 0) continue;
            UserAddr const page = at + i * kPageSize;
            if (pte::is_present(entry[i])) batch.add_page(page);
            *table_.find_entry(target + (page.value - old_start.value)) = entry[i];
            entry[i] = 0;
            ++total;
        }
    });
    batch.commit();
    u32 const position = index_.first_ending_above(target);
    bool const is_locked = moved->lock != Region::Lock::None;
    if (is_locked) locked_bytes_ += new_length;
    insert_region(position, std::move(moved));
    mapped_bytes_ += new_length;
    // MREMAP_DONTUNMAP: the lock goes with the pages (mm/mremap.c, move_vma).
    if (keeps_old && is_locked) {
        Region& left = *find_region(old_start);
        MUST(set_lock_of(left, left.start, left.end, Region::Lock::None));
    }
    if (!keeps_old) MUST(unmap_range(old_start, old_end));
    if (keeps_old) merge_range(old_start, old_end);
    merge_around(index_.first_ending_above(target));
    if (total > 0) record(EventKind::TableEntries, total);
    return target;
}

}  // namespace drydock
