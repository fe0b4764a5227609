#pragma once

// Files that QEMU's command line hands to the machine (-fw_cfg name=opt/...,file=...): larger than
// a command line and free of its quoting. Absent elsewhere.

#include "core/base/span.h"

namespace drydock::guest {

class FirmwareFiles {
public:
    // Finds out whether this machine has them.
    void start();

    struct File {
        u16 selector = 0;
        u32 size = 0;
        bool is_there = false;
    };
    File find(StringView name);
    // Starts reading a file; then `read` takes its bytes in order. One file at a time.
    void open(File const& file);
    void read(Bytes target);

private:
    bool is_there_ = false;
};

}  // namespace drydock::guest
