#pragma once

// Kernel stacks in one of two placements:
//   guarded     their frames are mapped a second time, each stack above 1 MiB of nothing
//   unguarded   their frames in the direct map, ordinary neighbours in memory

#include "core/platform/platform.h"
#include "guest/paging.h"

namespace drydock::guest {

enum class StackMode : u8 { Guarded, Unguarded };

class KernelStacks {
public:
    KernelStacks(Paging& paging, StackMode mode) : paging_(paging), mode_(mode) {}
    KernelStacks(KernelStacks const&) = delete;
    KernelStacks& operator=(KernelStacks const&) = delete;

    // As Platform::prepare_stack. False when no guarded place is left.
    bool prepare(KernelStack& stack, PhysAddr frames, void (*entry)(void*), void* argument);
    void release(KernelStack& stack);

    StackMode mode() const { return mode_; }
    // Whether the address lies in the gap below this stack.
    bool is_in_gap(u64 address, u64 base) const
    {
        return mode_ == StackMode::Guarded && address < base && address >= base - kGap;
    }

private:
    static constexpr u64 kGap = kMiB;
    static constexpr u64 kStride = kGap + kKernelStackSize;
    // What two directories of 1 GiB hold; the memory for tables ends before that.
    static constexpr u64 kMaximumStacks = 2 * kGiB / kStride;

    bool place(KernelStack& stack, PhysAddr frames);

    Paging& paging_;
    StackMode const mode_;
    u64 used_places_ = 0;  // Places that were ever used.
    u64 free_count_ = 0;
    u16 free_places_[kMaximumStacks] = {};
};

}  // namespace drydock::guest
