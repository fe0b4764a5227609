#pragma once

// The file system in memory: tmpfs, and the root that the initramfs unpacks into. A regular file's
// bytes are its page cache; what the initramfs holds of a file is copied in on first use.

#include "core/fs/ram_options.h"
#include "core/vfs/vfs.h"

namespace drydock {

class RamNode;
class RamDirectory;

class RamFs final : public FileSystem {
public:
    // `type_name` as in /proc/mounts: "rootfs" or "tmpfs"; `size_limit` in bytes, 0: half of
    // memory.
    static Result<Own<RamFs>> create(Vfs& vfs, StringView type_name, u64 size_limit);
    RamFs(Vfs& vfs, StringView type_name, u64 size_limit);
    ~RamFs();
    // What mount(2) makes of "tmpfs": options as tmpfs(5).
    static FileSystemType type_for(Vfs& vfs);

    StringView type_name() override { return type_name_; }
    u64 device_number() override { return device_; }
    u64 magic() override { return 0x01021994; }  // TMPFS_MAGIC, statfs(2)
    Statistics statistics() override;
    Ref<Inode> root() override;
    Result<void> reconfigure(StringView options) override;
    void describe_options(Text& text) override;
    // Mode and owner of the root, as mount(2) was asked for them.
    Result<void> set_root(RamOptions const& options);
    // Frees everything; no inode may be in use.
    void destroy();
    // Frees the tree; the object itself goes with the last inode that is still in use.
    static void retire(Own<RamFs> file_system);

    // --- for the inodes ---
    Vfs& vfs() { return vfs_; }
    Ref<RamDirectory> const& root_directory() const { return root_; }
    u64 next_number() { return next_number_++; }
    // Errno::NoSpc if there is no room for so many more pages.
    Result<void> check_room(u64 pages) const;
    // Errno::NoSpc if there may be no more inodes.
    Result<void> check_inodes() const;
    void charge(u64 pages) { used_pages_ += pages; }
    void uncharge(u64 pages)
    {
        ASSERT(pages <= used_pages_);
        used_pages_ -= pages;
    }
    // "<text> (byte <offset>)", kept in the file system.
    StringView explain(StringView text, u64 offset);
    void enter(RamNode& node);
    void leave(RamNode& node);

private:
    u64 default_limit() const;
    // Unlinks every name, directory by directory, without recursion.
    void drop_tree();

    Vfs& vfs_;
    StringView type_name_;
    u64 const device_;
    u64 page_limit_;
    u64 inode_limit_;
    bool is_limited_ = false;  // In inodes; the root that the kernel makes is not.
    u64 used_pages_ = 0;
    u64 inode_count_ = 0;
    u64 next_number_ = 1;
    bool is_retired_ = false;
    RamOptions options_{};  // Of the root.
    char explanation_[96] = {};
    Ref<RamDirectory> root_{};
};

// Unpacks an archive in cpio's "newc" format (cpio(5)) into the root of `file_system`. File
// contents stay in the archive until they are used, so it must outlive the file system.
// Errno::Inval if it is malformed: `reason` then says why and at which byte (valid as long as the
// file system is).
Result<void> unpack_initramfs(RamFs& file_system, ConstBytes archive, StringView& reason);

}  // namespace drydock
