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
    for (usize i = 0; i < frame_count_; ++i) {
        PhysAddr const frame = gone_[i];
        if ((frame.value & kClean) != 0) {
            frames_.free_clean({frame.value & ~kClean});
        } else {
            frames_.release(frame);
        }
    }
    frame_count_ = 0;
}

Result<void> PageTable::make_table(UserAddr page, Remembered& place)
{
    u64* table = entries(root_);
    u64* parent = nullptr;
    for (unsigned level = kLevels; level > 1; --level) {
        usize const index = index_in(page, level);
        u64& entry = table[index];
        if (entry == 0) {
            // An empty table is harmless if a later level cannot be had: unmapping frees it.
            PhysAddr const frame = TRY(frames_.allocate(FrameUse::PageTable, 0, true));
            entry = frame.value | pte::kTable;
            mark_used(parent, index, 1);
        }
        parent = &entry;
        table = entries(pte::frame_of(entry));
    }
    place = {page.value / kLeafSpan, table, parent};
    return {};
}

bool PageTable::is_marked_right() const
{
    auto const all = [](u64 const* table, usize count, unsigned groups, auto is_right) {
        for (usize i = 0; i < count; ++i) {
            if (table[i] == 0) continue;
            if ((groups >> (i / kGroupEntries) & 1) == 0 || !is_right(table[i])) return false;
        }
        return true;
    };
    auto const below = [this, all](u64 entry, auto is_right) {
        return all(entries(pte::frame_of(entry)), kTableEntries, pte::groups_of(entry), is_right);
    };
    auto const is_leaf = [](u64) { return true; };
    auto const is_lower = [&](u64 entry) { return below(entry, is_leaf); };
    auto const is_upper = [&](u64 entry) { return below(entry, is_lower); };
    auto const is_top = [&](u64 entry) { return below(entry, is_upper); };
    return all(entries(root_), kUserRootEntries, root_groups_, is_top);
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
            batch.add_clean_frame(frame);
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
    auto const end_leaf = [&](u64& lower) {
        for_each_used(entries(pte::frame_of(lower)), pte::groups_of(lower), [&](u64& leaf) {
            batch.add_frame(pte::frame_of(leaf));
            leaf = 0;
            ++held;
        });
        batch.add_clean_frame(pte::frame_of(lower));
        lower = 0;
    };
    auto const end_directory = [&](u64& upper) {
        for_each_used(entries(pte::frame_of(upper)), pte::groups_of(upper), end_leaf);
        batch.add_clean_frame(pte::frame_of(upper));
        upper = 0;
    };
    for_each_used(entries(root_), root_groups_, [&](u64& top) {
        for_each_used(entries(pte::frame_of(top)), pte::groups_of(top), end_directory);
        batch.add_clean_frame(pte::frame_of(top));
        top = 0;
    });
    root_groups_ = 0;
    // Not clean: its upper half is the platform's.
    batch.add_frame(root_);
    batch.commit();
    return held;
}

}  // namespace drydock
