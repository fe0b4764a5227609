#pragma once

// All mounts of the system: what mount(2), umount2(2) and pivot_root(2) do, and how it spreads over
// shared subtrees (mount_namespaces(7)). Who may call is the caller's business. Everything that can
// fail comes first; then the change is seen everywhere at once.

#include "core/vfs/mount.h"

namespace drydock {

class Vfs;

class MountTable {
public:
    // fs.mount-max of Linux, here for all trees together.
    static constexpr u64 kMaximumMounts = 100'000;
    static constexpr usize kMaximumTypes = 16;

    MountTable(Vfs& vfs, Heap& heap, DentryCache& names) : vfs_(vfs), heap_(heap), names_(names) {}
    MountTable(MountTable const&) = delete;
    MountTable& operator=(MountTable const&) = delete;
    ~MountTable();

    // The name must stay valid.
    void register_type(FileSystemType const& type);
    Span<FileSystemType const> types() const { return {types_, type_count_}; }

    // The first tree, which stays until the end.
    Result<void> mount_root(FileSystem& file_system);
    Ref<MountNamespace> const& first() const { return first_; }
    void drop_first() { first_.reset(); }
    // A copy of a whole tree (CLONE_NEWNS). Of the `places`, those that are in the old tree lead to
    // the same places of the new one then. Errno::NoMem, NoSpc.
    Result<Ref<MountNamespace>> copy(MountNamespace& source, Span<Path*> places);

    // A file system of the kernel's own. Errors as mount_new().
    Result<void> mount(FileSystem& file_system, Path const& where, StringView source, u32 flags);
    struct Request {
        StringView type{};
        StringView source{};
        StringView options{};
        u32 flags = 0;  // As mount(2) has them.
    };
    // NoDev for a type that nobody registered, NotDir, Busy, NoEnt, Inval outside of `space`.
    Result<void> mount_new(MountNamespace& space, Path const& where, Request const& request);
    // MS_BIND.
    Result<void> bind(MountNamespace& space, Path const& source, Path const& where, u32 flags);
    // MS_MOVE. Loop: into itself.
    Result<void> move(MountNamespace& space, Path const& source, Path const& where);
    // MS_REMOUNT: the file system's flags and options and the mount's flags; MS_REMOUNT with
    // MS_BIND: only the mount's. Busy while somebody writes.
    Result<void> remount(MountNamespace& space, Path const& where, Request const& request);
    // MS_SHARED, MS_PRIVATE, MS_SLAVE, MS_UNBINDABLE, with MS_REC.
    Result<void> set_propagation(MountNamespace& space, Path const& where, u32 flags);

    struct UnmountOptions {
        bool detach = false;         // Out of the tree now, gone with its last user.
        bool expire = false;         // Again the first time, and after somebody was there.
        Path const* root = nullptr;  // The caller's: its mount can only become read-only.
    };
    // Inval where no mount has its root, Busy while somebody is inside.
    Result<void> unmount(MountNamespace& space, Path const& where, UnmountOptions const& options);
    // A name on which other trees have something mounted is gone.
    void detach_all_at(Dentry& point);
    // pivot_root(2). The caller then moves all processes from `root` to `new_root`.
    Result<void> pivot(MountNamespace& space,
                       Path const& root,
                       Path const& new_root,
                       Path const& put_old);

    // A mount in no tree.
    Result<Ref<Mount>> create_alone(FileSystem& file_system);

private:
    friend class Mount;
    friend class MountedFileSystem;
    friend class MountNamespace;

    using MountList = MountNamespace::MountList;
    using GroupList = List<PeerGroup, &PeerGroup::work_hook_>;

    // Mounts that are in no tree yet: given up unless they are committed. A root knows its place,
    // if it has one, but its parent does not know of it.
    class Draft {
    public:
        explicit Draft(MountTable& table) : table_(table) {}
        Draft(Draft const&) = delete;
        Draft& operator=(Draft const&) = delete;
        ~Draft() { table_.take_apart(mounts); }
        void add(Mount& mount);

