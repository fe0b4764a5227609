#pragma once

// /sys as lscpu, nproc and libc read it (sysfs(5)): the processors, and the folders that Linux has
// whatever the hardware.

#include "core/process/system.h"

namespace drydock {

class SysFs final : public FileSystem {
public:
    static Result<Own<SysFs>> create(System& system);
    explicit SysFs(System& system) : system_(system), device_(system.vfs.next_device_number()) {}

    StringView type_name() override { return "sysfs"; }
    u64 device_number() override { return device_; }
    u64 magic() override { return 0x62656572; }  // SYSFS_MAGIC, statfs(2)
    Statistics statistics() override { return {}; }
    // Null if there is no memory for it.
    Ref<Inode> root() override;

    System& system() { return system_; }

private:
    System& system_;
    u64 const device_;
};

}  // namespace drydock
