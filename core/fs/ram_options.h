#pragma once

// Mount options of tmpfs (tmpfs(5)).

#include "core/base/result.h"
#include "core/base/span.h"

namespace drydock {

struct RamOptions {
    bool has_pages = false;   // size=, nr_blocks=
    bool has_inodes = false;  // nr_inodes=
    u64 pages = 0;            // 0: as many as there are.
    u64 inodes = 0;           // 0 likewise.
    u32 permissions = 01777;
    u32 uid = 0;
    u32 gid = 0;
};

// Comma-separated; unknown ones are Errno::Inval.
Result<RamOptions> parse_ram_options(StringView text, u64 memory_bytes);

}  // namespace drydock
