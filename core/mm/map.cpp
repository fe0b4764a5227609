// mmap(2), munmap(2), mprotect(2), madvise(2) on the regions and the tables that follow them.

#include "core/mm/address_space.h"
#include "core/mm/limits.h"

namespace drydock {

u64 AddressSpace::bytes_in(UserAddr start, UserAddr end) const
{
    u64 total = 0;
    for (u32 i = index_.first_ending_above(start); i < index_.count(); ++i) {
        Region const& region = index_.at(i);
        if (region.start >= end) break;
        UserAddr const from = region.start < start ? start : region.start;
        UserAddr const to = region.end > end ? end : region.end;
        total += to.value - from.value;
    }
    return total;
}

u64 AddressSpace::private_writable_bytes() const
{
    u64 total = 0;
    for (u32 i = 0; i < index_.count(); ++i) {
        Region const& region = index_.at(i);
        if (region.kind == Region::Kind::Stack || region.is_shared || !region.rights.write)
            continue;
        total += region.size();
    }
    return total;
}

// RLIMIT_AS, RLIMIT_DATA, and what could never be backed (Linux refuses it in its default mode of
// overcommitting, Documentation/mm/overcommit-accounting.rst).
Result<void> AddressSpace::check_limits(u64 length, Rights rights, bool is_shared, u64 replaced)
{
    u64 const kept = mapped_bytes_ - replaced;
    if (length > total_limit_ || kept > total_limit_ - length) return Errno::NoMem;
    if (is_shared || !rights.write) return {};
    if (length >> kPageShift > frames_.counts().total) return Errno::NoMem;
    if (data_limit_ == ~u64{0}) return {};
    u64 const used = private_writable_bytes();
    if (length > data_limit_ || used > data_limit_ - length) return Errno::NoMem;
    return {};
}

Result<Own<Region>> AddressSpace::make_region(MapRequest const& request, u64 length)
{
    Own<Region> region = TRY(heap_.create<Region>());
    region->rights = request.rights;
    region->kind = request.kind;
    region->is_shared = request.shared;
    region->is_accounted = request.rights.write && !request.shared;
    region->was_mapped_by_exec = request.by_exec;
    region->grows_down = request.grows_down;
    region->cache = request.cache;
    region->file_offset = request.cache ? request.file_offset : 0;
    region->file_bytes_end = request.file_bytes_end;
    region->holder = request.holder;
    region->may_write = request.may_write;
    region->may_execute = request.may_execute;
    region->lock = future_lock_ != Region::Lock::None ? future_lock_ : request.lock;
    if (request.shared && !request.cache) {
        // Shared anonymous memory is a file without a name.
        u64 const id = frames_.next_object_id();
        region->cache = TRY(heap_.create_ref<FileCache>(heap_, frames_, platform_, id, nullptr));
        region->cache->set_size_bytes(length);
    }
    return region;
}

Result<void> AddressSpace::check_place(MapRequest const& request)
{
    u64 const length = page_ceil(request.length);
    if (length == 0 || length > kUserEnd) return Errno::NoMem;
    TRY(choose_place(request, length));
    return {};
}

Result<UserAddr> AddressSpace::map(MapRequest const& request)
{
    if (request.length == 0) return Errno::Inval;
    u64 const length = page_ceil(request.length);
    if (length == 0 || length > kUserEnd) return Errno::NoMem;
    if (request.cache) {
        if ((request.file_offset & kPageMask) != 0) return Errno::Inval;
        // No page may lie behind the largest size of a file.
        u64 const last_start = page_floor(~u64{0} / 2 - length);
        if (request.file_offset > last_start) return Errno::Overflow;
    }
    UserAddr const place = TRY(choose_place(request, length));
    UserAddr const end = place + length;
    u64 const replaced = bytes_in(place, end);
    TRY(check_limits(length, request.rights, request.shared, replaced));
    if (index_.count() >= kMaximumRegions) return Errno::NoMem;
    TRY(index_.reserve(2));
    Own<Region> region = TRY(make_region(request, length));
    region->start = place;
    region->end = end;
    if (replaced > 0) TRY(unmap_range(place, end));

    u32 const position = index_.first_ending_above(place);
    if (region->lock != Region::Lock::None) locked_bytes_ += length;
    insert_region(position, std::move(region));
    mapped_bytes_ += length;
    merge_around(position);
    return place;
}

Result<void> AddressSpace::unmap(UserAddr start, u64 length)
{
    if ((start.value & kPageMask) != 0) return Errno::Inval;
    if (start.value > kUserEnd || length > kUserEnd - start.value) return Errno::Inval;
    u64 const rounded = page_ceil(length);
    if (rounded == 0) return Errno::Inval;
    return unmap_range(start, start + rounded);
}

Result<void> AddressSpace::unmap_range(UserAddr start, UserAddr end)
{
    u32 const position = index_.first_ending_above(start);
    if (position == index_.count() || index_.at(position).start >= end) return {};
    // Only a hole in the middle of a region needs memory: have it before anything changes.
    if (index_.at(position).start < start && index_.at(position).end > end) TRY(split_at(end));
    UserAddr const first = index_.at(position).start < start ? start : index_.at(position).start;

    FlushBatch batch(frames_, platform_, cpu_mask());
    u64 const cleared = table_.clear(first, end, batch);
    cut_regions(start, end, position);
    Gap const gap = gap_around(start, end);
    table_.free_tables(first, end, gap.floor, gap.ceiling, batch);
    batch.commit();
    if (end > gap_ceiling_) forget_gaps();
    if (cleared > 0) record(EventKind::TableEntries, cleared);
    remove_resident(cleared);
    return {};
}

// Takes [start, end) out of the regions from `position` on; none has it in its middle.
void AddressSpace::cut_regions(UserAddr start, UserAddr end, u32 position)
{
    mapped_bytes_ -= bytes_in(start, end);
    locked_bytes_ -= locked_in(start, end);
    if (index_.at(position).start < start) {
        ASSERT(index_.at(position).end <= end);
        index_.at(position).end = start;
        ++position;
    }
    u32 number = 0;
    while (position + number < index_.count() && index_.at(position + number).end <= end) ++number;
    if (position + number < index_.count() && index_.at(position + number).start < end) {
        Region& last = index_.at(position + number);
        if (last.cache) last.file_offset = last.offset_of(end);
        last.start = end;
    }
    erase_regions(position, number);
}

Result<void> AddressSpace::protect(UserAddr start, u64 length, Rights rights)
{
    if ((start.value & kPageMask) != 0) return Errno::Inval;
    if (length == 0) return {};
    u64 const rounded = page_ceil(length);
    if (rounded == 0 || rounded > kUserEnd || start.value > kUserEnd - rounded) return Errno::NoMem;
    return change_pieces(start, start + rounded, [&](Region& region, UserAddr from, UserAddr to) {
        return protect_piece(region, from, to, rights);
    });
}

Result<void> AddressSpace::protect_piece(Region& region,
                                         UserAddr start,
                                         UserAddr end,
                                         Rights rights)
{
    if (region.rights == rights) return {};
    if (rights.write && !region.may_write) return Errno::Acces;
    if (rights.execute && !region.may_execute) return Errno::Acces;
    bool const becomes_data = rights.write && !region.rights.write && !region.is_shared;
    if (becomes_data && data_limit_ != ~u64{0}) {
        u64 const size = end.value - start.value;
        u64 const used = private_writable_bytes();
        if (size > data_limit_ || used > data_limit_ - size) return Errno::NoMem;
    }
    TRY(split_at(start));
    TRY(split_at(end));
    Region* const piece = find_region(start);
    ASSERT(piece != nullptr);
    ASSERT(piece->start == start && piece->end == end);
    piece->rights = rights;
    account(*piece);
    apply_rights(*piece);
    return {};
}

// mm/mprotect.c, mprotect_fixup(): memory that nobody has touched is no longer counted once it is
// not writable.
void AddressSpace::account(Region& region)
{
    if (region.is_shared) return;
    if (region.rights.write) {
        region.is_accounted = true;
        return;
    }
    if (!region.is_accounted || region.cache) return;
    bool is_touched = false;
    table_.for_each_run(region.start, region.end, [&](u64 const* entry, usize count, UserAddr) {
        for (usize i = 0; i < count && !is_touched; ++i) is_touched = entry[i] != 0;
    });
    region.is_accounted = is_touched;
}

// Private pages become writable only where nobody else has them; the rest waits for the write.
u64 AddressSpace::entry_with_rights(Region const& region, u64 entry) const
{
    PhysAddr const frame = pte::frame_of(entry);
    u64 changed = frame.value | pte::kUser | (entry & (pte::kAccessed | pte::kDirty));
    if (region.is_accessible()) changed |= pte::kPresent;
    if (!region.rights.execute) changed |= pte::kNoExecute;
    if (!region.rights.write) return changed;
    bool const is_own = frames_.use(frame) == FrameUse::Anonymous && frames_.references(frame) == 1;
    if (region.is_shared || is_own) changed |= pte::kWritable;
    return changed;
}

void AddressSpace::apply_rights(Region& region)
{
    FlushBatch batch(frames_, platform_, cpu_mask());
    u64 total = 0;
    table_.for_each_run(region.start, region.end, [&](u64* entry, usize count, UserAddr at) {
        for (usize i = 0; i < count; ++i) {
            if (entry[i] == 0) continue;
            u64 const changed = entry_with_rights(region, entry[i]);
            if (changed == entry[i]) continue;
            if (pte::is_present(entry[i])) batch.add_page(at + i * kPageSize);
            entry[i] = changed;
            ++total;
        }
    });
    batch.commit();
    if (total > 0) record(EventKind::TableEntries, total);
}

Result<void> AddressSpace::discard(UserAddr start, u64 length, bool even_locked)
{
    if ((start.value & kPageMask) != 0) return Errno::Inval;
    u64 const rounded = page_ceil(length);
    if (rounded < length || start.value + rounded < start.value) return Errno::Inval;
    if (rounded == 0) return {};
    bool const is_beyond = rounded > kUserEnd || start.value > kUserEnd - rounded;
    UserAddr const end = is_beyond ? UserAddr{kUserEnd} : start + rounded;
    bool const has_hole = is_beyond || !is_covered(start, rounded);
    for (u32 i = index_.first_ending_above(start); i < index_.count(); ++i) {
        Region& region = index_.at(i);
        if (region.start >= end) break;
        // The kernel's own page cannot be given back (mm/madvise.c, VM_PFNMAP): what lies below is.
        if (region.kind == Region::Kind::Vvar) return Errno::Inval;
        if (region.lock != Region::Lock::None && !even_locked) return Errno::Inval;
        UserAddr const from = region.start < start ? start : region.start;
        UserAddr const to = region.end > end ? end : region.end;
        FlushBatch batch(frames_, platform_, cpu_mask());
        u64 const cleared = table_.clear(from, to, batch);
        remove_resident(cleared);
        batch.commit();
        // Faults on what the program itself gave back are its own doing.
        region.exec_generation = 0;
        if (cleared > 0) record(EventKind::TableEntries, cleared);
    }
    if (has_hole) return Errno::NoMem;
    return {};
}

}  // namespace drydock
