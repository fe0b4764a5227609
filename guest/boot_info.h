#pragma once

// What the boot loader says of the machine, copied out of its memory.

#include "core/base/integers.h"
#include "core/base/span.h"
#include "guest/memory_map.h"

namespace drydock::guest {

struct BootInfo {
    static constexpr usize kMaximumCommandLine = 8192;

    // The image, the loader's files and what is copied from here are in it.
    MemoryMap memory{};
    // Where the loader left it; zero if there is none.
    u64 initramfs = 0;
    u64 initramfs_size = 0;
    char command_line[kMaximumCommandLine] = {};
    usize command_line_size = 0;
};

// Fills `info` from a PVH start info at this physical address. The reason of failure, or an empty
// text. Precondition: the tables of boot.S are active, so memory is seen at its physical addresses.
StringView read_start_info(u64 address, BootInfo& info);

}  // namespace drydock::guest
