#pragma once

// Names: resolution of paths, mounts, and the operations on files that take a path. Permission
// checks are made here. Errors are those of the manual page that each comment names.

#include "core/vfs/dentry.h"
#include "core/vfs/file.h"
#include "core/vfs/mount.h"

namespace drydock {

// What path resolution depends on (path_resolution(7)): a process has one, threads may share it.
class FileSystemContext final : public RefCounted {
public:
    Path root{};
    Path working_directory{};
    u32 umask = 022;
};

// What openat2(2) forbids a lookup (RESOLVE_*).
namespace resolve_limits {
inline constexpr u32 kOneMount = 1, kNoMagicLinks = 2, kNoLinks = 4, kBeneath = 8, kInRoot = 16;
inline constexpr u32 kCached = 32, kAll = 63;
}  // namespace resolve_limits

// Who looks a name up, and from where.
struct Resolver {
    FileSystemContext& context;
    Credentials const& credentials;
    Path base{};     // Start of relative paths; empty: the working directory.
    u32 limits = 0;  // Of resolve_limits.
};

struct LookupOptions {
    bool follow_last = true;  // AT_SYMLINK_NOFOLLOW clears it.
    bool must_be_directory = false;
};

// Errno::NameTooLong at this many bytes, the zero included (limits.h PATH_MAX), and per component.
inline constexpr usize kPathMaximum = 4096;
inline constexpr usize kNameMaximum = 255;
inline constexpr u32 kSymlinkMaximum = 40;

class Vfs {
public:
    Vfs(Heap& heap, FrameAllocator& frames, Scheduler& scheduler, u64 boot_seconds);
    ~Vfs();
    Vfs(Vfs const&) = delete;
    Vfs& operator=(Vfs const&) = delete;

    // The first mount, at "/".
    Result<void> mount_root(FileSystem& file_system);
    Path root_path();
    // Mounts `file_system` over a directory. mount(2): NotDir, Busy.
    Result<void> mount(FileSystem& file_system, Path const& where, StringView source, u32 flags);
    // umount2(2): Inval where no mount has its root, Busy while somebody is inside.
    Result<void> unmount(Path const& where);
    // MNT_DETACH: out of the tree now, gone with its last user.
    Result<void> detach(Path const& where);
    // mount(2) by the name of a type: NoDev if nobody registered it.
    Result<void> mount_type(
        StringView type, Path const& where, StringView source, u32 flags, StringView options);
    // MS_REMOUNT: other flags for the mount whose root `where` is.
    Result<void> remount(Path const& where, u32 flags);
    // Up to 16 types. The name must stay valid.
    void register_file_system(FileSystemType const& type);

    // What opens device nodes, on whatever file system they are.
    using DeviceOpener = Result<Ref<File>> (*)(void* argument,
                                               u64 device,
                                               OpenRequest const& request);
    void set_device_opener(DeviceOpener opener, void* argument);
    Result<Ref<File>> open_device(u64 device, OpenRequest const& request);

    Result<Path> resolve(Resolver const& resolver, StringView path, LookupOptions options);
    // open(2), with O_CREAT and the rest; `permissions` before the umask.
    Result<Ref<File>> open(Resolver const& resolver, StringView path, u32 flags, u32 permissions);
    // An open file for an inode that was resolved already.
    Result<Ref<File>> open_path(Path const& path, u32 flags, Credentials const& credentials);
    Result<void> make_directory(Resolver const& resolver, StringView path, u32 permissions);
    // mknod(2): regular files, FIFOs, devices, sockets.
    Result<void> make_node(
        Resolver const& resolver, StringView path, InodeType type, u32 permissions, u64 device);
    Result<void> make_symlink(Resolver const& resolver, StringView target, StringView path);
    Result<void> make_link(Path const& target, Resolver const& resolver, StringView path);
    Result<void> unlink(Resolver const& resolver, StringView path);
    Result<void> remove_directory(Resolver const& resolver, StringView path);
    struct RenameOptions {
        bool no_replace = false;
        bool exchange = false;
    };
    Result<void> rename(Resolver const& source,
                        StringView source_path,
                        Resolver const& target,
                        StringView target_path,
                        RenameOptions options);
    // chmod, chown, truncate, utimensat with their permission rules.
    Result<void> change_attributes(Path const& path,
                                   AttributeChange const& change,
                                   Credentials const& credentials);
    // What a write or truncation by the unprivileged does to the set-id bits of a regular file.
    Result<void> drop_set_ids(Inode& inode, Credentials const& credentials);
    // access(2) semantics for the given ids; mode is R_OK|W_OK|X_OK.
    Result<void> check_access(Inode& inode, u32 mode, Credentials const& credentials);

    // The absolute name as seen from `root`, into `target`; its part that was used. getcwd(2):
    // NoEnt if it was removed, Range if it does not fit. Unreachable names start with
    // "(unreachable)".
    Result<StringView> name_of(Path const& path, Path const& root, Span<char> target);

    // The place of an open file: its path, or for a nameless file (a pipe) a place outside of the
    // tree, so that /proc/PID/fd/N can lead there.
    Result<Path> path_of(File& file);
    // Such a place, for a file that /proc shows as "/name (deleted)". Errno::NoMem.
    Result<Path> nameless_path(Ref<Inode> inode, StringView name);

