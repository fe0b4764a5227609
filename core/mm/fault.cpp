// Page faults, and the same work on behalf of kernel copies.

#include "core/mm/address_space.h"
#include "core/mm/limits.h"

namespace drydock {

namespace {

bool allows(Region const& region, Access access)
{
    switch (access) {
    case Access::Read: return region.is_accessible();
    case Access::Write: return region.rights.write;
    case Access::Execute: return region.rights.execute;
    }
    UNREACHABLE();
}

}  // namespace

FaultResult AddressSpace::handle_fault(UserAddr address, u32 error_code)
{
    // Reserved bits are never set here: such a fault means broken tables.
    ASSERT((error_code & page_fault::kReserved) == 0);
    Access access = Access::Read;
    if ((error_code & page_fault::kFetch) != 0) access = Access::Execute;
    if ((error_code & page_fault::kWrite) != 0) access = Access::Write;
    Resolution resolution{FaultResult::SegvMaperr, FaultOutcome::Signalled};
    if (address.value < kUserEnd) resolution = resolve(address.page(), access, true);
    record(EventKind::Fault, address.value, error_code, static_cast<u64>(resolution.outcome));
    return resolution.result;
}

// The region at the address, a stack grown down to it if need be.
Region* AddressSpace::region_for_access(UserAddr address)
{
    u32 const position = index_.first_ending_above(address);
    if (position == index_.count()) return nullptr;
    Region& region = index_.at(position);
    if (region.start <= address) return &region;
    return region.grows_down ? grow_stack(address) : nullptr;
}

// Linux expand_stack(): within RLIMIT_STACK, and not closer than the guard gap to what lies below.
Region* AddressSpace::grow_stack(UserAddr address)
{
    u32 const position = index_.first_ending_above(address);
    Region& region = index_.at(position);
    UserAddr const start = address.page();
    if (start.value < kLowestPlace) return nullptr;
    if (region.end.value - start.value > stack_limit_) return nullptr;
    u64 const more = region.start.value - start.value;
    if (check_lock(more, region.lock).is_error()) return nullptr;
    if (check_limits(more, region.rights, region.is_shared, 0).is_error()) return nullptr;
    if (position > 0) {
        Region const& below = index_.at(position - 1);
        u64 const gap = start.value - below.end.value;
        if (!below.grows_down && below.is_accessible() && gap < kStackGap) return nullptr;
    }
    region.start = start;
    mapped_bytes_ += more;
    if (region.lock != Region::Lock::None) locked_bytes_ += more;
    return &region;
}

AddressSpace::Resolution AddressSpace::resolve(UserAddr page, Access access, bool by_cpu)
{
    Region* const region = region_for_access(page);
    if (region == nullptr) return {FaultResult::SegvMaperr, FaultOutcome::Signalled};
    if (!allows(*region, access)) return {FaultResult::SegvAccerr, FaultOutcome::Signalled};
    Result<u64*> entry = table_.make_entry(page);
    if (entry.is_error()) return {FaultResult::OutOfMemory, FaultOutcome::NoMemory};
    if (*entry.value() != 0) return resolve_present(*region, page, *entry.value(), access, by_cpu);
    Resolution const mapped = map_missing(*region, page, *entry.value(), access);
    if (mapped.result == FaultResult::Handled) add_resident(1);
    return mapped;
}

u64 AddressSpace::entry_for(Region const& region, PhysAddr frame, bool is_writable) const
{
    u64 entry = frame.value | pte::kPresent | pte::kUser;
    if (is_writable) entry |= pte::kWritable;
    if (!region.rights.execute) entry |= pte::kNoExecute;
    return entry;
}

// A page that is there. Only a write to a page shared by copy-on-write has anything to do.
AddressSpace::Resolution AddressSpace::resolve_present(
    Region& region, UserAddr page, u64& entry, Access access, bool by_cpu)
{
    // The region allows the access, so the entry is no held one.
    ASSERT(pte::is_present(entry));
    bool const is_writable = (entry & pte::kWritable) != 0;
    if (access != Access::Write || is_writable)
        return {FaultResult::Handled, FaultOutcome::Spurious};
    PhysAddr const old = pte::frame_of(entry);
    u64 const marks = entry & (pte::kAccessed | pte::kDirty);
    bool const is_own = frames_.use(old) == FrameUse::Anonymous && frames_.references(old) == 1;
    if (region.is_shared || is_own) {
        entry = entry_for(region, old, true) | marks;
        if (!by_cpu) platform_.flush_page(cpu_mask(), page);
        return {FaultResult::Handled, FaultOutcome::Reused};
    }
    Result<PhysAddr> copy = frames_.allocate(FrameUse::Anonymous, 0, false);
    if (copy.is_error()) return {FaultResult::OutOfMemory, FaultOutcome::NoMemory};
    memcpy(frames_.data(copy.value()), frames_.data(old), kPageSize);
    // The old frame may be gone after this, so no translation to it may be left.
    entry = entry_for(region, copy.value(), true) | marks;
    if (!by_cpu) platform_.flush_page(cpu_mask(), page);
    frames_.release(old);
    record(EventKind::PageCopy, 1);
    return {FaultResult::Handled, FaultOutcome::Copied};
}

AddressSpace::Resolution AddressSpace::map_missing(Region& region,
                                                   UserAddr page,
                                                   u64& entry,
                                                   Access access)
{
    bool const is_file = region.cache && region.offset_of(page) < region.file_bytes_end;
    return is_file ? map_file(region, page, entry, access) : map_zeroed(region, entry);
}

AddressSpace::Resolution AddressSpace::map_zeroed(Region& region, u64& entry)
{
    Result<PhysAddr> frame = frames_.allocate(FrameUse::Anonymous, 0, true);
    if (frame.is_error()) return {FaultResult::OutOfMemory, FaultOutcome::NoMemory};
    entry = entry_for(region, frame.value(), region.rights.write);
    record(EventKind::PageZero, 1);
    return {FaultResult::Handled, FaultOutcome::Zeroed};
}

AddressSpace::Resolution AddressSpace::map_file(Region& region,
                                                UserAddr page,
                                                u64& entry,
                                                Access access)
{
    u64 const offset = region.offset_of(page);
    // mmap(2): a page wholly behind the end of the file raises SIGBUS.
    if (offset >= region.cache->size_bytes())
        return {FaultResult::BusAdrerr, FaultOutcome::Signalled};
    Result<FileCache::Page> found = region.cache->get(offset >> kPageShift);
    if (found.is_error()) {
        if (found.error() == Errno::NoMem)
            return {FaultResult::OutOfMemory, FaultOutcome::NoMemory};
        return {FaultResult::BusAdrerr, FaultOutcome::Signalled};
    }
    FileCache::Page const cached = found.value();
    u64 const wanted = region.file_bytes_end - offset;
    if (!region.is_shared && wanted < kPageSize) {
        return map_file_copy(region, entry, cached.frame, wanted);
    }
    check_avoidable(region, page, cached, access);
    if (!region.is_shared && access == Access::Write) {
        return map_file_copy(region, entry, cached.frame, kPageSize);
    }
    frames_.share(cached.frame);
    entry = entry_for(region, cached.frame, region.is_shared && region.rights.write);
    return {FaultResult::Handled,
            cached.was_inserted ? FaultOutcome::FileLoaded : FaultOutcome::FileMapped};
}

// A private copy of the first `bytes` of a page of the file, zeros behind.
AddressSpace::Resolution AddressSpace::map_file_copy(Region& region,
                                                     u64& entry,
                                                     PhysAddr source,
                                                     usize bytes)
{
    Result<PhysAddr> copy = frames_.allocate(FrameUse::Anonymous, 0, false);
    if (copy.is_error()) return {FaultResult::OutOfMemory, FaultOutcome::NoMemory};
    std::byte* const target = frames_.data(copy.value());
    memcpy(target, frames_.data(source), bytes);
    if (bytes < kPageSize) memset(target + bytes, 0, kPageSize - bytes);
    entry = entry_for(region, copy.value(), region.rights.write);
    record(EventKind::PageCopy, 1);
    return {FaultResult::Handled, FaultOutcome::Copied};
}

// The oracle of stale prefault templates: exec had this page at hand and did not map it.
void AddressSpace::check_avoidable(Region const& region,
                                   UserAddr page,
                                   FileCache::Page const& cached,
                                   Access access)
{
    if (!region.was_mapped_by_exec || region.is_shared || access == Access::Write) return;
    if (cached.was_inserted || cached.generation > region.exec_generation) return;
    u64 const index = region.offset_of(page) >> kPageShift;
    record(EventKind::AvoidableFault, page.value, region.cache->id(), index);
}

void AddressSpace::populate(UserAddr start, u64 length)
{
    UserAddr const end = start + page_ceil(length);
    UserAddr page = start.page();
    while (page < end) {
        u32 const position = index_.first_ending_above(page);
        if (position == index_.count()) return;
        Region const& region = index_.at(position);
        if (page < region.start) page = region.start;
        UserAddr const stop = region.end < end ? region.end : end;
        bool const writes = region.rights.write && !region.is_shared;
        Access const access = writes ? Access::Write : Access::Read;
        if (region.lock == Region::Lock::OnFault) page = stop;
        // Where one page cannot be had (no right, no file, no memory) the rest cannot either.
        while (page < stop && resolve(page, access, false).result == FaultResult::Handled) {
            page = page + kPageSize;
        }
        page = stop;
    }
}

}  // namespace drydock
