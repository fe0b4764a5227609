// What mount(2) and pivot_root(2) do to the tree of their caller.

#include "core/vfs/vfs.h"

namespace drydock {

namespace {

bool is_directory(Dentry const& entry) { return entry.inode().type() == InodeType::Directory; }

}  // namespace

MountTable::~MountTable() { ASSERT(mounted_.is_empty()); }

void MountTable::register_type(FileSystemType const& type)
{
    ASSERT(type_count_ < kMaximumTypes);
    types_[type_count_++] = type;
}

FileSystemType const* MountTable::find_type(StringView name) const
{
    for (FileSystemType const& type : types()) {
        if (type.name == name) return &type;
    }
    return nullptr;
}

Result<void> MountTable::mount_root(FileSystem& file_system)
{
    ASSERT(!first_);
    Ref<MountedFileSystem> mounted = TRY(mounted_of(file_system, nullptr));
    Ref<Dentry> root = mounted->root();
    Ref<Mount> mount = TRY(create(
        std::move(mounted), std::move(root), file_system.type_name(), mount_flags::kRelatime));
    first_ = TRY(heap_.create_ref<MountNamespace>(*this, vfs_.next_namespace_number()));
    mount->self_ = mount;
    publish(*mount, *first_);
    return {};
}

// Where something is to be mounted: on top of what is there.
Result<Path> MountTable::place_for(MountNamespace const& space, Path const& where)
{
    Path place = vfs_.cross_mounts(where);
    if (place.entry()->is_deleted()) return Errno::NoEnt;
    if (place.mount()->name_space() != &space) return Errno::Inval;
    return place;
}

// The mount whose root the path is.
Result<Mount*> MountTable::mount_with_root(MountNamespace const& space, Path const& where)
{
    Mount* const mount = where.mount().get();
    if (where.entry() != mount->root() || mount->name_space() != &space) return Errno::Inval;
    return mount;
}

// The tree of `top`, which has no place yet or leaves it, stands at `place` from now on.
Result<void> MountTable::attach(Mount& top, Path const& place, Draft& draft)
{
    TRY(pass_on(top, place, draft));
    bool const moves = top.name_space_ != nullptr;
    leave_place(top);
    set_place(top, *place.mount(), place.entry());
    if (moves) enter_place(top);
    commit(draft);
    return {};
}

Result<void> MountTable::attach_new(Ref<MountedFileSystem> mounted,
                                    Ref<Dentry> root,
                                    Path const& place,
                                    StringView source,
                                    u32 flags)
{
    // mount(2): EBUSY for the same file system at the same place again.
    bool const is_root = place.entry() == place.mount()->root();
    bool const is_same = &place.mount()->mounted() == mounted.get() && place.entry() == root;
    if (is_root && is_same) return Errno::Busy;
    if (is_directory(*root) != is_directory(*place.entry())) return Errno::NotDir;
    Draft draft(*this);
    TRY(check_room(draft));
    Ref<Mount> mount = TRY(create(std::move(mounted), std::move(root), source, flags));
    mount->self_ = mount;
    draft.add(*mount);
    return attach(*mount, place, draft);
}

Result<void> MountTable::mount(FileSystem& file_system,
                               Path const& where,
                               StringView source,
                               u32 flags)
{
    Ref<MountedFileSystem> mounted = TRY(mounted_of(file_system, nullptr));
    Path const place = TRY(place_for(*where.mount()->name_space(), where));
    Ref<Dentry> root = mounted->root();
    return attach_new(
        std::move(mounted), std::move(root), place, source, flags | mount_flags::kRelatime);
}

Result<void> MountTable::mount_new(MountNamespace& space, Path const& where, Request const& request)
{
    FileSystemType const* const type = find_type(request.type);
    if (type == nullptr) return Errno::NoDev;
    FileSystem* const file_system =
        TRY(type->make(type->argument, request.source, request.options));
    Result<Ref<MountedFileSystem>> made = mounted_of(*file_system, type);
    if (made.is_error()) {
        names_.drop_unused();
        type->release(type->argument, *file_system);
        return made.error();
    }
    Ref<MountedFileSystem> mounted = made.take();
    // One that was mounted before keeps its flags.
    if (mounted->references() == 1) mounted->flags_ = request.flags & mount_flags::kOfFileSystem;
    Path const place = TRY(place_for(space, where));
    Ref<Dentry> root = mounted->root();
    if (type->find_root != nullptr) root = TRY(type->find_root(type->argument, root));
    return attach_new(std::move(mounted), std::move(root), place, request.source, request.flags);
}

Result<void> MountTable::bind(MountNamespace& space,
                              Path const& source,
                              Path const& where,
                              u32 flags)
{
    Path const place = TRY(place_for(space, where));
    Mount& mount = *source.mount();
    if (mount.is_unbindable() || mount.name_space() != &space) return Errno::Inval;
    Draft draft(*this);
    bool const is_recursive = (flags & mount_flags::kRecursive) != 0;
    Mount* top = nullptr;
    if (is_recursive) {
        top = TRY(copy_tree(mount, source.entry(), {}, draft));
    } else {
        top = TRY(clone(mount, source.entry(), {}, draft));
    }
    if (is_directory(*top->root()) != is_directory(*place.entry())) return Errno::NotDir;
    return attach(*top, place, draft);
}

Result<void> MountTable::move(MountNamespace& space, Path const& source, Path const& where)
{
    Path const place = TRY(place_for(space, where));
    Mount& mount = *TRY(mount_with_root(space, source));
    if (!mount.parent()) return Errno::Inval;
    if (is_directory(*mount.root()) != is_directory(*place.entry())) return Errno::Inval;
    // mount(2): nothing leaves a shared mount, and nothing that must not be copied enters one.
    if (mount.parent()->peers() != nullptr) return Errno::Inval;
    if (place.mount()->peers() != nullptr) {
        for (Mount* each = &mount; each != nullptr; each = next_in_tree(*each, mount)) {
            if (each->is_unbindable()) return Errno::Inval;
        }
    }
    if (is_below(place.mount().get(), mount)) return Errno::Loop;
    Draft draft(*this);
    return attach(mount, place, draft);
}

// The file system's own flags and options. Errno::Busy: files are open for writing.
Result<void> MountTable::change_file_system(MountedFileSystem& mounted,
                                            u32 flags,
                                            StringView options)
{
    using namespace mount_flags;
    bool const becomes_read_only = (flags & kReadOnly) != 0 && (mounted.flags_ & kReadOnly) == 0;
    if (becomes_read_only && mounted.writers_ > 0) return Errno::Busy;
    TRY(mounted.file_system().reconfigure(options));
    constexpr u32 kChangeable = kReadOnly | kSynchronous | kLazyTime;
    mounted.flags_ = (mounted.flags_ & ~kChangeable) | (flags & kChangeable);
    return {};
}

Result<void> MountTable::remount(MountNamespace& space, Path const& where, Request const& request)
{
    using namespace mount_flags;
    Mount& mount = *TRY(mount_with_root(space, where));
    bool const becomes_read_only =
        (request.flags & kReadOnly) != 0 && (mount.flags_ & kReadOnly) == 0;
    if (becomes_read_only && mount.writers_ > 0) return Errno::Busy;
    if ((request.flags & kBind) == 0) {
        TRY(change_file_system(mount.mounted(), request.flags, request.options));
    }
    mount.flags_ = request.flags & kOfMount;
    return {};
}

Result<void> MountTable::pivot(MountNamespace& space,
                               Path const& root,
                               Path const& new_root,
                               Path const& put_old)
{
    Mount& root_mount = *root.mount();
    Mount& new_mount = *new_root.mount();
    Mount& old_mount = *put_old.mount();
    auto const is_shared = [](Mount const* mount) {
        return mount != nullptr && mount->peers() != nullptr;
    };
    if (is_shared(&old_mount) || is_shared(new_mount.parent().get())) return Errno::Inval;
    if (is_shared(root_mount.parent().get())) return Errno::Inval;
    if (root_mount.name_space() != &space || new_mount.name_space() != &space) return Errno::Inval;
    if (new_root.entry()->is_deleted()) return Errno::NoEnt;
    if (&new_mount == &root_mount || &old_mount == &root_mount) return Errno::Busy;
    if (root.entry() != root_mount.root() || !root_mount.parent()) return Errno::Inval;
    if (new_root.entry() != new_mount.root() || !new_mount.parent()) return Errno::Inval;
    if (!vfs_.is_reachable(put_old, new_root) || !vfs_.is_reachable(new_root, root)) {
        return Errno::Inval;
    }
    Ref<Mount> const above = root_mount.parent();
    Ref<Dentry> const point = root_mount.point();
    leave_place(new_mount);
    leave_place(root_mount);
    set_place(new_mount, *above, point);
    enter_place(new_mount);
    set_place(root_mount, old_mount, put_old.entry());
    enter_place(root_mount);
    return {};
}

}  // namespace drydock
