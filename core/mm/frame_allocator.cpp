#include "core/mm/frame_allocator.h"

namespace drydock {

namespace {

// In the first bytes of every frame that was freed: no address, no size, no character.
constexpr u64 kPoison = 0xdead'f4a3'dead'f4a3;
constexpr usize kPoisonWords = 8;

}  // namespace

FrameAllocator::FrameAllocator(Platform& platform, MemoryLayout const& layout) : platform_(platform)
{
    first_owned_ = layout.first_free;
    end_ = layout.end;
    u64 const block_frames = u64{1} << (kOrders - 1);
    first_index_ = (first_owned_.value >> kPageShift) & ~(block_frames - 1);
    u64 const count = (end_.value >> kPageShift) - first_index_;
    ASSERT(count < (u64{1} << 24));
    frame_count_ = static_cast<u32>(count);

    // The frame table, then the sets of free blocks.
    usize const table_bytes = count * sizeof(FrameInfo);
    usize const bytes = page_ceil(table_bytes + bitmap_words() * sizeof(u64));
    PhysAddr const table = place_table(layout, bytes);
    std::byte* const base = platform_.data(table);
    memset(base, 0, bytes);
    frames_ = reinterpret_cast<FrameInfo*>(base);
    u64* words = reinterpret_cast<u64*>(base + table_bytes);
    for (unsigned order = 0; order < kOrders; ++order) {
        u32 const blocks = (frame_count_ >> order) + 1;
        free_blocks_[order].attach(words, blocks);
        words += FrameBitmap::words_for(blocks);
    }

    u32 known = 0;
    for (usize i = 0; i < layout.range_count(); ++i) {
        MemoryRange range = layout.range(i);
        total_ += (range.end.value - range.first.value) >> kPageShift;
        if (range.first == table) range.first = table + bytes;
        u32 const first = static_cast<u32>((range.first.value >> kPageShift) - first_index_);
        reserve(known, first);
        add_range(range);
        known = first + static_cast<u32>((range.end.value - range.first.value) >> kPageShift);
    }
    ASSERT(known == frame_count_);
    u64 const reserved = bytes >> kPageShift;
    counts_[static_cast<usize>(FrameUse::Reserved)] = reserved;
    counts_[static_cast<usize>(FrameUse::Free)] = total_ - reserved;
}

// Also looks at every range once.
PhysAddr FrameAllocator::place_table(MemoryLayout const& layout, usize bytes)
{
    ASSERT(layout.hole_count <= MemoryLayout::kMaximumHoles);
    PhysAddr table{};
    for (usize i = layout.range_count(); i > 0; --i) {
        MemoryRange const range = layout.range(i - 1);
        ASSERT(range.first < range.end);
        ASSERT(((range.first.value | range.end.value) & (kPageSize - 1)) == 0);
        ASSERT(i == 1 || layout.range(i - 2).end < range.first);
        if (range.end.value - range.first.value > bytes) table = range.first;
    }
    ASSERT(table.value != 0);
    return table;
}

// Memory that is free, in blocks as large as their places allow.
void FrameAllocator::add_range(MemoryRange range)
{
    u32 index = static_cast<u32>((range.first.value >> kPageShift) - first_index_);
    u32 const end = static_cast<u32>((range.end.value >> kPageShift) - first_index_);
    while (index < end) {
        unsigned order = 0;
        while (order + 1 < kOrders && (index & ((2u << order) - 1)) == 0 &&
               index + (2u << order) <= end) {
            ++order;
        }
        insert_free(index, order);
        index += 1u << order;
    }
}

void FrameAllocator::reserve(u32 first, u32 end)
{
    ASSERT(first <= end);
    ASSERT(end <= frame_count_);
    for (u32 i = first; i < end; ++i) {
        frames_[i].use = static_cast<u8>(FrameUse::Reserved);
        frames_[i].references = 1;
    }
}

usize FrameAllocator::bitmap_words() const
{
    usize total = 0;
    for (unsigned order = 0; order < kOrders; ++order) {
        total += FrameBitmap::words_for((frame_count_ >> order) + 1);
    }
    return total;
}

FrameCounts FrameAllocator::counts() const
{
    auto const of = [this](FrameUse use) { return counts_[static_cast<usize>(use)]; };
    return {.total = total_,
            .free = of(FrameUse::Free),
            .reserved = of(FrameUse::Reserved),
            .heap = of(FrameUse::Heap),
            .stack = of(FrameUse::Stack),
            .page_table = of(FrameUse::PageTable),
            .anonymous = of(FrameUse::Anonymous),
            .file_cache = of(FrameUse::FileCache),
            .pipe = of(FrameUse::Pipe)};
}

void FrameAllocator::insert_free(u32 index, unsigned order)
{
    free_blocks_[order].add(index >> order);
    free_orders_ |= 1u << order;
}

void FrameAllocator::remove_free(u32 index, unsigned order)
{
    free_blocks_[order].remove(index >> order);
    if (free_blocks_[order].lowest() == FrameBitmap::kNone) free_orders_ &= ~(1u << order);
}

// The lowest block of the smallest order that is large enough; what is left over stays free.
u32 FrameAllocator::take_block(unsigned order)
{
    u32 const orders = free_orders_ & ~((1u << order) - 1);
    if (orders == 0) return FrameBitmap::kNone;
    auto found = static_cast<unsigned>(__builtin_ctz(orders));
    u32 const index = free_blocks_[found].lowest() << found;
    remove_free(index, found);
    while (found > order) {
        --found;
        insert_free(index + (1u << found), found);
    }
    return index;
}

// One frame; kNone if there is none. `is_zero` is set if it is one of the clean ones, which go to
// those who want zeros as long as there are others.
u32 FrameAllocator::take_frame(bool zeroed, bool& is_zero)
{
    if (zeroed && clean_.count > 0) {
        is_zero = true;
        return clean_.pop();
    }
    if (recent_.count > 0) return recent_.pop();
    u32 const index = take_block(0);
    if (index != FrameBitmap::kNone || clean_.count == 0) return index;
    return clean_.pop();
}

// Gives the buddies what the stacks keep from them.
void FrameAllocator::empty_stacks()
{
    while (recent_.count > 0) merge(recent_.pop(), 0);
    while (clean_.count > 0) merge(clean_.pop(), 0);
}

Result<PhysAddr> FrameAllocator::allocate(FrameUse use, unsigned order, bool zeroed)
{
    ASSERT(use != FrameUse::Free && use != FrameUse::Reserved);
    ASSERT(order < kOrders);
    bool const fails = platform_.choose(Choice::FailAllocation, 2) == 1;
    bool is_zero = false;
    u32 index = FrameBitmap::kNone;
    if (!fails) {
        index = order == 0 ? take_frame(zeroed, is_zero) : take_block(order);
        if (index == FrameBitmap::kNone && order > 0) {
            empty_stacks();
            index = take_block(order);
        }
    }
    if (index == FrameBitmap::kNone) {
        platform_.record({EventKind::OutOfMemory, 0, 0, order, 0, 0});
        return Errno::NoMem;
    }
    claim(index, order, use);
    PhysAddr const address = address_of_index(index);
    if (zeroed && !is_zero) memset(platform_.data(address), 0, kPageSize << order);
    return address;
}

void FrameAllocator::claim(u32 first, unsigned order, FrameUse use)
{
    u32 const count = 1u << order;
    for (u32 i = first; i < first + count; ++i) {
        FrameInfo& info = frames_[i];
        ASSERT(info.use == static_cast<u8>(FrameUse::Free));
        ASSERT(info.references == 0);
        if (info.state != 0) check_poison(i);
        info.use = static_cast<u8>(use);
        info.references = 1;
        info.order = i == first ? static_cast<u8>(order) : kInside;
    }
    counts_[static_cast<usize>(FrameUse::Free)] -= count;
    counts_[static_cast<usize>(use)] += count;
}

void FrameAllocator::free(PhysAddr first, unsigned order)
{
    ASSERT(order < kOrders);
    ASSERT((first.value & ((kPageSize << order) - 1)) == 0);
    u32 index = index_of(first);
    u32 const count = 1u << order;
    ASSERT(index + count <= frame_count_);
    u8 const use = frames_[index].use;
    // A free frame here is freed twice; a reserved one was never handed out.
    ASSERT(use > static_cast<u8>(FrameUse::Reserved));
    ASSERT(frames_[index].order == order);
    for (u32 i = index; i < index + count; ++i) {
        FrameInfo& info = frames_[i];
        ASSERT(info.use == use && info.references == 1);
        ASSERT(i == index || info.order == kInside);
        info.use = static_cast<u8>(FrameUse::Free);
        info.references = 0;
        info.order = 0;
        poison(i);
    }
    counts_[use] -= count;
    counts_[static_cast<usize>(FrameUse::Free)] += count;
    if (order == 0 && !recent_.is_full()) {
        recent_.push(index);
    } else {
        merge(index, order);
    }
}

void FrameAllocator::free_clean(PhysAddr frame)
{
    if (clean_.is_full()) {
        free(frame, 0);
        return;
    }
    u32 const index = index_of(frame);
    FrameInfo& info = frames_[index];
    ASSERT(info.use > static_cast<u8>(FrameUse::Reserved));
    ASSERT(info.order == 0 && info.references == 1);
    --counts_[info.use];
    ++counts_[static_cast<usize>(FrameUse::Free)];
    info = {.state = FrameInfo::kClean};
    clean_.push(index);
}

bool FrameAllocator::clean_frames_are_zero()
{
    for (u32 i = 0; i < clean_.count; ++i) {
        u64 const* const words = words_of(clean_.frames[i]);
        for (usize word = 0; word < kPageSize / sizeof(u64); ++word) {
            if (words[word] != 0) return false;
        }
    }
    return true;
}

// A free block joins its buddy as often as that is free, too.
void FrameAllocator::merge(u32 index, unsigned order)
{
    while (order + 1 < kOrders) {
        u32 const buddy = index ^ (1u << order);
        if (!free_blocks_[order].has(buddy >> order)) break;
        remove_free(buddy, order);
        index &= ~(1u << order);
        ++order;
    }
    insert_free(index, order);
}

void FrameAllocator::poison(u32 index)
{
    u64* const words = words_of(index);
    for (usize i = 0; i < kPoisonWords; ++i) words[i] = kPoison;
    frames_[index].state = FrameInfo::kPoisoned;
}

// A frame that changed while it was free was written through a stale pointer or translation.
void FrameAllocator::check_poison(u32 index)
{
    u64 const expected = frames_[index].state == FrameInfo::kPoisoned ? kPoison : 0;
    u64 const* const words = words_of(index);
    for (usize i = 0; i < kPoisonWords; ++i) ASSERT(words[i] == expected);
    frames_[index].state = 0;
}

}  // namespace drydock
