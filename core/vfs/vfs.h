#pragma once

// Names: resolution of paths, mounts, and the operations on files that take a path. Permission
// checks are made here. Errors are those of the manual page that each comment names.

#include "core/vfs/dentry.h"
#include "core/vfs/file.h"
#include "core/vfs/mount_table.h"

namespace drydock {

class PathWalk;

// What path resolution depends on (path_resolution(7)): a thread has one, others may share it.
class FileSystemContext final : public RefCounted {
public:
    // Errno::NoMem.
    Result<Ref<FileSystemContext>> duplicate(Heap& heap) const
    {
        Ref<FileSystemContext> copy = TRY(heap.create_ref<FileSystemContext>());
        copy->root = root;
        copy->working_directory = working_directory;
        copy->mounts = mounts;
        copy->umask = umask;
        return copy;
    }

    Path root{};
    Path working_directory{};
    // The tree that both are in; null for who only looks names up.
    Ref<MountNamespace> mounts{};
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

    MountTable& mounts() { return mounts_; }
    // "/" of the first tree.
    Path root_path();
    // The root of what is mounted on the place, and on that, if anything is.
    static Path cross_mounts(Path path);
    // Whether a walk up from `path` comes by `root`.
    static bool is_reachable(Path const& path, Path const& root);

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
        bool leaves_whiteout = false;
    };
    // Whether all of the path but its last component is there.
    Result<void> check_parent(Resolver const& resolver, StringView path);
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

    // The name of an entry in its file system, whatever is mounted where: "/" for its root; ends in
    // "//deleted" where it was removed. Cut off at the front if it does not fit.
    static StringView name_in_file_system(Dentry const& entry, Span<char> target);

    // The entry of a name in a directory, negative if it is free. Errno::NoMem, NameTooLong.
    Result<Ref<Dentry>> child_of(Ref<Dentry> const& directory, StringView name)
    {
        return lookup_child(directory, name);
    }
    // For file systems whose names come and go by themselves: what is remembered of a name in a
    // folder of the directory does not hold any more.
    void forget_name(Dentry& directory, StringView folder, StringView name);

    // The place of an open file: its path, or for a nameless file (a pipe) a place outside of the
    // tree, so that /proc/PID/fd/N can lead there.
    Result<Path> path_of(File& file);
    // Such a place, for a file that /proc shows as "/name (deleted)". Errno::NoMem.
    Result<Path> nameless_path(Ref<Inode> inode, StringView name);

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
    // The inode number of a namespace's file in /proc/PID/ns.
    u64 next_namespace_number() { return next_namespace_++; }
    // Something was read through this path: its access time, as far as the mount wants it kept.
    static void note_access(Path const& path);
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
    // Who sends the signals of files; null: nobody.
    SignalClient* signal_client() const { return signal_client_; }
    void set_signal_client(SignalClient* client) { signal_client_ = client; }
    // Drops every cached name that nothing uses (audits count what is left).
    void drop_cached_names();

private:
    friend class PathWalk;

    SignalClient* signal_client_ = nullptr;

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
    static Path step_up(Path const& path, Path const& root);

    // The place that the path names, its last component not followed. `dots` tells when that is no
    // name.
    Result<Place> find_place(Resolver const& resolver, StringView path, Dots& dots);
    // The same in two steps; `walk` has been made with the resolver. The first leaves `entry`
    // empty.
    Result<Place> find_parent(PathWalk& walk, StringView path, Dots& dots);
    Result<void> find_entry(PathWalk& walk, Place& place);
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
    Result<void> may_delete(Place const& place, bool as_directory, Resolver const& resolver);
    static bool is_mounted_on(Dentry const& entry, Resolver const& resolver);
    void name_is_gone(Dentry& entry);
    Result<void> rename_places(Place const& source,
                               Place const& target,
                               RenameOptions options,
                               Resolver const& resolver);
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
    // As Linux counts from PROC_DYNAMIC_FIRST (include/linux/proc_fs.h).
    u64 next_namespace_ = 0xf000'0000;
    NamelessFileSystem nameless_;
    DentryCache names_;
    MountTable mounts_;
    // The mount of nameless files: made when first asked for.
    Ref<Mount> nameless_mount_{};
    // Made when first asked for.
    Ref<Inode> anonymous_inode_{};
    DeviceOpener device_opener_ = nullptr;
    void* device_opener_argument_ = nullptr;
};

}  // namespace drydock
