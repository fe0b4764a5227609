#pragma once

// Device nodes: null, zero, full, random, urandom, tty, console. Device numbers are Linux's
// (null(4), random(4), tty(4)); a node on any file system opens the same device.

#include "core/tty/tty.h"
#include "core/vfs/vfs.h"

namespace drydock {

class DeviceTable {
public:
    DeviceTable(Vfs& vfs, Platform& platform, TtyDevice& console);
    // Errno::Nxio for a number that nothing is behind.
    Result<Ref<File>> open(u64 device, OpenRequest const& request);

private:
    Vfs& vfs_;
    Platform& platform_;
    TtyDevice& console_;
};

}  // namespace drydock
