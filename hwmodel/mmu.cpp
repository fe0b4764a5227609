#include "hwmodel/mmu.h"

#include <fmt/format.h>
#include <stdexcept>

namespace drydock::hwmodel {

namespace {

// Intel SDM vol. 3, 4.5.4, tables 4-15 to 4-20: bits above the physical address width, and below
// the address in an entry that maps a large page, must be 0. A PML4E has no page-size bit to set.
bool has_reserved_bits(u64 entry, unsigned shift)
{
    constexpr u64 kTooHigh = pte::kFrameMask & ~((u64{1} << kPhysicalAddressBits) - 1);
    if ((entry & kTooHigh) != 0) return true;
    if (shift == 39) return (entry & pte::kLarge) != 0;
    if (shift == 12 || (entry & pte::kLarge) == 0) return false;
    // Bit 12 is the page attribute bit of a large page.
    u64 const below = ((u64{1} << shift) - 1) & pte::kFrameMask & ~u64{kPageSize};
    return (entry & below) != 0;
}

Rights combine(Rights rights, u64 entry)
{
    return {.write = rights.write && (entry & pte::kWritable) != 0,
            .user = rights.user && (entry & pte::kUser) != 0,
            .execute = rights.execute && (entry & pte::kNoExecute) == 0};
}

}  // namespace

u64* Mmu::entry_at(u64 table, u64 address, unsigned shift) const
{
    if (!memory_.has_page(table)) {
        throw std::logic_error(fmt::format(
            "page walk for {:#x}: the table at physical {:#x} does not exist", address, table));
    }
    u64 const index = (address >> shift) & 511;
    return reinterpret_cast<u64*>(memory_.base() + table) + index;
}

WalkResult Mmu::walk(u64 address,
                     TablePointer start,
                     unsigned shift,
                     bool set_accessed,
                     Translation& result,
                     WalkTrace& trace) const
{
    trace.count = 0;
    TablePointer current = start;
    for (;;) {
        u64* const slot = entry_at(current.table, address, shift);
        u64 const entry = *slot;
        if ((entry & pte::kPresent) == 0) return WalkResult::NotPresent;
        if (has_reserved_bits(entry, shift)) return WalkResult::Reserved;
        Rights const rights = combine(current.rights, entry);
        bool const is_leaf = shift == 12 || (entry & pte::kLarge) != 0;
        if (is_leaf) {
            u64 const mask = pte::kFrameMask & ~((u64{1} << shift) - 1);
            result = {.frame = entry & mask,
                      .entry_address =
                          static_cast<u64>(reinterpret_cast<std::byte*>(slot) - memory_.base()),
                      .page_shift = static_cast<u8>(shift),
                      .dirty = (entry & pte::kDirty) != 0,
                      .rights = rights};
            u64 const physical = result.frame + (address & ((u64{1} << shift) - 1));
            if (!memory_.has_page(page_floor(physical))) {
                throw std::logic_error(
                    fmt::format("page walk for {:#x}: the page at physical {:#x} does not exist",
                                address,
                                page_floor(physical)));
            }
            return WalkResult::Found;
        }
        if (set_accessed && (entry & pte::kAccessed) == 0) *slot = entry | pte::kAccessed;
        current = {entry & pte::kFrameMask, rights};
        trace.shifts[trace.count] = shift;
        trace.pointers[trace.count] = current;
        ++trace.count;
        shift -= 9;
    }
}

WalkResult Mmu::inspect(u64 address, u64 root, Translation& result) const
{
    WalkTrace trace;
    return walk(address, {root, {}}, 39, false, result, trace);
}

bool Mmu::find_table(u64 address, u64 root, unsigned shift, TablePointer& result) const
{
    result = {root, {}};
    for (unsigned level = 39;; level -= 9) {
        u64 const entry = *entry_at(result.table, address, level);
        bool const is_table = (entry & pte::kPresent) != 0 && !has_reserved_bits(entry, level) &&
                              (entry & pte::kLarge) == 0;
        if (!is_table) return false;
        result = {entry & pte::kFrameMask, combine(result.rights, entry)};
        if (level == shift) return true;
    }
}

void Mmu::mark_used(Translation& translation, bool is_write) const
{
    auto* const entry = reinterpret_cast<u64*>(memory_.base() + translation.entry_address);
    u64 const wanted = pte::kAccessed | (is_write ? pte::kDirty : 0);
    if ((*entry & wanted) != wanted) *entry |= wanted;
    translation.dirty = translation.dirty || is_write;
}

bool Mmu::allows(Rights rights, Access access)
{
    if (!rights.user) return false;
    switch (access) {
    case Access::Read: return true;
    case Access::Write: return rights.write;
    case Access::Fetch: return rights.execute;
    }
    return false;
}

}  // namespace drydock::hwmodel
