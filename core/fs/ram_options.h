#pragma once

// Mount options of tmpfs (tmpfs(5)).

#include "core/base/result.h"
#include "core/base/span.h"

namespace drydock {

struct RamOptions {
    u64 size_bytes = 0;  // 0: the default.
    u32 permissions = 01777;
    u32 uid = 0;
    u32 gid = 0;
};

// Comma-separated; unknown ones are Errno::Inval.
Result<RamOptions> parse_ram_options(StringView text, u64 memory_bytes);

}  // namespace drydock
