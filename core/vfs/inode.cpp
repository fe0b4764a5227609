#include "core/vfs/inode.h"

#include "core/vfs/file.h"

namespace drydock {

namespace {

// A directory whose file system does not do it refuses; anything else is no directory.
Errno refusal(Inode& inode)
{
    return inode.type() == InodeType::Directory ? Errno::Perm : Errno::NotDir;
}

}  // namespace

Result<Ref<Inode>> Inode::lookup(StringView)
{
    return type() == InodeType::Directory ? Errno::NoEnt : Errno::NotDir;
}
Result<Ref<Inode>> Inode::create(Creation const&) { return refusal(*this); }
Result<void> Inode::link(StringView, Inode&) { return refusal(*this); }
Result<void> Inode::unlink(StringView) { return refusal(*this); }
Result<void> Inode::remove_directory(StringView) { return refusal(*this); }
Result<void> Inode::rename(StringView, Inode&, StringView) { return refusal(*this); }
Result<void> Inode::exchange(StringView, Inode&, StringView) { return Errno::Inval; }
Result<Ref<Inode>> Inode::create_temporary(Creation const&) { return Errno::OpNotSupp; }
Result<u64> Inode::list(u64, u64, DirectorySink&) { return Errno::NotDir; }
Result<usize> Inode::read_link(Span<char>) { return Errno::Inval; }
Result<Path> Inode::follow_magic() { return Errno::Inval; }
Result<Ref<FileCache>> Inode::cache() { return Errno::NoDev; }

}  // namespace drydock
