#include "core/vfs/mount.h"

namespace drydock {

Path::Path() = default;
Path::Path(Ref<Mount> mount, Ref<Dentry> entry) : mount_(std::move(mount)), entry_(std::move(entry))
{}
Path::Path(Path const&) = default;
Path::Path(Path&&) = default;
Path::~Path() = default;

Path& Path::operator=(Path other)
{
    std::swap(mount_, other.mount_);
    std::swap(entry_, other.entry_);
    return *this;
}

void Path::enter(Ref<Dentry> entry) { std::swap(entry_, entry); }

bool Path::is_empty() const { return !entry_; }

Inode& Path::inode() const { return entry_->inode(); }

}  // namespace drydock
