#include "core/mm/page_table.h"

namespace drydock {

void FlushBatch::commit()
{
    if (page_count_ > kMaximumPages) {
        platform_.flush_all(cpu_mask_);
    } else {
        for (usize i = 0; i < page_count_; ++i) platform_.flush_page(cpu_mask_, pages_[i]);
    }
    page_count_ = 0;
    for (usize i = 0; i < frame_count_; ++i) frames_.release(gone_[i]);
    frame_count_ = 0;
}

Result<u64*> PageTable::make_entry(UserAddr page)
{
    ASSERT(page.value < kUserEnd);
    if (u64* const known = find_entry(page)) return known;
    u64* table = entries(root_);
    for (unsigned level = kLevels; level > 1; --level) {
        u64& entry = table[index_in(page, level)];
        if (entry == 0) {
            // An empty table is harmless if a later level cannot be had: unmapping frees it.
            PhysAddr const frame = TRY(frames_.allocate(FrameUse::PageTable, 0, true));
            entry = frame.value | pte::kTable;
        }
        table = entries(pte::frame_of(entry));
    }
    return table + index_in(page, 1);
}

u64 PageTable::clear(UserAddr start, UserAddr end, FlushBatch& batch)
{
    u64 cleared = 0;
    bool const is_small = end.value - start.value <= FlushBatch::kMaximumPages * kPageSize;
    if (!is_small) {
        // Too many frames to remember: the entries keep them until the one flush is done.
        for_each_run(start, end, [&batch](u64* entry, usize count, UserAddr at) {
            for (usize i = 0; i < count; ++i) {
                if (!pte::is_present(entry[i])) continue;
                entry[i] &= ~pte::kPresent;
                batch.add_page(at + i * kPageSize);
            }
        });
        batch.commit();
    }
    for_each_run(start, end, [&](u64* entry, usize count, UserAddr at) {
        for (usize i = 0; i < count; ++i) {
            if (entry[i] == 0) continue;
            if (pte::is_present(entry[i])) batch.add_page(at + i * kPageSize);
            PhysAddr const frame = pte::frame_of(entry[i]);
            entry[i] = 0;
            ++cleared;
            batch.add_frame(frame);
        }
    });
    return cleared;
}

// One level of free_tables(): the entries of tables at `level` (2: those that point to leaf
// tables).
void PageTable::free_level(unsigned level,
                           UserAddr start,
                           UserAddr end,
                           UserAddr floor,
                           UserAddr ceiling,
                           FlushBatch& batch)
{
    u64 const span = u64{1} << (kPageShift + kLevelBits * (level - 1));
    u64 at = start.value & ~(span - 1);
    while (at < end.value && at < kUserEnd) {
        // Walks to the table that holds the entry for `at`; steps over what is missing above it.
        u64* table = entries(root_);
        unsigned above = kLevels;
        while (above > level && table[index_in({at}, above)] != 0) {
            table = entries(pte::frame_of(table[index_in({at}, above)]));
            --above;
        }
        u64 const step = u64{1} << (kPageShift + kLevelBits * (above - 1));
        u64& entry = table[index_in({at}, above)];
        bool const is_inside = at >= floor.value && at + span <= ceiling.value;
        if (above == level && entry != 0 && is_inside) {
            PhysAddr const frame = pte::frame_of(entry);
            entry = 0;
            forget_tables();
            batch.add_table({at});
            batch.add_frame(frame);
        }
        at = (at & ~(step - 1)) + step;
    }
}

void PageTable::free_tables(
    UserAddr start, UserAddr end, UserAddr floor, UserAddr ceiling, FlushBatch& batch)
{
    for (unsigned level = 2; level <= kLevels; ++level) {
        free_level(level, start, end, floor, ceiling, batch);
    }
}

u64 PageTable::destroy(FlushBatch& batch)
{
    u64 held = 0;
    forget_tables();
    batch.flush_everything();
    u64* const top = entries(root_);
    for (usize a = 0; a < kUserRootEntries; ++a) {
        if (top[a] == 0) continue;
        u64 const* const upper = entries(pte::frame_of(top[a]));
        for (usize b = 0; b < kTableEntries; ++b) {
            if (upper[b] == 0) continue;
            u64 const* const lower = entries(pte::frame_of(upper[b]));
            for (usize c = 0; c < kTableEntries; ++c) {
                if (lower[c] == 0) continue;
                u64 const* const leaf = entries(pte::frame_of(lower[c]));
                for (usize d = 0; d < kTableEntries; ++d) {
                    if (leaf[d] == 0) continue;
                    batch.add_frame(pte::frame_of(leaf[d]));
                    ++held;
                }
                batch.add_frame(pte::frame_of(lower[c]));
            }
            batch.add_frame(pte::frame_of(upper[b]));
        }
        batch.add_frame(pte::frame_of(top[a]));
        top[a] = 0;
    }
    batch.add_frame(root_);
    batch.commit();
    return held;
}

}  // namespace drydock
