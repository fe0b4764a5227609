// How an address space keeps its regions: split, merge, insert, erase.

#include "core/mm/address_space.h"
#include "core/mm/limits.h"

namespace drydock {

namespace {

void copy_fields(Region& target, Region const& source)
{
    target.start = source.start;
    target.end = source.end;
    target.rights = source.rights;
    target.kind = source.kind;
    target.is_shared = source.is_shared;
    target.was_mapped_by_exec = source.was_mapped_by_exec;
    target.grows_down = source.grows_down;
    target.cache = source.cache;
    target.file_offset = source.file_offset;
    target.file_bytes_end = source.file_bytes_end;
    target.holder = source.holder;
    target.may_write = source.may_write;
    target.may_execute = source.may_execute;
    target.skips_fork = source.skips_fork;
    target.is_wiped_on_fork = source.is_wiped_on_fork;
    target.is_accounted = source.is_accounted;
    target.lock = source.lock;
    target.exec_generation = source.exec_generation;
}

// True if `upper` goes on where `lower` ends, in every respect.
bool can_merge(Region const& lower, Region const& upper)
{
    if (lower.end != upper.start || lower.kind != upper.kind) return false;
    if (!(lower.rights == upper.rights) || lower.is_shared != upper.is_shared) return false;
    if (lower.grows_down || upper.grows_down || lower.may_write != upper.may_write) return false;
    if (lower.was_mapped_by_exec != upper.was_mapped_by_exec) return false;
    if (lower.may_execute != upper.may_execute) return false;
    if (lower.skips_fork != upper.skips_fork) return false;
    if (lower.is_wiped_on_fork != upper.is_wiped_on_fork) return false;
    if (lower.is_accounted != upper.is_accounted || lower.lock != upper.lock) return false;
    if (lower.exec_generation != upper.exec_generation) return false;
    if (!(lower.cache == upper.cache) || !(lower.holder == upper.holder)) return false;
    if (!lower.cache) return true;
    return lower.file_offset + lower.size() == upper.file_offset &&
           lower.file_bytes_end == upper.file_bytes_end;
}

}  // namespace

Result<Own<Region>> AddressSpace::clone_region(Region const& source)
{
    Own<Region> copy = TRY(heap_.create<Region>());
    copy_fields(*copy, source);
    return copy;
}

Region* AddressSpace::find_region(UserAddr address)
{
    u32 const position = index_.first_ending_above(address);
    if (position == index_.count()) return nullptr;
    Region& region = index_.at(position);
    return region.start <= address ? &region : nullptr;
}

void Region::drop_pages(u64 first_page, u64 end_page, bool with_copies)
{
    ASSERT(space != nullptr);
    space->drop_file_pages(*this, first_page, end_page, with_copies);
}

void AddressSpace::drop_file_pages(Region& region, u64 first, u64 end, bool with_copies)
{
    u64 const own_first = region.file_offset >> kPageShift;
    u64 const own_end = own_first + (region.size() >> kPageShift);
    if (first < own_first) first = own_first;
    if (end > own_end) end = own_end;
    if (first >= end) return;
    UserAddr const from = region.start + ((first - own_first) << kPageShift);
    UserAddr const to = region.start + ((end - own_first) << kPageShift);
    FlushBatch batch(frames_, platform_, cpu_mask());
    if (with_copies) {
        remove_resident(table_.clear(from, to, batch));
    } else {
        table_.for_each_run(from, to, [this, &batch](u64 const* entries, u64 count, UserAddr at) {
            for (u64 i = 0; i < count; ++i) {
                UserAddr const page = at + (i << kPageShift);
                bool const is_of_file = entries[i] != 0 && frames_.use(pte::frame_of(entries[i])) ==
                                                               FrameUse::FileCache;
                if (is_of_file) remove_resident(table_.clear(page, page + kPageSize, batch));
            }
        });
    }
    batch.commit();
}

// Room was reserved by the caller.
void AddressSpace::insert_region(u32 position, Own<Region> region)
{
    Region& added = *region.take_pointer();
    ASSERT(added.start < added.end);
    added.space = this;
    if (added.cache) added.cache->add_mapping(added);
    if (position == index_.count()) {
        regions_.push_back(added);
    } else {
        regions_.insert_before(added, index_.at(position));
    }
    index_.insert(position, added);
}

void AddressSpace::erase_regions(u32 position, u32 number)
{
    if (number == 0) return;
    Region* region = &index_.at(position);
    index_.erase(position, number);
    for (u32 i = 0; i < number; ++i) {
        Region* const next = regions_.next(*region);
        regions_.remove(*region);
        if (region->cache) region->cache->remove_mapping(*region);
        Own<Region> const gone(region);
        region = next;
    }
}

// Makes `address` a border. Errno::NoMem.
Result<void> AddressSpace::split_at(UserAddr address)
{
    u32 const position = index_.first_ending_above(address);
    if (position == index_.count()) return {};
    Region& region = index_.at(position);
    if (region.start >= address) return {};
    if (index_.count() >= kMaximumRegions) return Errno::NoMem;
    TRY(index_.reserve(1));
    Own<Region> upper = TRY(clone_region(region));
    upper->start = address;
    upper->file_offset = region.cache ? region.offset_of(address) : 0;
    region.end = address;
    insert_region(position + 1, std::move(upper));
    return {};
}

// Joins the region with its neighbours where they are alike.
void AddressSpace::merge_around(u32 position)
{
    if (position + 1 < index_.count() && can_merge(index_.at(position), index_.at(position + 1))) {
        UserAddr const end = index_.at(position + 1).end;
        erase_regions(position + 1, 1);
        index_.at(position).end = end;
    }
    if (position > 0 && can_merge(index_.at(position - 1), index_.at(position))) {
        UserAddr const end = index_.at(position).end;
        erase_regions(position, 1);
        index_.at(position - 1).end = end;
    }
}

// The same for every border in [start, end]: each run of like regions becomes its first.
void AddressSpace::merge_range(UserAddr start, UserAddr end)
{
    u32 position = index_.first_ending_above(start);
    if (position > 0) --position;
    for (; position < index_.count() && index_.at(position).start <= end; ++position) {
        u32 last = position;
        while (last + 1 < index_.count() && index_.at(last + 1).start <= end &&
               can_merge(index_.at(last), index_.at(last + 1))) {
            ++last;
        }
        if (last == position) continue;
        UserAddr const merged_end = index_.at(last).end;
        erase_regions(position + 1, last - position);
        index_.at(position).end = merged_end;
    }
}

// The unmapped space that [start, end), itself unmapped, lies in.
AddressSpace::Gap AddressSpace::gap_around(UserAddr start, UserAddr end) const
{
    u32 const position = index_.first_ending_above(start);
    // The last page below the non-canonical hole is never mapped, so tables may span it.
    Gap gap{{0}, {kUserEnd + kPageSize}};
    if (position > 0) gap.floor = index_.at(position - 1).end;
    if (position < index_.count()) gap.ceiling = index_.at(position).start;
    ASSERT(gap.floor <= start && end <= gap.ceiling);
    return gap;
}

bool AddressSpace::is_covered(UserAddr start, u64 length) const
{
    UserAddr const end = start + length;
    UserAddr at = start;
    for (u32 i = index_.first_ending_above(start); i < index_.count() && at < end; ++i) {
        if (index_.at(i).start > at) return false;
        at = index_.at(i).end;
    }
    return at >= end;
}

}  // namespace drydock
