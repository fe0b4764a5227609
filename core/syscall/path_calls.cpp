// Calls that make, move and remove names.

#include "core/syscall/call_support.h"
#include "core/syscall/handlers.h"
#include "core/syscall/path_argument.h"

namespace drydock {

namespace {

Vfs& vfs_of(Call& call) { return call.system().vfs; }

// What is wrong whatever the path is (fs/open.c, build_open_flags).
Result<void> check_open_flags(u32 flags)
{
    using namespace open_flags;
    if ((flags & kPath) != 0) return {};
    if ((flags & (kCreate | kDirectory)) == (kCreate | kDirectory)) return Errno::Inval;
    bool const is_nameless = (flags & kTemporary & ~kDirectory) != 0;
    if (!is_nameless) return {};
    bool const can_write = (flags & kAccessMode) != kReadOnly;
    return (flags & kDirectory) != 0 && can_write ? Result<void>{} : Result<void>{Errno::Inval};
}

Result<i64> open_at(Call& call, i32 directory, UserAddr address, u32 flags, u32 permissions)
{
    using namespace open_flags;
    TRY(check_open_flags(flags));
    PathArgument const path = TRY(PathArgument::read(call, address));
    FileTable& files = *call.thread.files;
    // open(2), EMFILE: found out before anything is created.
    TRY(files.check_free(descriptor_limit(call)));
    Resolver const resolver = TRY(resolver_for(call, directory, path.text()));
    // On x86-64 every open is one for large files.
    u32 const wanted = (flags & kPath) != 0 ? flags : flags | kLargeFile;
    Ref<File> file = TRY(vfs_of(call).open(resolver, path.text(), wanted, permissions & 07777));
    bool const closes = (flags & kCloseOnExec) != 0;
    u32 const descriptor = TRY(files.add(std::move(file), closes, 0, descriptor_limit(call)));
    return i64{descriptor};
}

Result<i64> make_directory_at(Call& call, i32 directory, UserAddr address, u32 permissions)
{
    PathArgument const path = TRY(PathArgument::read(call, address));
    Resolver const resolver = TRY(resolver_for(call, directory, path.text()));
    TRY(vfs_of(call).make_directory(resolver, path.text(), permissions));
    return i64{0};
}

Result<i64> make_node_at(Call& call, i32 directory, UserAddr address, u32 mode, u32 device)
{
    constexpr u32 kTypeBits = 0170000;
    // mknod(2): a type of zero is a regular file; the kernel's device encoding is also the user's.
    u32 const type =
        (mode & kTypeBits) == 0 ? static_cast<u32>(InodeType::Regular) : mode & kTypeBits;
    switch (type) {
    case static_cast<u32>(InodeType::Regular):
    case static_cast<u32>(InodeType::Fifo):
    case static_cast<u32>(InodeType::Socket):
    case static_cast<u32>(InodeType::CharacterDevice):
    case static_cast<u32>(InodeType::BlockDevice): break;
    case static_cast<u32>(InodeType::Directory): return Errno::Perm;
    default: return Errno::Inval;
    }
    // The type comes first (fs/namei.c, do_mknodat()).
    PathArgument const path = TRY(PathArgument::read(call, address));
    Resolver const resolver = TRY(resolver_for(call, directory, path.text()));
    TRY(vfs_of(call).make_node(
        resolver, path.text(), static_cast<InodeType>(type), mode & 07777, device));
    return i64{0};
}

Result<i64> unlink_at(Call& call, i32 directory, UserAddr address, bool is_directory)
{
    PathArgument const path = TRY(PathArgument::read(call, address));
    Resolver const resolver = TRY(resolver_for(call, directory, path.text()));
    if (is_directory) {
        TRY(vfs_of(call).remove_directory(resolver, path.text()));
    } else {
        TRY(vfs_of(call).unlink(resolver, path.text()));
    }
    return i64{0};
}

Result<i64> symlink_at(Call& call, UserAddr target, i32 directory, UserAddr address)
{
    PathArgument const text = TRY(PathArgument::read(call, target));
    if (text.is_empty()) return Errno::NoEnt;
    PathArgument const path = TRY(PathArgument::read(call, address));
    Resolver const resolver = TRY(resolver_for(call, directory, path.text()));
    TRY(vfs_of(call).make_symlink(resolver, text.text(), path.text()));
    return i64{0};
}

struct LinkArguments {
    i32 old_directory = kAtWorkingDirectory;
    UserAddr old_path{};
    i32 new_directory = kAtWorkingDirectory;
    UserAddr new_path{};
};

Result<i64> link_at(Call& call, LinkArguments const& arguments, u32 flags)
{
    if ((flags & ~(kAtSymlinkFollow | kAtEmptyPath)) != 0) return Errno::Inval;
    u32 lookup = flags & kAtEmptyPath;
    // link(2): CAP_DAC_READ_SEARCH for a descriptor without a path.
    if (lookup != 0 && !call.thread.credentials.has(Capability::DacReadSearch)) return Errno::NoEnt;
    if ((flags & kAtSymlinkFollow) == 0) lookup |= kAtSymlinkNoFollow;
    Path const target = TRY(locate(call, arguments.old_directory, arguments.old_path, lookup));
    PathArgument const path = TRY(PathArgument::read(call, arguments.new_path));
    Resolver const resolver = TRY(resolver_for(call, arguments.new_directory, path.text()));
    TRY(vfs_of(call).make_link(target, resolver, path.text()));
    return i64{0};
}

Result<i64> rename_at(Call& call, LinkArguments const& arguments, u32 flags)
{
    constexpr u32 kNoReplace = 1, kExchange = 2, kWhiteout = 4;
    if ((flags & ~(kNoReplace | kExchange | kWhiteout)) != 0) return Errno::Inval;
    if ((flags & kExchange) != 0 && flags != kExchange) return Errno::Inval;
    PathArgument const source = TRY(PathArgument::read(call, arguments.old_path));
    Resolver const from = TRY(resolver_for(call, arguments.old_directory, source.text()));
    Result<PathArgument> target_text = PathArgument::read(call, arguments.new_path);
    if (target_text.is_error()) {
        // Linux finds the first directory before it looks at the second pointer.
        TRY(vfs_of(call).check_parent(from, source.text()));
        return target_text.error();
    }
    PathArgument const target = target_text.take();
    Resolver const to = TRY(resolver_for(call, arguments.new_directory, target.text()));
    Vfs::RenameOptions options;
    options.no_replace = (flags & kNoReplace) != 0;
    options.exchange = (flags & kExchange) != 0;
    options.leaves_whiteout = (flags & kWhiteout) != 0;
    TRY(vfs_of(call).rename(from, source.text(), to, target.text(), options));
    return i64{0};
}

Result<i64> read_link_at(Call& call, i32 directory, StringView text, UserAddr target, i32 size)
{
    if (size <= 0) return Errno::Inval;
    // readlinkat(2): an empty path means the link that the descriptor was opened on.
    Path const path = TRY(locate_text(
        call, directory, text, kAtSymlinkNoFollow | kAtEmptyPath, call.thread.credentials));
    usize const capacity =
        static_cast<usize>(size) < kPathMaximum ? static_cast<usize>(size) : kPathMaximum;
    constexpr usize kFew = 256;
    char few[kFew];
    Buffer storage;
    if (capacity > kFew) storage = TRY(Buffer::create(call.system().heap, capacity));
    char* const letters = capacity > kFew ? reinterpret_cast<char*>(storage.data()) : few;
    Result<usize> read = path.inode().read_link({letters, capacity});
    // Linux do_readlinkat(): what is no link is not there if it was named by a descriptor alone.
    if (read.is_error()) {
        if (read.error() != Errno::Inval) return read.error();
        return text.is_empty() ? Errno::NoEnt : Errno::Inval;
    }
    usize const length = read.take();
    Vfs::note_access(path);
    TRY(call.space().write_bytes(target, {reinterpret_cast<std::byte*>(letters), length}));
    return static_cast<i64>(length);
}

}  // namespace

Result<i64> sys_open(Call& call)
{
    return open_at(call, kAtWorkingDirectory, call.address(0), call.word(1), call.word(2));
}

Result<i64> sys_openat(Call& call)
{
    return open_at(call, call.integer(0), call.address(1), call.word(2), call.word(3));
}

Result<i64> sys_creat(Call& call)
{
    using namespace open_flags;
    u32 const flags = kCreate | kWriteOnly | kTruncate;
    return open_at(call, kAtWorkingDirectory, call.address(0), flags, call.word(1));
}

Result<i64> sys_mkdir(Call& call)
{
    return make_directory_at(call, kAtWorkingDirectory, call.address(0), call.word(1));
}

Result<i64> sys_mkdirat(Call& call)
{
    return make_directory_at(call, call.integer(0), call.address(1), call.word(2));
}

Result<i64> sys_mknod(Call& call)
{
    return make_node_at(call, kAtWorkingDirectory, call.address(0), call.word(1), call.word(2));
}

Result<i64> sys_mknodat(Call& call)
{
    return make_node_at(call, call.integer(0), call.address(1), call.word(2), call.word(3));
}

Result<i64> sys_rmdir(Call& call)
{
    return unlink_at(call, kAtWorkingDirectory, call.address(0), true);
}

Result<i64> sys_unlink(Call& call)
{
    return unlink_at(call, kAtWorkingDirectory, call.address(0), false);
}

Result<i64> sys_unlinkat(Call& call)
{
    u32 const flags = call.word(2);
    if ((flags & ~kAtRemoveDirectory) != 0) return Errno::Inval;
    return unlink_at(call, call.integer(0), call.address(1), flags != 0);
}

Result<i64> sys_symlink(Call& call)
{
    return symlink_at(call, call.address(0), kAtWorkingDirectory, call.address(1));
}

Result<i64> sys_symlinkat(Call& call)
{
    return symlink_at(call, call.address(0), call.integer(1), call.address(2));
}

Result<i64> sys_link(Call& call)
{
    LinkArguments arguments;
    arguments.old_path = call.address(0);
    arguments.new_path = call.address(1);
    return link_at(call, arguments, 0);
}

Result<i64> sys_linkat(Call& call)
{
    LinkArguments const arguments{
        call.integer(0), call.address(1), call.integer(2), call.address(3)};
    return link_at(call, arguments, call.word(4));
}

Result<i64> sys_rename(Call& call)
{
    LinkArguments arguments;
    arguments.old_path = call.address(0);
    arguments.new_path = call.address(1);
    return rename_at(call, arguments, 0);
}

Result<i64> sys_renameat(Call& call)
{
    LinkArguments const arguments{
        call.integer(0), call.address(1), call.integer(2), call.address(3)};
    return rename_at(call, arguments, 0);
}

Result<i64> sys_renameat2(Call& call)
{
    LinkArguments const arguments{
        call.integer(0), call.address(1), call.integer(2), call.address(3)};
    return rename_at(call, arguments, call.word(4));
}

Result<i64> sys_readlink(Call& call)
{
    PathArgument const path = TRY(PathArgument::read(call, call.address(0)));
    if (path.is_empty()) return Errno::NoEnt;
    return read_link_at(call, kAtWorkingDirectory, path.text(), call.address(1), call.integer(2));
}

Result<i64> sys_readlinkat(Call& call)
{
    if (call.integer(3) <= 0) return Errno::Inval;
    PathArgument const path = TRY(PathArgument::read(call, call.address(1)));
    return read_link_at(call, call.integer(0), path.text(), call.address(2), call.integer(3));
}

}  // namespace drydock
