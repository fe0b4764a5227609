#pragma once

// What a region has in memory, as /proc/PID/smaps counts it (proc(5)).

#include "core/base/integers.h"

namespace drydock {

struct MemoryUse {
    u64 resident = 0;  // Pages, like all but the shares.
    u64 shared_clean = 0, shared_dirty = 0;
    u64 private_clean = 0, private_dirty = 0;
    u64 referenced = 0;
    u64 anonymous = 0;
    // Each page divided by how many map it, in 2^-12 bytes.
    u64 share = 0, dirty_share = 0, anonymous_share = 0, memory_file_share = 0;
    u64 locked_share = 0;  // Of locked regions.

    void add(MemoryUse const& other);
};

}  // namespace drydock
