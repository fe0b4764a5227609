// fork(2): the child gets the regions and, at once, the page tables; private pages are shared
// read-only until one side writes.

#include "core/mm/address_space.h"

namespace drydock {

Result<Ref<AddressSpace>> AddressSpace::duplicate()
{
    Ref<AddressSpace> child = TRY(create(heap_, frames_, platform_));
    child->layout_ = layout_;
    child->stack_limit_ = stack_limit_;
    child->total_limit_ = total_limit_;
    child->data_limit_ = data_limit_;
    child->placement_stack_ = placement_stack_;
    for (Region const& region : regions_) {
        if (region.skips_fork) continue;
        TRY(child->index_.reserve(1));
        Own<Region> copy = TRY(clone_region(region));
        // Locks are not inherited, nor what is to be locked (mlock(2)).
        copy->lock = Region::Lock::None;
        child->insert_region(child->index_.count(), std::move(copy));
        child->mapped_bytes_ += region.size();
    }
    bool has_changed = false;
    Result<void> const copied = copy_tables(*child, has_changed);
    // The parent may not write through what it had: not even if the copy stopped half-way, because
    // what was shared so far is read-only now (and made writable again at the next write).
    if (has_changed) platform_.flush_all(cpu_mask());
    if (copied.is_error()) return copied.error();
    return child;
}

Result<void> AddressSpace::copy_tables(AddressSpace& child, bool& changed)
{
    Result<void> outcome{};
    for (Region const& region : regions_) {
        // Nobody has a copy of these, so a child that needs one faults it in; most do not.
        if (region.kind == Region::Kind::Vvar || region.kind == Region::Kind::Vdso) continue;
        if (region.skips_fork || region.is_wiped_on_fork) continue;
        table_.for_each_run(region.start, region.end, [&](u64* source, usize count, UserAddr at) {
            usize first = 0;
            while (first < count && source[first] == 0) ++first;
            if (first == count || outcome.is_error()) return;
            Result<u64*> target = child.table_.make_entries(at + first * kPageSize, count - first);
            if (target.is_error()) {
                outcome = target.error();
                return;
            }
            u64 const copied =
                share_entries(region, source + first, target.value(), count - first, changed);
            child.entries_copied_ += copied;
            child.add_resident(copied);
        });
        if (outcome.is_error()) break;
    }
    return outcome;
}

Result<void> AddressSpace::set_fork_rule_of(Region& region,
                                            UserAddr start,
                                            UserAddr end,
                                            ForkRule rule)
{
    if (rule == ForkRule::Wipe && (region.cache || region.is_shared)) return Errno::Inval;
    TRY(split_at(start));
    TRY(split_at(end));
    Region& piece = *find_region(start);
    ASSERT(piece.start == start && piece.end == end);
    switch (rule) {
    case ForkRule::Skip: piece.skips_fork = true; break;
    case ForkRule::Copy: piece.skips_fork = false; break;
    case ForkRule::Wipe: piece.is_wiped_on_fork = true; break;
    case ForkRule::Keep: piece.is_wiped_on_fork = false; break;
    }
    return {};
}

Result<void> AddressSpace::set_fork_rule(UserAddr start, u64 length, ForkRule rule)
{
    u64 const rounded = page_ceil(length);
    if ((start.value & kPageMask) != 0 || rounded < length) return Errno::Inval;
    if (rounded == 0) return {};
    if (rounded > kUserEnd || start.value > kUserEnd - rounded) return Errno::NoMem;
    UserAddr const end = start + rounded;
    bool const has_hole = !is_covered(start, rounded);
    Result<void> outcome{};
    UserAddr at = start;
    while (at < end && outcome.is_ok()) {
        u32 const position = index_.first_ending_above(at);
        if (position == index_.count() || index_.at(position).start >= end) break;
        Region& region = index_.at(position);
        UserAddr const from = region.start < at ? at : region.start;
        UserAddr const to = region.end < end ? region.end : end;
        outcome = set_fork_rule_of(region, from, to, rule);
        at = to;
    }
    merge_range(start, end);
    if (outcome.is_error()) return outcome;
    if (has_hole) return Errno::NoMem;
    return {};
}

u64 AddressSpace::share_entries(
    Region const& region, u64* source, u64* target, usize count, bool& changed)
{
    u64 const kept = region.is_shared ? ~u64{0} : ~pte::kWritable;
    u64 total = 0;
    for (usize i = 0; i < count; ++i) {
        u64 const entry = source[i];
        if (entry == 0) continue;
        ASSERT(target[i] == 0);
        frames_.share(pte::frame_of(entry));
        u64 const common = entry & kept;
        if (common != entry) {
            source[i] = common;
            changed = true;
        }
        // The child has not touched the page yet.
        target[i] = common & ~(pte::kAccessed | pte::kDirty);
        ++total;
    }
    return total;
}

}  // namespace drydock
