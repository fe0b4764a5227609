#pragma once

// The sizes that bound an address space, as on Linux.

#include "core/base/integers.h"

namespace drydock {

// vm.max_map_count (Documentation/admin-guide/sysctl/vm.rst).
inline constexpr u32 kMaximumRegions = 65530;
// vm.mmap_min_addr: the kernel places nothing below.
inline constexpr u64 kLowestPlace = 65536;
// stack_guard_gap: what stays free below a region that grows down.
inline constexpr u64 kStackGap = 256 * kPageSize;

}  // namespace drydock
