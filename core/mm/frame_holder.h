#pragma once

// Who holds frames that no page table and no page cache refers to says how many: the audit of a
// stopped kernel then tells those that are in use from those that were lost.

#include "core/base/list.h"

namespace drydock {

class FrameHolder {
public:
    FrameHolder() = default;
    FrameHolder(FrameHolder const&) = delete;
    FrameHolder& operator=(FrameHolder const&) = delete;
    // Frames of FrameUse::Pipe that it would free if it went now.
    virtual u64 held_frames() const = 0;

    ListHook hook{};

protected:
    // Out of its list by then.
    ~FrameHolder() = default;
};

using FrameHolders = List<FrameHolder, &FrameHolder::hook>;

}  // namespace drydock
