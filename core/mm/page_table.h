#pragma once

// The user half of one x86-64 page table, written through the direct map.
//
//   63  62..52   51..12        11..9  8 7 6 5 4 3 2 1 0
//   NX  ignored  frame number  (own)  G S D A . . U W P     Intel SDM vol. 3, table 4-20
//
// Upper levels are permissive (present, writable, user, no NX); the leaf decides. An entry that is
// not zero but not present holds its frame for a page that nobody may touch now (PROT_NONE); the
// processor ignores it (Intel SDM vol. 3, 4.5). Each such or present entry owns one reference to
// its frame.
//
// An entry that leads to a table says in bits 52 to 59, which the processor ignores there (table
// 4-18), which groups of 64 entries of that table may be in use: an end of a space looks at no
// others. A group that was emptied keeps its bit.

#include "core/mm/frame_allocator.h"

namespace drydock {

namespace pte {
inline constexpr u64 kPresent = u64{1} << 0;
inline constexpr u64 kWritable = u64{1} << 1;
inline constexpr u64 kUser = u64{1} << 2;
inline constexpr u64 kAccessed = u64{1} << 5;
inline constexpr u64 kDirty = u64{1} << 6;
inline constexpr u64 kNoExecute = u64{1} << 63;
inline constexpr u64 kFrameMask = 0x000f'ffff'ffff'f000;
inline constexpr u64 kTable = kPresent | kWritable | kUser;
inline constexpr unsigned kGroupShift = 52;

constexpr PhysAddr frame_of(u64 entry) { return {entry & kFrameMask}; }
constexpr bool is_present(u64 entry) { return (entry & kPresent) != 0; }
// Of an entry that leads to a table.
constexpr unsigned groups_of(u64 entry) { return (entry >> kGroupShift) & 0xff; }
}  // namespace pte

inline constexpr usize kTableEntries = 512;
inline constexpr unsigned kLevelBits = 9;
inline constexpr usize kGroupEntries = 64;
// What one leaf table spans.
inline constexpr u64 kLeafSpan = kPageSize * kTableEntries;

// Frames on their way back to the allocator and the translations that must be forgotten first.
class FlushBatch {
public:
    FlushBatch(FrameAllocator& frames, Platform& platform, u64 cpu_mask)
        : frames_(frames), platform_(platform), cpu_mask_(cpu_mask)
    {}
    FlushBatch(FlushBatch const&) = delete;
    FlushBatch& operator=(FlushBatch const&) = delete;
    // What is due must have been done: when it is part of what a function does, and it says so.
    ~FlushBatch()
    {
        ASSERT(page_count_ == 0);
        ASSERT(frame_count_ == 0);
    }

    // The entry of `page` was present and has changed.
    void add_page(UserAddr page)
    {
        if (page_count_ < kMaximumPages) pages_[page_count_] = page;
        ++page_count_;
    }
    // Tables that led to `page` are gone. One invalidation of any page drops all of the processor's
    // cached upper entries (Intel SDM vol. 3, 4.10.4.1), so one that is due anyway is enough.
    void add_table(UserAddr page)
    {
        if (page_count_ == 0) add_page(page);
    }
    // Gives up one reference, once nothing translates to the frame any more.
    void add_frame(PhysAddr frame)
    {
        if (frame_count_ == kMaximumFrames) commit();
        gone_[frame_count_++] = frame;
    }
    // The same for a table whose entries have all been emptied.
    void add_clean_frame(PhysAddr frame) { add_frame({frame.value | kClean}); }
    void flush_everything() { page_count_ = kMaximumPages + 1; }
    // As many pages as this take one round.
    static constexpr usize kMaximumPages = 32;
    // First the flush, then the frames.
    void commit();

private:
    static constexpr usize kMaximumFrames = 40;
    // In the address of a frame that is all zeros.
    static constexpr u64 kClean = 1;

    FrameAllocator& frames_;
    Platform& platform_;
    u64 const cpu_mask_;
    usize page_count_ = 0;
    usize frame_count_ = 0;
    UserAddr pages_[kMaximumPages];
    PhysAddr gone_[kMaximumFrames];
};

class PageTable {
public:
    PageTable(FrameAllocator& frames, PhysAddr root) : frames_(frames), root_(root) {}

    PhysAddr root() const { return root_; }

    // The leaf entry of a page; null where there is no leaf table.
    u64* find_entry(UserAddr page) const
    {
        u64* const table = find_table(page);
        return table == nullptr ? nullptr : table + index_in(page, 1);
    }
    // The same, with the tables made that are missing. Errno::NoMem.
    Result<u64*> make_entry(UserAddr page) { return make_entries(page, 1); }
    // For `count` pages of one leaf table from `page` on, whose entries may be written now.
    Result<u64*> make_entries(UserAddr page, usize count)
    {
        ASSERT(page.value < kUserEnd);
        Remembered& place = remembered_[page.value / kLeafSpan % kRemembered];
        if (place.span != page.value / kLeafSpan) TRY(make_table(page, place));
        usize const index = index_in(page, 1);
        mark_used(place.parent, index, count);
        return place.table + index;
    }

    // Calls visit(first entry, count, address of the first) for each run of entries of one leaf
    // table in [start, end); spans without a table are skipped.
    template <typename Visit>
    void for_each_run(UserAddr start, UserAddr end, Visit visit) const
    {
        UserAddr at = start;
        while (at < end) {
            unsigned missing = 0;
            u64* const table = find_table(at, missing).table;
            u64 const span = u64{1} << (kPageShift + kLevelBits * (missing > 0 ? missing - 1 : 1));
            u64 const next = (at.value & ~(span - 1)) + span;
            UserAddr const stop = next < end.value ? UserAddr{next} : end;
            if (table != nullptr) {
                visit(table + index_in(at, 1), (stop.value - at.value) >> kPageShift, at);
            }
            at = stop;
        }
    }

