#include "core/vfs/vfs.h"

namespace drydock {

Mount::~Mount()
{
    ASSERT(!hook_.is_linked());
    if (point_) point_->remove_mount();
    // Cached names below the root would outlive the file system.
    vfs_.names_.drop_unused();
    root_.reset();
    if (type_ != nullptr) type_->release(type_->argument, file_system_);
}

Path Vfs::root_path()
{
    Mount* const mount = mounts_.first();
    ASSERT(mount != nullptr);
    return Path(Ref<Mount>(mount), mount->root_);
}

void Vfs::register_file_system(FileSystemType const& type)
{
    ASSERT(type_count_ < kMaximumTypes);
    types_[type_count_++] = type;
}

Result<Ref<Mount>> Vfs::prepare_mount(FileSystem& file_system, StringView source, u32 flags)
{
    // mount(2) on Linux: ENOSPC when fs.mount-max is reached.
    if (mount_count_ == kMaximumMounts) return Errno::NoSpc;
    Ref<Dentry> root = TRY(names_.create_unlisted({}, "", file_system.root()));
    u32 const kept = flags & mount_flags::kKept;
    Ref<Mount> mount = TRY(heap_.create_ref<Mount>(*this, file_system, std::move(root), kept));
    mount->source_ = TRY(Buffer::copy_of(heap_, source));
    mount->id_ = next_mount_id_++;
    return mount;
}

Result<void> Vfs::mount_root(FileSystem& file_system)
{
    ASSERT(mounts_.is_empty());
    Ref<Mount> mount = TRY(prepare_mount(file_system, file_system.type_name(), 0));
    mount->self_ = mount;
    mounts_.push_back(*mount);
    ++mount_count_;
    return {};
}

Result<void> Vfs::attach_mount(Ref<Mount> mount, Path const& where)
{
    Path const place = cross_mounts(where);
    if (place.inode().type() != InodeType::Directory) return Errno::NotDir;
    if (place.entry()->is_deleted()) return Errno::NoEnt;
    // mount(2): EBUSY for the same file system at the same place again.
    if (&place.mount()->file_system() == &mount->file_system() &&
        place.entry() == place.mount()->root()) {
        return Errno::Busy;
    }
    mount->parent_ = place.mount();
    mount->point_ = place.entry();
    mount->point_->add_mount();
    mount->self_ = mount;
    mounts_.push_back(*mount);
    ++mount_count_;
    return {};
}

Result<void> Vfs::mount(FileSystem& file_system, Path const& where, StringView source, u32 flags)
{
    Ref<Mount> mount = TRY(prepare_mount(file_system, source, flags));
    return attach_mount(std::move(mount), where);
}

Result<void> Vfs::mount_type(
    StringView type, Path const& where, StringView source, u32 flags, StringView options)
{
    FileSystemType const* found = nullptr;
    for (usize i = 0; i < type_count_; ++i) {
        if (types_[i].name == type) found = &types_[i];
    }
    if (found == nullptr) return Errno::NoDev;
    if (where.inode().type() != InodeType::Directory) return Errno::NotDir;
    FileSystem* const file_system = TRY(found->make(found->argument, source, options));
    Result<Ref<Mount>> mount = prepare_mount(*file_system, source, flags);
    if (mount.is_error()) {
        names_.drop_unused();
        found->release(found->argument, *file_system);
        return mount.error();
    }
    mount.value()->type_ = found;
    return attach_mount(mount.take(), where);
}

Mount* Vfs::mount_at_root(Path const& where)
{
    Mount* const mount = where.mount().get();
    if (where.entry() != mount->root() || !mount->hook_.is_linked()) return nullptr;
    return mount;
}

// Out of the tree. The last reference frees it.
void Vfs::take_out(Mount& mount)
{
    mounts_.remove(mount);
    --mount_count_;
    Ref<Mount> const self = std::move(mount.self_);
}

Result<void> Vfs::remount(Path const& where, u32 flags)
{
    Mount* const mount = mount_at_root(where);
    if (mount == nullptr) return Errno::Inval;
    mount->flags_ = flags & mount_flags::kKept;
    return {};
}

Result<void> Vfs::unmount(Path const& where)
{
    Mount* const mount = mount_at_root(where);
    if (mount == nullptr || !mount->parent()) return Errno::Inval;
    // The tree's own reference and the caller's path; mounts on top and everybody inside hold more.
    constexpr u32 kUnused = 2;
    if (mount->references() > kUnused) return Errno::Busy;
    take_out(*mount);
    return {};
}

Result<void> Vfs::detach(Path const& where)
{
    Mount* const mount = mount_at_root(where);
    if (mount == nullptr || !mount->parent()) return Errno::Inval;
    // With everything that is mounted below it; children stand behind their parents.
    for (Mount* other = mounts_.last(); other != nullptr;) {
        Mount* const before = mounts_.previous(*other);
        bool is_below = false;
        for (Mount* up = other; up != nullptr; up = up->parent_.get()) is_below |= up == mount;
        if (is_below) take_out(*other);
        other = before;
    }
    return {};
}

void Vfs::for_each_mount(void (*visit)(MountInfo const& info, void* argument), void* argument)
{
    Result<Buffer> storage = Buffer::create(heap_, kPathMaximum);
    if (storage.is_error()) return;
    Path const root = root_path();
    for (Mount& mount : mounts_) {
        MountInfo info;
        info.source = mount.source_.text();
        info.type = mount.file_system_.type_name();
        info.flags = mount.flags_;
        info.where = "/";
        Span<char> const text(reinterpret_cast<char*>(storage.value().data()), kPathMaximum);
        Result<StringView> where = name_of(Path(Ref<Mount>(&mount), mount.root_), root, text);
        if (where.is_ok()) info.where = where.value();
        visit(info, argument);
    }
}

}  // namespace drydock