        MountList mounts{};
        u64 size = 0;

    private:
        MountTable& table_;
    };
    // How a copied mount stands to the one it was copied from.
    struct Relation {
        bool is_slave = false;      // It listens to that one's group; otherwise it joins it.
        bool makes_group = false;   // A slave has a group of its own, too.
        bool of_namespace = false;  // What must not be bound is copied as well.
    };

    // --- single mounts (mount.cpp)
    Result<Ref<MountedFileSystem>> mounted_of(FileSystem& file_system, FileSystemType const* type);
    Result<Ref<Mount>> create(Ref<MountedFileSystem> mounted,
                              Ref<Dentry> root,
                              StringView source,
                              u32 flags);
    static void set_place(Mount& mount, Mount& parent, Ref<Dentry> point);
    static void enter_place(Mount& mount);
    static void leave_place(Mount& mount);

    // --- trees (mount_tree.cpp)
    static Mount* next_in_tree(Mount& mount, Mount const& top);
    static Mount* next_behind(Mount& mount, Mount const& top);
    static bool is_below(Mount const* mount, Mount const& top);
    Result<void> check_room(Draft& draft) const;
    Result<Mount*> clone(Mount& source, Ref<Dentry> root, Relation relation, Draft& draft);
    Result<Mount*> copy_tree(Mount& source,
                             Ref<Dentry> const& root,
                             Relation relation,
                             Draft& draft);
    void publish(Mount& mount, MountNamespace& space);
    void commit(Draft& draft);
    void take_apart(MountList& leaving);
    void empty(MountNamespace& space);

    // --- places (mount_table.cpp)
    FileSystemType const* find_type(StringView name) const;
    Result<Path> place_for(MountNamespace const& space, Path const& where);
    Result<Mount*> mount_with_root(MountNamespace const& space, Path const& where);
    Result<void> attach_new(Ref<MountedFileSystem> mounted,
                            Ref<Dentry> root,
                            Path const& place,
                            StringView source,
                            u32 flags);
    Result<void> attach(Mount& top, Path const& place, Draft& draft);
    Result<void> change_file_system(MountedFileSystem& mounted, u32 flags, StringView options);

    // --- shared subtrees (mount_propagation.cpp)
    Result<void> make_groups(Mount& top, bool is_recursive);
    static void settle_groups(Mount& top, bool keeps_them);
    static void join_group(Mount& mount, Ref<PeerGroup> group);
    static void become_slave_of(Mount& mount, Ref<PeerGroup> master);
    static void leave_group(Mount& mount);
    static void become_private(Mount& mount);
    static void reach(PeerGroup* group, PeerGroup* told_by, GroupList& reached);
    static void forget(GroupList& reached);
    Result<void> pass_on(Mount& top, Path const& place, Draft& draft);
    Result<void> pass_to_group(PeerGroup& group,
                               Path const& place,
                               GroupList& reached,
                               Draft& draft);
    Result<Mount*> pass_to(
        Mount& target, Mount& source, Relation relation, Dentry& point, Draft& draft);

    // --- unmounting (unmount.cpp)
    bool is_busy(Mount& mount);
    Result<void> expire(Mount& mount);
    void leave_tree(Mount& mount, MountList& leaving);
    void collect(Mount& top, MountList& leaving);
    void collect_copy(Mount& parent, Dentry& point, MountList& leaving);

    Vfs& vfs_;
    Heap& heap_;
    DentryCache& names_;
    Ref<MountNamespace> first_{};
    List<MountedFileSystem, &MountedFileSystem::hook_> mounted_{};
    FileSystemType types_[kMaximumTypes]{};
    usize type_count_ = 0;
    u64 count_ = 0;
    u64 next_id_ = 1;
    u64 next_group_ = 1;
    List<MountNamespace, &MountNamespace::hook_> spaces_{};
};

}  // namespace drydock
