#pragma once

// All of physical memory, in frames of 4 KiB: a buddy allocator with a reference count and an owner
// per frame. Frames are handed out in an order that depends on nothing but the calls made: single
// ones that were freed a short time ago first, the last of them before the others, then the lowest
// address. So neighbours in memory are the same in every run and on every machine.
//
// Single frames that are freed go to one of two small stacks, which saves what the buddies cost:
// one for those that are all zeros, as what is left of a page table, and one for the others. They
// count as free, and go back to the buddies where no block is large enough.

#include "core/base/frame_source.h"
#include "core/base/list.h"
#include "core/mm/frame_bitmap.h"
#include "core/mm/frame_holder.h"
#include "core/platform/platform.h"

namespace drydock {

// Every frame is in exactly one of these; the sum is `total`.
struct FrameCounts {
    u64 total = 0;
    u64 free = 0;
    u64 reserved = 0;
    u64 heap = 0;
    u64 stack = 0;
    u64 page_table = 0;
    u64 anonymous = 0;
    u64 file_cache = 0;
    u64 pipe = 0;
};

class FrameAllocator final : public FrameSource {
public:
    // Takes over the memory from layout.first_free to layout.end but for its holes, whose frames
    // are reserved and not counted; keeps its frame table at the start of the lowest range that has
    // room for it. ASSERTs that the layout is sane.
    FrameAllocator(Platform& platform, MemoryLayout const& layout);

    Result<PhysAddr> allocate(FrameUse use, unsigned order, bool zeroed) override;
    void free(PhysAddr first, unsigned order) override;
    // A single frame of one reference that its owner leaves all zeros.
    void free_clean(PhysAddr frame);
    std::byte* data(PhysAddr address) override { return platform_.data(address); }
    PhysAddr address_of(void const* pointer) override { return platform_.address_of(pointer); }

    // One more (one fewer) reference to a single frame; the last one frees it.
    void share(PhysAddr frame)
    {
        FrameInfo& info = frames_[index_of(frame)];
        ASSERT(info.use > static_cast<u8>(FrameUse::Reserved));
        ASSERT(info.order == 0 && info.references > 0 && info.references < ~u32{0});
        ++info.references;
    }
    void release(PhysAddr frame)
    {
        FrameInfo& info = frames_[index_of(frame)];
        ASSERT(info.use > static_cast<u8>(FrameUse::Reserved));
        ASSERT(info.order == 0 && info.references > 0);
        if (info.references == 1) {
            free(frame, 0);
        } else {
            --info.references;
        }
    }
    u32 references(PhysAddr frame) const { return frames_[index_of(frame)].references; }
    FrameUse use(PhysAddr frame) const
    {
        return static_cast<FrameUse>(frames_[index_of(frame)].use);
    }
    // False for addresses outside the allocator's range (device memory, the initramfs).
    bool owns(PhysAddr address) const
    {
        return address.value >= first_owned_.value && address.value < end_.value;
    }

    FrameCounts counts() const;
    u64 free_frames() const { return counts_[static_cast<usize>(FrameUse::Free)]; }
    // For audits: whether the frames that are said to be all zeros are.
    bool clean_frames_are_zero();
    // All who have frames of FrameUse::Pipe for longer than a call.
    FrameHolders& holders() { return holders_; }

    // Names for memory objects without a file, unique for the life of the kernel and never those of
    // a file: bit 63 is set.
    u64 next_object_id() { return (u64{1} << 63) | next_object_id_++; }

private:
    static constexpr unsigned kOrders = 11;
    // The order of a frame that is not the first of its block.
    static constexpr u8 kInside = 0xff;
    struct FrameInfo {
        u32 references = 0;
        u8 use = 0;
        u8 order = 0;
        // Of a free frame that has been in use: what its first bytes are.
        static constexpr u8 kPoisoned = 1, kClean = 2;
        u8 state = 0;
        u8 unused = 0;
    };
    static_assert(sizeof(FrameInfo) == 8);

    // Free single frames, the last one that came on top.
    struct Stack {
        static constexpr u32 kMaximum = 64;
        u32 count = 0;
        u32 frames[kMaximum];
        bool is_full() const { return count == kMaximum; }
        void push(u32 index) { frames[count++] = index; }
        u32 pop() { return frames[--count]; }
    };

    PhysAddr place_table(MemoryLayout const& layout, usize bytes);
    void add_range(MemoryRange range);
    void reserve(u32 first, u32 end);
    void insert_free(u32 index, unsigned order);
    void remove_free(u32 index, unsigned order);
    u32 take_block(unsigned order);
    u32 take_frame(bool zeroed, bool& is_zero);
    void empty_stacks();
    void merge(u32 index, unsigned order);
    void claim(u32 first, unsigned order, FrameUse use);
    u64* words_of(u32 index)
    {
        return reinterpret_cast<u64*>(platform_.data(address_of_index(index)));
    }
    void poison(u32 index);
    void check_poison(u32 index);
    usize bitmap_words() const;
    u32 index_of(PhysAddr address) const
    {
        ASSERT(owns(address));
        return static_cast<u32>((address.value >> kPageShift) - first_index_);
    }
    PhysAddr address_of_index(u32 index) const { return {(first_index_ + index) << kPageShift}; }

    Platform& platform_;
    FrameInfo* frames_ = nullptr;
    // Frame number of frames_[0]: aligned to the largest block, so not above first_owned_.
    u64 first_index_ = 0;
    u32 frame_count_ = 0;
    PhysAddr first_owned_{};
    PhysAddr end_{};
    // The first frames of free blocks, shifted right by the order; one set for each order.
    FrameBitmap free_blocks_[kOrders] = {};
    // Bit n: there is a free block of order n.
    u32 free_orders_ = 0;
    Stack recent_{};
    Stack clean_{};
    u64 total_ = 0;
    u64 counts_[kFrameUses] = {};
    FrameHolders holders_{};
    u64 next_object_id_ = 1;
};

}  // namespace drydock
