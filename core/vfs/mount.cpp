// Mounts one by one: what they hold, where they are.

#include "core/vfs/vfs.h"

namespace drydock {

MountedFileSystem::MountedFileSystem(MountTable& table,
                                     FileSystem& file_system,
                                     Ref<Dentry> root,
                                     FileSystemType const* type)
    : table_(table), file_system_(file_system), root_(std::move(root)), type_(type)
{
    table_.mounted_.push_back(*this);
}

MountedFileSystem::~MountedFileSystem()
{
    hook_.unlink();
    // Cached names below the root would outlive the file system.
    table_.names_.drop_unused();
    root_.reset();
    if (type_ != nullptr) type_->release(type_->argument, file_system_);
}

Mount::Mount(u64 id, Ref<MountedFileSystem> mounted, Ref<Dentry> root, u32 flags, Buffer source)
    : id_(id)
    , mounted_(std::move(mounted))
    , root_(std::move(root))
    , source_(std::move(source))
    , flags_(flags)
{}

Mount::~Mount()
{
    ASSERT(children_.is_empty());
    ASSERT(!parent_);
    ASSERT(writers_ == 0);
}

Mount* Mount::child_at(Dentry const& point)
{
    for (Mount& child : children_) {
        if (child.point_.get() == &point) return &child;
    }
    return nullptr;
}

void Mount::add_writer()
{
    ++writers_;
    ++mounted_->writers_;
}

void Mount::remove_writer()
{
    ASSERT(writers_ > 0);
    --writers_;
    --mounted_->writers_;
}

Result<Ref<MountedFileSystem>> MountTable::mounted_of(FileSystem& file_system,
                                                      FileSystemType const* type)
{
    for (MountedFileSystem& mounted : mounted_) {
        if (&mounted.file_system() == &file_system) return Ref<MountedFileSystem>(&mounted);
    }
    Ref<Dentry> root = TRY(names_.create_unlisted({}, "", file_system.root()));
    return heap_.create_ref<MountedFileSystem>(*this, file_system, std::move(root), type);
}

Result<Ref<Mount>> MountTable::create(Ref<MountedFileSystem> mounted,
                                      Ref<Dentry> root,
                                      StringView source,
                                      u32 flags)
{
    Buffer text = TRY(Buffer::copy_of(heap_, source));
    u32 const kept = flags & mount_flags::kOfMount;
    return heap_.create_ref<Mount>(
        next_id_++, std::move(mounted), std::move(root), kept, std::move(text));
}

Result<Ref<Mount>> MountTable::create_alone(FileSystem& file_system)
{
    Ref<MountedFileSystem> mounted = TRY(mounted_of(file_system, nullptr));
    Ref<Dentry> root = mounted->root();
    return create(std::move(mounted), std::move(root), file_system.type_name(), 0);
}

// Knows its place from now on; those that look there see it only when it enters it.
void MountTable::set_place(Mount& mount, Mount& parent, Ref<Dentry> point)
{
    ASSERT(!mount.parent_);
    mount.parent_ = Ref<Mount>(&parent);
    mount.point_ = std::move(point);
    mount.point_->add_mount();
}

void MountTable::enter_place(Mount& mount) { mount.parent_->children_.push_back(mount); }

void MountTable::leave_place(Mount& mount)
{
    if (!mount.parent_) return;
    if (mount.child_hook_.is_linked()) mount.child_hook_.unlink();
    mount.point_->remove_mount();
    mount.point_.reset();
    mount.parent_.reset();
}

}  // namespace drydock
