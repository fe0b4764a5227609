#pragma once

// A file system at a place in the tree. Every path through it holds it, so that it goes (and with
// it, if the kernel made it for this mount, the file system) when nobody is inside any more.

#include "core/vfs/dentry.h"
#include "core/vfs/path.h"

namespace drydock {

class Vfs;

// A kind of file system that mount(2) knows by name.
struct FileSystemType {
    StringView name{};
    // A file system for one mount. Errors as mount(2).
    Result<FileSystem*> (*make)(void* argument, StringView source, StringView options) = nullptr;
    // Gives it back; inodes may still be in use by open files, the file system then goes with the
    // last.
    void (*release)(void* argument, FileSystem& file_system) = nullptr;
    void* argument = nullptr;
};

// mount(2), the bits that are kept.
namespace mount_flags {
inline constexpr u32 kReadOnly = 1, kNoSuid = 2, kNoDev = 4, kNoExec = 8, kRemount = 32;
inline constexpr u32 kNoAtime = 1024, kRelatime = 1u << 21;
inline constexpr u32 kKept = kReadOnly | kNoSuid | kNoDev | kNoExec | kNoAtime | kRelatime;
}  // namespace mount_flags

class Mount final : public RefCounted {
public:
    Mount(Vfs& vfs, FileSystem& file_system, Ref<Dentry> root, u32 flags)
        : vfs_(vfs), file_system_(file_system), root_(std::move(root)), flags_(flags)
    {}
    ~Mount() override;

    FileSystem& file_system() const { return file_system_; }
    Ref<Dentry> const& root() const { return root_; }
    // Null for the first mount and for nameless files.
    Ref<Mount> const& parent() const { return parent_; }
    Ref<Dentry> const& point() const { return point_; }
    u32 flags() const { return flags_; }
    bool is_read_only() const { return (flags_ & mount_flags::kReadOnly) != 0; }
    u64 id() const { return id_; }

private:
    friend class Vfs;

    Vfs& vfs_;
    FileSystem& file_system_;
    Ref<Dentry> root_;
    u32 flags_;
    u64 id_ = 0;
    Ref<Mount> parent_{};
    Ref<Dentry> point_{};
    Buffer source_{};
    FileSystemType const* type_ = nullptr;  // Gives the file system back; null: the kernel owns it.
    Ref<Mount> self_{};                     // While it is in the tree.
    ListHook hook_{};
};

}  // namespace drydock
