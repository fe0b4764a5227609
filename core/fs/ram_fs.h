#pragma once

// The file system in memory: tmpfs, and the root that the initramfs unpacks into. A regular file's bytes
// are its page cache; what the initramfs holds of a file is copied in on first use.

#include "core/vfs/vfs.h"

namespace drydock {

class RamFs final : public FileSystem {
public:
    // `type_name` as in /proc/mounts: "rootfs" or "tmpfs"; `size_limit` in bytes, 0: half of memory.
    static Result<Own<RamFs>> create(Vfs& vfs, StringView type_name, u64 size_limit);
    RamFs(Vfs& vfs, StringView type_name, u64 size_limit);
    ~RamFs();

    StringView type_name() override;
    u64 device_number() override;
    u64 magic() override { return 0x01021994; }  // TMPFS_MAGIC, statfs(2)
    Statistics statistics() override;
    Ref<Inode> root() override;
    // Frees everything; no inode may be in use.
    void destroy();

private:
    Vfs& vfs_;
    // The owner of this file adds the rest.
};

// Unpacks an archive in cpio's "newc" format (cpio(5)) into the root of `file_system`. File contents
// stay in the archive until they are used, so it must outlive the file system. Errno::Inval if it is
// malformed: `reason` then says why and at which byte.
Result<void> unpack_initramfs(RamFs& file_system, ConstBytes archive, StringView& reason);

}  // namespace drydock