    // Empties the entries of [start, end); their frames go once no translation is left. The number
    // of entries that held a frame.
    u64 clear(UserAddr start, UserAddr end, FlushBatch& batch);
    // Frees the tables that lie wholly in [floor, ceiling) and overlap [start, end): empty by the
    // caller's word. At most a few per level are looked at beyond those that exist.
    void free_tables(
        UserAddr start, UserAddr end, UserAddr floor, UserAddr ceiling, FlushBatch& batch);
    // Everything in the user half: entries give up their frames, then the tables go, then the root.
    // The number of entries that held a frame.
    u64 destroy(FlushBatch& batch);
    // Calls visit(frame of a table) for the root and each table below it.
    template <typename Visit>
    void for_each_table(Visit visit) const
    {
        visit(root_);
        u64 const* const top = entries(root_);
        for (usize a = 0; a < kUserRootEntries; ++a) {
            if (top[a] == 0) continue;
            visit(pte::frame_of(top[a]));
            u64 const* const upper = entries(pte::frame_of(top[a]));
            for (usize b = 0; b < kTableEntries; ++b) {
                if (upper[b] == 0) continue;
                visit(pte::frame_of(upper[b]));
                u64 const* const lower = entries(pte::frame_of(upper[b]));
                for (usize c = 0; c < kTableEntries; ++c) {
                    if (lower[c] != 0) visit(pte::frame_of(lower[c]));
                }
            }
        }
    }

    // For audits: what is remembered is what a walk finds.
    bool remembers_right() const
    {
        for (Remembered const& place : remembered_) {
            if (place.table == nullptr) continue;
            unsigned missing = 0;
            Remembered const found = find_table({place.span * kLeafSpan}, missing);
            if (found.table != place.table || found.parent != place.parent) return false;
        }
        return true;
    }
    // For audits: no entry is in use in a group that is not marked.
    bool is_marked_right() const;

private:
    // The upper half of the root belongs to the platform.
    static constexpr usize kUserRootEntries = 256;
    static constexpr unsigned kLevels = 4;

    static constexpr usize index_in(UserAddr page, unsigned level)
    {
        return (page.value >> (kPageShift + kLevelBits * (level - 1))) & (kTableEntries - 1);
    }
    u64* entries(PhysAddr table) const { return reinterpret_cast<u64*>(frames_.data(table)); }
    // Leaf tables that were found last, each in the place of its span, with the entries that lead
    // to them. A leaf table stays where it is until free_level() or destroy() takes it; both forget
    // everything.
    struct Remembered {
        u64 span = ~u64{0};
        u64* table = nullptr;
        u64* parent = nullptr;
    };
    static constexpr usize kRemembered = 4;

    u64* find_table(UserAddr page) const
    {
        Remembered& place = remembered_[page.value / kLeafSpan % kRemembered];
        if (place.span == page.value / kLeafSpan) return place.table;
        unsigned missing = 0;
        Remembered const found = find_table(page, missing);
        if (found.table != nullptr) place = found;
        return found.table;
    }
    // Entries of the table that `parent` leads to (null: of the root) are going to be used.
    void mark_used(u64* parent, usize index, usize count)
    {
        unsigned const first = static_cast<unsigned>(index / kGroupEntries);
        unsigned const last = static_cast<unsigned>((index + count - 1) / kGroupEntries);
        ASSERT(last < kTableEntries / kGroupEntries);
        unsigned const groups = (2u << last) - (1u << first);
        if (parent == nullptr) {
            root_groups_ |= groups;
        } else {
            *parent |= u64{groups} << pte::kGroupShift;
        }
    }
    // Calls visit(entry) for each entry in use of the table's marked groups.
    template <typename Visit>
    static void for_each_used(u64* table, unsigned groups, Visit visit)
    {
        constexpr usize kAtOnce = 8;
        for (; groups != 0; groups &= groups - 1) {
            u64* const first = table + static_cast<usize>(__builtin_ctz(groups)) * kGroupEntries;
            for (u64* e = first; e < first + kGroupEntries; e += kAtOnce) {
                if ((e[0] | e[1] | e[2] | e[3] | e[4] | e[5] | e[6] | e[7]) == 0) continue;
                for (usize i = 0; i < kAtOnce; ++i) {
                    if (e[i] != 0) visit(e[i]);
                }
            }
        }
    }
    void forget_tables()
    {
        for (Remembered& place : remembered_) place = {};
    }
    // Its table is null with `missing` as the level (4 to 2) whose entry is empty.
    Remembered find_table(UserAddr page, unsigned& missing) const
    {
        ASSERT(page.value < kUserEnd);
        u64* table = entries(root_);
        u64* parent = nullptr;
        for (unsigned level = kLevels; level > 1; --level) {
            parent = table + index_in(page, level);
            if (*parent == 0) {
                missing = level;
                return {};
            }
            table = entries(pte::frame_of(*parent));
        }
        return {page.value / kLeafSpan, table, parent};
    }
    Result<void> make_table(UserAddr page, Remembered& place);
    void free_level(unsigned level,
                    UserAddr start,
                    UserAddr end,
                    UserAddr floor,
                    UserAddr ceiling,
                    FlushBatch& batch);

    FrameAllocator& frames_;
    PhysAddr root_{};
    unsigned root_groups_ = 0;
    mutable Remembered remembered_[kRemembered]{};
};

}  // namespace drydock
