#pragma once

// What the heap needs of the frame allocator, which lives above it.

#include "core/base/address.h"
#include "core/base/result.h"

namespace drydock {

// What a frame is used for: recorded for each, so that a leak or a mix-up names its owner.
enum class FrameUse : u8 {
    Free = 0,
    Reserved,  // Firmware, the kernel image, the frame table itself.
    Heap,      // Kernel objects.
    Stack,     // Kernel stacks.
    PageTable,
    Anonymous,  // Private user memory.
    FileCache,  // Pages of files.
    Pipe,       // Rings of pipes and other kernel buffers.
};
inline constexpr usize kFrameUses = 8;

class FrameSource {
public:
    // 2^order adjacent frames, aligned to their size, each with a reference count of 1. The
    // contents are undefined unless `zeroed`. Errno::NoMem if there is no such run.
    virtual Result<PhysAddr> allocate(FrameUse use, unsigned order, bool zeroed) = 0;
    // Gives back what allocate() returned with the same order; every reference count is 1.
    virtual void free(PhysAddr first, unsigned order) = 0;
    // The frame's bytes through the direct map.
    virtual std::byte* data(PhysAddr address) = 0;
    virtual PhysAddr address_of(void const* direct_map_pointer) = 0;

protected:
    ~FrameSource() = default;
};

}  // namespace drydock
