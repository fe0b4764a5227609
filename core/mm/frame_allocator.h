#pragma once

// All of physical memory, in frames of 4 KiB: a buddy allocator with a reference count and an owner
// per frame. Frames are handed out in an order that depends on nothing but the calls made, lowest
// address first, so that neighbours in memory are the same in every run and on every machine.

#include "core/base/frame_source.h"
#include "core/base/list.h"
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
    // Takes over the memory from layout.first_free to layout.end; keeps its frame table at the start of
    // it. ASSERTs that the layout is sane.
    FrameAllocator(Platform& platform, MemoryLayout const& layout);

    Result<PhysAddr> allocate(FrameUse use, unsigned order, bool zeroed) override;
    void free(PhysAddr first, unsigned order) override;
    std::byte* data(PhysAddr address) override { return platform_.data(address); }
    PhysAddr address_of(void const* pointer) override { return platform_.address_of(pointer); }

    // One more (one fewer) reference to a single frame; the last one frees it.
    void share(PhysAddr frame);
    void release(PhysAddr frame);
    u32 references(PhysAddr frame) const;
    FrameUse use(PhysAddr frame) const;
    // False for addresses outside the allocator's range (device memory, the initramfs).
    bool owns(PhysAddr address) const;

    FrameCounts counts() const { return counts_; }
    u64 free_frames() const { return counts_.free; }

private:
    static constexpr unsigned kOrders = 11;
    struct FrameInfo;
    // The owner of this file defines the rest.
    u64& count_of(FrameUse use);
    void insert_free(u64 index, unsigned order);
    void remove_free(u64 index, unsigned order);
    u64 index_of(PhysAddr address) const;

    Platform& platform_;
    FrameInfo* frames_ = nullptr;
    u64 first_index_ = 0;
    u64 frame_count_ = 0;
    u32 free_heads_[kOrders] = {};
    FrameCounts counts_{};
};

}  // namespace drydock
