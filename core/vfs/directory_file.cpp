#include "core/vfs/directory_file.h"

namespace drydock {

namespace {

class DirectoryFile final : public File {
public:
    DirectoryFile(Ref<Inode> inode, Path path, u32 flags)
        : File(std::move(inode), std::move(path), flags)
    {}

    Result<usize> read(IoBuffer&) override { return Errno::IsDir; }
    Result<usize> read_at(IoBuffer&, u64) override { return Errno::IsDir; }

    Result<u64> seek(i64 offset, u32 whence) override
    {
        constexpr u32 kSet = 0, kCurrent = 1;
        if (whence > kCurrent) return Errno::Inval;
        i64 target = offset;
        if (whence == kCurrent &&
            __builtin_add_overflow(static_cast<i64>(position_), offset, &target)) {
            return Errno::Overflow;
        }
        static_assert(kSet == 0);
        if (target < 0) return Errno::Inval;
        position_ = static_cast<u64>(target);
        return position_;
    }

    Result<void> list(DirectorySink& sink) override
    {
        // getdents(2): a removed directory has nothing to list.
        if (inode_->attributes().links == 0) return Errno::NoEnt;
        note_access();
        position_ = TRY(inode_->list(position_, parent_number(path_), sink));
        return {};
    }
};

class PlaceFile final : public File {
public:
    PlaceFile(Ref<Inode> inode, Path path, u32 flags)
        : File(std::move(inode), std::move(path), flags)
    {}
    // open(2) on O_PATH: the other operations fail with EBADF.
    Result<usize> read(IoBuffer&) override { return Errno::BadF; }
    Result<usize> write(IoBuffer&) override { return Errno::BadF; }
    Result<usize> read_at(IoBuffer&, u64) override { return Errno::BadF; }
    Result<usize> write_at(IoBuffer&, u64) override { return Errno::BadF; }
    Result<u64> seek(i64, u32) override { return Errno::BadF; }
    Result<i64> ioctl(IoctlCall const&) override { return Errno::BadF; }
    Result<void> list(DirectorySink&) override { return Errno::BadF; }
    Result<void> truncate(u64) override { return Errno::BadF; }
    u32 poll(PollRegistration*) override { return poll_events::kNval; }
};

}  // namespace

u64 parent_number(Path const& path)
{
    if (path.is_empty()) return 0;
    Dentry* entry = path.entry().get();
    Mount* mount = path.mount().get();
    while (entry == mount->root().get() && mount->parent()) {
        entry = mount->point().get();
        mount = mount->parent().get();
    }
    if (entry->parent()) entry = entry->parent().get();
    return entry->inode().attributes().number;
}

Result<Ref<File>> open_directory(Vfs& vfs, OpenRequest const& request)
{
    Ref<DirectoryFile> file =
        TRY(vfs.heap().create_ref<DirectoryFile>(request.inode, request.path, request.flags));
    return Ref<File>(file);
}

Result<Ref<File>> open_place(Vfs& vfs, OpenRequest const& request)
{
    Ref<PlaceFile> file =
        TRY(vfs.heap().create_ref<PlaceFile>(request.inode, request.path, request.flags));
    return Ref<File>(file);
}

}  // namespace drydock
