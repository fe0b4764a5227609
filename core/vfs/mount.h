#pragma once

// A file system at a place in the tree (mount(2)). Every path through a mount holds it, so that it
// goes when nobody is inside any more; the file system goes with its last mount, if the kernel made
// it for mounting. Several mounts may show one file system, whole or from a folder on
// (mount_namespaces(7)).

#include "core/vfs/dentry.h"
#include "core/vfs/path.h"

namespace drydock {

class Mount;
class MountNamespace;
class MountTable;

// A kind of file system that mount(2) knows by name.
struct FileSystemType {
    StringView name{};
    // A file system to mount: a new one, or one that is mounted already. Errors as mount(2).
    Result<FileSystem*> (*make)(void* argument, StringView source, StringView options) = nullptr;
    // Its last mount has gone. Inodes may still be in use by open files, the file system then goes
    // with the last.
    void (*release)(void* argument, FileSystem& file_system) = nullptr;
    void* argument = nullptr;
    // What of it is mounted, from its root; null: all.
    Result<Ref<Dentry>> (*find_root)(void* argument, Ref<Dentry> const& top) = nullptr;
};

// mount(2), the bits of its flags.
namespace mount_flags {
inline constexpr u32 kReadOnly = 1, kNoSuid = 2, kNoDev = 4, kNoExec = 8, kSynchronous = 16;
inline constexpr u32 kRemount = 32, kDirectorySync = 128, kNoSymbolicLinks = 256, kNoAtime = 1024;
inline constexpr u32 kNoDirectoryAtime = 2048, kBind = 4096, kMove = 8192, kRecursive = 16384;
inline constexpr u32 kSilent = 32768, kUnbindable = 1u << 17, kPrivate = 1u << 18;
inline constexpr u32 kSlave = 1u << 19, kShared = 1u << 20, kRelatime = 1u << 21;
inline constexpr u32 kStrictAtime = 1u << 24, kLazyTime = 1u << 25;
inline constexpr u32 kAtimeMask = kNoAtime | kNoDirectoryAtime | kRelatime;
inline constexpr u32 kPropagation = kUnbindable | kPrivate | kSlave | kShared;
// What is kept for each mount, and for the file system.
inline constexpr u32 kOfMount =
    kReadOnly | kNoSuid | kNoDev | kNoExec | kNoSymbolicLinks | kAtimeMask;
inline constexpr u32 kOfFileSystem = kReadOnly | kSynchronous | kDirectorySync | kLazyTime;
}  // namespace mount_flags

// A file system that is mounted, at any number of places.
class MountedFileSystem final : public RefCounted {
public:
    MountedFileSystem(MountTable& table,
                      FileSystem& file_system,
                      Ref<Dentry> root,
                      FileSystemType const* type);
    ~MountedFileSystem() override;

    FileSystem& file_system() const { return file_system_; }
    Ref<Dentry> const& root() const { return root_; }
    u32 flags() const { return flags_; }

private:
    friend class Mount;
    friend class MountTable;

    MountTable& table_;
    FileSystem& file_system_;
    Ref<Dentry> root_;
    FileSystemType const* const type_;  // Null: the kernel owns the file system.
    u32 flags_ = 0;                     // Of kOfFileSystem.
    u64 writers_ = 0;                   // Through all its mounts.
    ListHook hook_{};
};

class PeerGroup;

class Mount final : public RefCounted {
public:
    Mount(u64 id, Ref<MountedFileSystem> mounted, Ref<Dentry> root, u32 flags, Buffer source);
    ~Mount() override;

    u64 id() const { return id_; }
    FileSystem& file_system() const { return mounted_->file_system(); }
    MountedFileSystem& mounted() const { return *mounted_; }
    // What stands at its place: the file system's root, or a file or folder of it (a bind mount).
    Ref<Dentry> const& root() const { return root_; }
    StringView source() const { return source_.text(); }
    u32 flags() const { return flags_; }
    bool is_read_only() const
    {
        return ((flags_ | mounted_->flags()) & mount_flags::kReadOnly) != 0;
    }
    // Where it is mounted; null for the root of a tree, for what was detached, and for nameless
    // files.
    Ref<Mount> const& parent() const { return parent_; }
    Ref<Dentry> const& point() const { return point_; }
    // The tree that it belongs to, or null.
    MountNamespace* name_space() const { return name_space_; }
    // What is mounted at a place in it, or null.
    Mount* child_at(Dentry const& point);
    bool has_children() { return !children_.is_empty(); }

    bool is_unbindable() const { return is_unbindable_; }
    // Null where it is private, or no slave.
    PeerGroup* peers() const { return peers_.get(); }
    PeerGroup* master() const { return master_.get(); }

    // Files that are open for writing through this mount: it cannot become read-only.
    void add_writer();
    void remove_writer();
    // Somebody's path leads here: it does not expire (umount(2), MNT_EXPIRE).
    void note_use() { ++uses_; }

private:
    friend class MountTable;
    friend class MountNamespace;
    friend class PeerGroup;  // Its lists know the hooks.

    // --- fixed at creation
    u64 const id_;
    Ref<MountedFileSystem> const mounted_;
    Ref<Dentry> const root_;
    Buffer const source_;
    // --- changed by the table of mounts only
    u32 flags_;
    bool is_unbindable_ = false;
    bool is_leaving_ = false;  // While what is unmounted is being collected.
    u64 uses_ = 0;
    u64 expires_at_use_ = 0;  // Unmounted by MNT_EXPIRE if its look-up is this use; 0: not yet.
    u64 writers_ = 0;
    MountNamespace* name_space_ = nullptr;
    Ref<Mount> parent_{};
    Ref<Dentry> point_{};
    Ref<PeerGroup> peers_{};
    Ref<PeerGroup> master_{};
    Ref<Mount> self_{};      // While it is in a tree.
    Mount* copy_ = nullptr;  // While its tree is being copied.
    bool has_new_group_ = false;
    ListHook child_hook_{};
    ListHook tree_hook_{};
    ListHook peer_hook_{};
    ListHook slave_hook_{};
    List<Mount, &Mount::child_hook_> children_{};
};

// Mounts that tell each other of what is mounted below them, and mounts that only listen
// (mount_namespaces(7), SHARED SUBTREES).
class PeerGroup final : public RefCounted {
public:
    explicit PeerGroup(u64 id) : id_(id) {}
    u64 id() const { return id_; }

private:
    friend class MountTable;

    u64 const id_;
    List<Mount, &Mount::peer_hook_> members_{};
    List<Mount, &Mount::slave_hook_> slaves_{};
    // While a change is passed on: its place among the groups that are reached, who passed it on,
    // and what the first member has got.
    ListHook work_hook_{};
    PeerGroup* told_by_ = nullptr;
    Mount* copy_ = nullptr;
};

// A tree of mounts, seen by the processes that share it (mount_namespaces(7)).
class MountNamespace final : public RefCounted {
public:
    MountNamespace(MountTable& table, u64 number);
    ~MountNamespace() override;

    using MountList = List<Mount, &Mount::tree_hook_>;
    // As they were mounted. The first is the root.
    MountList& mounts() { return mounts_; }
    // The root of what is mounted on the root.
    Path root();
    // The inode number of its file in /proc/PID/ns.
    u64 number() const { return number_; }

private:
    friend class MountTable;

    MountTable& table_;
    u64 const number_;
    MountList mounts_{};
    ListHook hook_{};
};

}  // namespace drydock
