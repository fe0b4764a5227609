#include "hwmodel/tlb.h"

namespace drydock::hwmodel {

namespace {

constexpr u64 kCanonicalBits = (u64{1} << kVirtualAddressBits) - 1;

constexpr usize size_index(u8 page_shift)
{
    return page_shift == 12 ? 0 : page_shift == 21 ? 1 : 2;
}

}  // namespace

Translation* Tlb::find_large(u64 address)
{
    if (Translation* const found = pages_[1].find(address >> 21)) return found;
    return pages_[2].find(address >> 30);
}

void Tlb::insert(u64 address, Translation const& translation)
{
    pages_[size_index(translation.page_shift)][address >> translation.page_shift] = translation;
    large_count_ = pages_[1].count() + pages_[2].count();
}

bool Tlb::drop(u64 address)
{
    pages_[0].erase(address >> 12);
    if (large_count_ == 0) return false;
    bool const dropped_2m = pages_[1].erase(address >> 21);
    bool const dropped_1g = pages_[2].erase(address >> 30);
    large_count_ = pages_[1].count() + pages_[2].count();
    return dropped_2m || dropped_1g;
}

unsigned Tlb::deepest_table(u64 address, TablePointer& table)
{
    u64 const bits = address & kCanonicalBits;
    for (unsigned level = 0; level < 3; ++level) {
        unsigned const shift = 21 + 9 * level;
        if (TablePointer* const found = tables_[level].find(bits >> shift)) {
            table = *found;
            return shift - 9;
        }
    }
    table = {root_, {}};
    return 39;
}

void Tlb::insert_tables(u64 address, WalkTrace const& trace)
{
    u64 const bits = address & kCanonicalBits;
    for (unsigned i = 0; i < trace.count; ++i) {
        unsigned const shift = trace.shifts[i];
        tables_[(shift - 21) / 9][bits >> shift] = trace.pointers[i];
    }
}

void Tlb::drop_tables(u64 address)
{
    u64 const bits = address & kCanonicalBits;
    for (unsigned level = 0; level < 3; ++level) tables_[level].erase(bits >> (21 + 9 * level));
}

void Tlb::drop_all_tables()
{
    for (AddressTable<TablePointer>& tables : tables_) tables.clear();
}

void Tlb::load_root(u64 root)
{
    root_ = root;
    drop_everything();
}

void Tlb::drop_everything()
{
    for (AddressTable<Translation>& pages : pages_) pages.clear();
    large_count_ = 0;
    drop_all_tables();
}

}  // namespace drydock::hwmodel
