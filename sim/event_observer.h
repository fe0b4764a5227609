#pragma once

// Somebody who watches a run from the host's side while it happens, and changes nothing in it.

#include "sim/trace_format.h"

namespace drydock::sim {

class EventObserver {
public:
    virtual ~EventObserver() = default;

    // Each event of the kernel, as it goes into the trace.
    virtual void saw(TraceRecord const& record) = 0;
    // How deep a kernel stack was used, in bytes, while it did `what` (a system call's number or
    // kDoing...). Not part of the trace.
    virtual void saw_depth(u32 what, u64 bytes) = 0;
    // User code goes on with other page tables than before. Not part of the trace.
    virtual void saw_root_load() {}
};

}  // namespace drydock::sim
