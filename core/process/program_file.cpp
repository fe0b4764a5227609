#include "core/process/program_file.h"

namespace drydock {

namespace {

constexpr u32 kExecutePermission = 1;
constexpr u32 kSetIds = 06000;

}  // namespace

Result<RunningFile> RunningFile::begin(Ref<Inode> inode)
{
    TRY(inode->write_access.begin_running());
    RunningFile running;
    running.inode_ = std::move(inode);
    return running;
}

RunningFile RunningFile::again() const
{
    RunningFile running;
    running.inode_ = inode_;
    if (inode_) inode_->write_access.run_again();
    return running;
}

Result<ProgramFile> ProgramFile::open(Vfs& vfs,
                                      Resolver const& resolver,
                                      StringView name,
                                      bool follow)
{
    Path path = TRY(vfs.resolve(resolver, name, LookupOptions{follow, false}));
    return open_path(vfs, std::move(path), resolver.credentials);
}

Result<ProgramFile> ProgramFile::open_path(Vfs& vfs, Path path, Credentials const& credentials)
{
    ProgramFile program;
    program.path = std::move(path);
    Inode& inode = program.path.inode();
    InodeAttributes const attributes = inode.attributes();
    // execveat(2), AT_SYMLINK_NOFOLLOW.
    if (attributes.type == InodeType::SymbolicLink) return Errno::Loop;
    if (attributes.type != InodeType::Regular) return Errno::Acces;
    u32 const mount = program.path.mount()->flags();
    if ((mount & mount_flags::kNoExec) != 0) return Errno::Acces;
    // Even root may not run what nobody may.
    if ((attributes.permissions & 0111) == 0) return Errno::Acces;
    TRY(vfs.check_access(inode, kExecutePermission, credentials));
    program.running = TRY(RunningFile::begin(program.path.entry()->inode_ref()));
    Result<Ref<FileCache>> cache = inode.cache();
    if (cache.is_error()) return cache.error() == Errno::NoMem ? Errno::NoMem : Errno::Acces;
    program.cache = cache.take();
    // Running a program needs no right to read it; the kernel reads it for itself.
    Credentials const own{};
    program.file = TRY(vfs.open_path(program.path, open_flags::kReadOnly, own));
    program.size = attributes.size;
    program.permissions = attributes.permissions;
    if ((mount & mount_flags::kNoSuid) != 0) program.permissions &= ~kSetIds;
    program.uid = attributes.uid;
    program.gid = attributes.gid;
    return program;
}

Result<usize> ProgramFile::read(u64 offset, Bytes target) const
{
    usize done = 0;
    while (done < target.size() && offset < size) {
        usize const in_page = static_cast<usize>(offset & kPageMask);
        u64 count = kPageSize - in_page;
        if (count > target.size() - done) count = target.size() - done;
        if (count > size - offset) count = size - offset;
        FileCache::Page const page = TRY(cache->get(offset >> kPageShift));
        memcpy(target.data() + done, cache->frames().data(page.frame) + in_page, count);
        done += count;
        offset += count;
    }
    return done;
}

}  // namespace drydock
