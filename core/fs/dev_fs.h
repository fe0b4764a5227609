#pragma once

// Device nodes: null, zero, full, random, urandom, tty, console. Device numbers are Linux's
// (null(4), random(4), tty(4)); a node on any file system opens the same device.

#include "core/fs/pts_fs.h"
#include "core/tty/console_tty.h"
#include "core/vfs/vfs.h"

namespace drydock {

class DeviceTable {
public:
    DeviceTable(Vfs& vfs, Platform& platform, ConsoleTty& console, TtyClient& client);
    // Errno::Nxio for a number that nothing is behind.
    Result<Ref<File>> open(u64 device, OpenRequest const& request);
    // What is to be mounted at /dev/pts.
    PtsFs& pseudo_terminals() { return pseudo_terminals_; }

private:
    Result<Ref<File>> open_controlling(OpenRequest const& request);

    Vfs& vfs_;
    Platform& platform_;
    ConsoleTty& console_;
    TtyClient& client_;
    PtsFs pseudo_terminals_;
};

}  // namespace drydock
