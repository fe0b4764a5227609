#pragma once

// The device nodes that every /dev has.

#include "core/vfs/inode.h"

namespace drydock {

struct DeviceNode {
    StringView name{};
    u32 permissions = 0;
    u64 device = 0;
};

// All are character devices.
Span<DeviceNode const> device_nodes();
// Makes them in a directory that has none of them. Errors of Inode::create().
Result<void> create_device_nodes(Inode& directory);

}  // namespace drydock