    // For /proc/mounts: calls `visit` for each mount in mount order.
    struct MountInfo {
        StringView source{};
        StringView where{};
        StringView type{};
        u32 flags = 0;
    };
    void for_each_mount(void (*visit)(MountInfo const& info, void* argument), void* argument);

    // Wall-clock time, for file times.
    Timestamp current_time();
    void set_wall_clock(Timestamp now);
    // Nanoseconds that wall-clock time is ahead of the time since boot.
    i64 wall_clock_offset() const { return wall_clock_offset_ns_; }
    // A number that no other inode cache of this kernel has (FileCache ids).
    u64 next_file_id();
    // st_dev of a file system without a device; the inode number of a nameless file.
    u64 next_device_number();
    u64 next_nameless_number();
    // Where pipes and other nameless files live.
    FileSystem& nameless_file_system() { return nameless_; }
    // The one inode of all files that are neither in a tree nor pipes or sockets (anon_inodefs).
    // Errno::NoMem.
    Result<Ref<Inode>> anonymous_inode();
    Heap& heap() { return heap_; }
    FrameAllocator& frames() { return frames_; }
    Scheduler& scheduler() { return scheduler_; }
    // What local sockets share (socket/socket_space.h), null until the first; and whether some may
    // have become unreachable.
    Ref<RefCounted> sockets{};
    bool has_lost_sockets = false;
    // Drops every cached name that nothing uses (audits count what is left).
    void drop_cached_names();

private:
    friend class PathWalk;
    friend class Mount;

    // Inodes without names: pipefs.
    class NamelessFileSystem final : public FileSystem {
    public:
        explicit NamelessFileSystem(u64 device) : device_(device) {}
        ~NamelessFileSystem() = default;
        StringView type_name() override { return "pipefs"; }
        u64 device_number() override { return device_; }
        u64 magic() override { return 0x50495045; }  // PIPEFS_MAGIC, statfs(2)
        Statistics statistics() override { return {}; }
        Ref<Inode> root() override { return {}; }

    private:
        u64 const device_;
    };

    // A directory and a name in it, for calls that create, remove or move one.
    struct Place {
        Path directory{};
        Ref<Dentry> entry{};     // Negative if the name is free.
        bool has_slash = false;  // The path ended in a slash.
    };
    enum class Dots : u8 { None, Root, Dot, DotDot };

    Result<Ref<Dentry>> lookup_child(Ref<Dentry> const& directory, StringView name);
    Path cross_mounts(Path path);
    Path step_up(Path const& path, Path const& root);
    Mount* find_mount(Mount& parent, Dentry& point);
    Result<Ref<Mount>> prepare_mount(FileSystem& file_system, StringView source, u32 flags);
    Result<void> attach_mount(Ref<Mount> mount, Path const& where);
    void take_out(Mount& mount);
    Mount* mount_at_root(Path const& where);

    // The place that the path names, its last component not followed. `dots` tells when that is no
    // name.
    Result<Place> find_place(Resolver const& resolver, StringView path, Dots& dots);
    Result<Place> find_free_place(Resolver const& resolver, StringView path, bool is_directory);
    Result<void> create_in(Place const& place, Inode::Creation& creation, Resolver const& resolver);
    static void tell_entry(Place const& place, u32 events);
    static void tell_removed(Place& place, u32 kind);
    void tell_moved(Place const& source, Place const& target, StringView old_name, Inode* replaced);
    Result<void> may_create_in(Path const& directory, Credentials const& credentials);
    Result<void> may_link(Inode& inode, Credentials const& credentials);
    static void inherit(InodeAttributes const& parent,
                        Inode::Creation& creation,
                        Credentials const& credentials);
    Result<void> may_delete(Place const& place, bool as_directory, Credentials const& credentials);
    Result<void> rename_places(Place const& source,
                               Place const& target,
                               RenameOptions options,
                               Credentials const& credentials);
    Result<void> check_rename(Place const& source,
                              Place const& target,
                              RenameOptions options,
                              Credentials const& credentials);
    Result<Path> open_last(
        class PathWalk& walk, Resolver const& resolver, u32 flags, u32 permissions, bool& created);
    Result<Ref<File>> open_temporary(Resolver const& resolver,
                                     StringView path,
                                     u32 flags,
                                     u32 permissions);
    Result<Ref<File>> open_inode(Path const& path,
                                 u32 flags,
                                 Credentials const& credentials,
                                 bool check);
    void record(EventKind kind, u64 a);

    Heap& heap_;
    FrameAllocator& frames_;
    Scheduler& scheduler_;
    i64 wall_clock_offset_ns_ = 0;
    u64 next_file_id_ = 1;
    u32 next_device_ = 1;
    u64 next_nameless_ = 1;
    u32 last_move_ = 0;  // The cookie of the last rename that was told.
    u64 next_mount_id_ = 1;
    NamelessFileSystem nameless_;
    DentryCache names_;
    List<Mount, &Mount::hook_> mounts_;
    u32 mount_count_ = 0;
    static constexpr u32 kMaximumMounts = 256;
    // The mount of nameless files: made when first asked for.
    Ref<Mount> nameless_mount_{};
    // Made when first asked for.
    Ref<Inode> anonymous_inode_{};
    static constexpr usize kMaximumTypes = 16;
    FileSystemType types_[kMaximumTypes]{};
    usize type_count_ = 0;
    DeviceOpener device_opener_ = nullptr;
    void* device_opener_argument_ = nullptr;
};

}  // namespace drydock
