#pragma once

// The translation caches: leaves (the TLB proper) and non-leaf entries (the paging-structure
// caches). Both are unbounded and keep an entry until they are told to drop it: the worst case that
// the manual allows, so that a missing flush is always seen (Intel SDM vol. 3, 4.10). Each
// address-space tag has its own.

#include "hwmodel/address_table.h"
#include "hwmodel/mmu.h"

namespace drydock::hwmodel {

class Tlb {
public:
    // The leaf that translates this address, if one is cached.
    Translation* find(u64 address)
    {
        if (Translation* const found = pages_[0].find(address >> 12)) return found;
        if (large_count_ == 0) return nullptr;
        return find_large(address);
    }
    void insert(u64 address, Translation const& translation);
    // Drops every leaf for this address, whatever its page size; true if it was a large page.
    bool drop(u64 address);

    // The deepest cached table on the way to this address, else the root. Returns the shift of its
    // entries.
    unsigned deepest_table(u64 address, TablePointer& table);
    void insert_tables(u64 address, WalkTrace const& trace);
    void drop_tables(u64 address);
    // INVLPG drops the structure caches for all addresses (Intel SDM vol. 3, 4.10.4.1).
    void drop_all_tables();

    // A move to CR3: without an address-space tag it drops everything, with one it keeps what is
    // cached (Intel SDM vol. 3, 4.10.4.1, bit 63 of the new value set).
    void load_root(u64 root);
    void keep_with_root(u64 root) { root_ = root; }
    void drop_everything();
    u64 root() const { return root_; }

    template <typename Visit>
    void for_each_page(Visit visit)
    {
        for (AddressTable<Translation>& table : pages_) {
            table.for_each([&](u64 key, Translation& translation) {
                visit(key << translation.page_shift, translation);
            });
        }
    }
    // Visits (address, shift of the entry that pointed there, pointer).
    template <typename Visit>
    void for_each_table(Visit visit)
    {
        for (unsigned level = 0; level < 3; ++level) {
            unsigned const shift = 21 + 9 * level;
            tables_[level].for_each(
                [&](u64 key, TablePointer& pointer) { visit(key << shift, shift, pointer); });
        }
    }

private:
    Translation* find_large(u64 address);

    AddressTable<Translation> pages_[3];    // 4 KiB, 2 MiB, 1 GiB.
    AddressTable<TablePointer> tables_[3];  // From PDEs, PDPTEs, PML4Es.
    usize large_count_ = 0;
    u64 root_ = ~u64{0};
};

}  // namespace drydock::hwmodel
