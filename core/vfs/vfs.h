#pragma once

// Names: resolution of paths, mounts, and the operations on files that take a path. Permission checks
// are made here. Errors are those of the manual page that each comment names.

#include "core/vfs/file.h"

namespace drydock {

// What path resolution depends on (path_resolution(7)): a process has one, threads may share it.
class FileSystemContext final : public RefCounted {
public:
    Path root{};
    Path working_directory{};
    u32 umask = 022;
};

// Who looks a name up, and from where.
struct Resolver {
    FileSystemContext& context;
    Credentials const& credentials;
    Path base{};   // Start of relative paths; empty: the working directory.
};

struct LookupOptions {
    bool follow_last = true;          // AT_SYMLINK_NOFOLLOW clears it.
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
    Result<void> unmount(Path const& where);

    Result<Path> resolve(Resolver const& resolver, StringView path, LookupOptions options);
    // open(2), with O_CREAT and the rest; `permissions` before the umask.
    Result<Ref<File>> open(Resolver const& resolver, StringView path, u32 flags, u32 permissions);
    // An open file for an inode that was resolved already.
    Result<Ref<File>> open_path(Path const& path, u32 flags, Credentials const& credentials);
    Result<void> make_directory(Resolver const& resolver, StringView path, u32 permissions);
    // mknod(2): regular files, FIFOs, devices, sockets.
    Result<void> make_node(Resolver const& resolver, StringView path, InodeType type, u32 permissions, u64 device);
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
    Result<void> change_attributes(Path const& path, AttributeChange const& change, Credentials const& credentials);
    // access(2) semantics for the given ids; mode is R_OK|W_OK|X_OK.
    Result<void> check_access(Inode& inode, u32 mode, Credentials const& credentials);

    // The absolute name as seen from `root`, into `target`; its part that was used. getcwd(2): NoEnt if
    // it was removed, Range if it does not fit. Unreachable names start with "(unreachable)".
    Result<StringView> name_of(Path const& path, Path const& root, Span<char> target);

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
    // A number that no other inode cache of this kernel has (FileCache ids).
    u64 next_file_id();
    Heap& heap() { return heap_; }
    FrameAllocator& frames() { return frames_; }
    Scheduler& scheduler() { return scheduler_; }
    // Drops every cached name that nothing uses (audits count what is left).
    void drop_cached_names();

private:
    Heap& heap_;
    FrameAllocator& frames_;
    Scheduler& scheduler_;
    i64 wall_clock_offset_ns_ = 0;
    u64 next_file_id_ = 1;
    // The owner of this file adds mounts, caches and helpers.
};

}  // namespace drydock
