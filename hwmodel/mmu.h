#pragma once

// Address translation as the silicon does it: the four-level walk over the page-table bytes in
// physical memory (Intel SDM vol. 3, 4.5), one level at a time so that the paging-structure caches
// can stand in for the upper ones.
//
//   63  62..52   51..12           11..9  8  7  6  5  4   3   2  1  0
//  +---+--------+----------------+-----+--+--+--+--+---+---+--+--+--+
//  |NX |ignored | frame (40 bits)| ign |G |PS|D |A |PCD|PWT|U |W |P |
//  +---+--------+----------------+-----+--+--+--+--+---+---+--+--+--+

#include "core/base/integers.h"
#include "hwmodel/physical_memory.h"

namespace drydock::hwmodel {

namespace pte {
inline constexpr u64 kPresent = u64{1} << 0;
inline constexpr u64 kWritable = u64{1} << 1;
inline constexpr u64 kUser = u64{1} << 2;
inline constexpr u64 kAccessed = u64{1} << 5;
inline constexpr u64 kDirty = u64{1} << 6;
inline constexpr u64 kLarge = u64{1} << 7;
inline constexpr u64 kNoExecute = u64{1} << 63;
inline constexpr u64 kFrameMask = 0x000ffffffffff000;
}  // namespace pte

// Page-fault error code bits (Intel SDM vol. 3, 4.7).
namespace page_fault {
inline constexpr u32 kPresent = 1;
inline constexpr u32 kWrite = 2;
inline constexpr u32 kUser = 4;
inline constexpr u32 kReserved = 8;
inline constexpr u32 kFetch = 16;
}  // namespace page_fault

inline constexpr unsigned kPhysicalAddressBits = 40;
inline constexpr unsigned kVirtualAddressBits = 48;

enum class Access : u8 { Read, Write, Fetch };

// What a chain of entries grants together: every level must agree (Intel SDM vol. 3, 4.6.1).
struct Rights {
    bool write = true;
    bool user = true;
    bool execute = true;
    bool operator==(Rights const&) const = default;
};

// A cached non-leaf entry: the table below it and the rights down to it.
struct TablePointer {
    u64 table = 0;
    Rights rights{};
    bool operator==(TablePointer const&) const = default;
};

// A leaf found by a walk.
struct Translation {
    u64 frame = 0;  // Of the page's first byte: aligned to the page's own size.
    u64 entry_address = 0;
    u8 page_shift = 12;  // 12, 21 or 30.
    bool dirty = false;
    bool was_fetched = false;  // Links between blocks may depend on it.
    Rights rights{};
};

constexpr bool is_canonical(u64 address)
{
    return static_cast<u64>(static_cast<i64>(address << 16) >> 16) == address;
}

// The non-leaf entries that one walk used, for the paging-structure caches.
struct WalkTrace {
    unsigned count = 0;
    unsigned shifts[3] = {};  // 39 for a PML4E, 30 for a PDPTE, 21 for a PDE.
    TablePointer pointers[3] = {};
};

enum class WalkResult : u8 { Found, NotPresent, Reserved };

class Mmu {
public:
    explicit Mmu(PhysicalMemory& memory) : memory_(memory) {}

    // Walks from `start`, a table whose entries each map 2^shift bytes (39 at the root), to the
    // leaf. With `set_accessed` each non-leaf entry used gets its accessed bit (Intel SDM vol.
    // 3, 4.8). Throws std::logic_error if a table or the page lies outside physical memory.
    WalkResult walk(u64 address,
                    TablePointer start,
                    unsigned shift,
                    bool set_accessed,
                    Translation& result,
                    WalkTrace& trace) const;
    // The same from the root, changing nothing.
    WalkResult inspect(u64 address, u64 root, Translation& result) const;
    // The table that the entry of this level (39, 30, 21) points to; false if there is none.
    bool find_table(u64 address, u64 root, unsigned shift, TablePointer& result) const;
    // Sets the accessed bit of the leaf, and the dirty bit for a write.
    void mark_used(Translation& translation, bool is_write) const;
    static bool allows(Rights rights, Access access);

    std::byte* data(u64 physical) const { return memory_.base() + physical; }
    PhysicalMemory& memory() const { return memory_; }

private:
    u64* entry_at(u64 table, u64 address, unsigned shift) const;

    PhysicalMemory& memory_;
};

}  // namespace drydock::hwmodel
