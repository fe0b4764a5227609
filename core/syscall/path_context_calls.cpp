// Calls about where a process stands: chdir(2), chroot(2), getcwd(2), umask(2), sync(2).

#include "core/procfs/proc_fs.h"
#include "core/syscall/call_support.h"
#include "core/syscall/handlers.h"
#include "core/syscall/path_argument.h"

namespace drydock {

namespace {

constexpr u32 kSearch = 1;

Result<Path> locate_directory(Call& call, UserAddr address)
{
    PathArgument const path = TRY(PathArgument::read(call, address));
    Resolver const resolver = TRY(resolver_for(call, kAtWorkingDirectory, path.text()));
    LookupOptions options;
    options.must_be_directory = true;
    Path place = TRY(call.system().vfs.resolve(resolver, path.text(), options));
    TRY(call.system().vfs.check_access(place.inode(), kSearch, call.thread.credentials));
    return place;
}

constexpr usize kShortName = 128;

// A working directory's name for the user. It ends with the last byte but one of its memory, which
// is zero.
Result<i64> hand_out_name(Call& call, StringView name)
{
    usize const size = name.size() + 1;
    if (size > call[1]) return Errno::Range;
    auto const* const bytes = reinterpret_cast<std::byte const*>(name.data());
    TRY(call.space().write_bytes(call.address(0), {bytes, size}));
    return static_cast<i64>(size);
}

}  // namespace

Result<i64> sys_chdir(Call& call)
{
    call.thread.file_context->working_directory = TRY(locate_directory(call, call.address(0)));
    return i64{0};
}

Result<i64> sys_fchdir(Call& call)
{
    Ref<File> const file = TRY(any_file_of(call, call.word(0)));
    if (file->path().is_empty() || file->inode().type() != InodeType::Directory)
        return Errno::NotDir;
    TRY(call.system().vfs.check_access(file->inode(), kSearch, call.thread.credentials));
    call.thread.file_context->working_directory = file->path();
    return i64{0};
}

Result<i64> sys_chroot(Call& call)
{
    Path place = TRY(locate_directory(call, call.address(0)));
    if (!call.thread.credentials.has(Capability::SysChroot)) return Errno::Perm;
    call.thread.file_context->root = std::move(place);
    return i64{0};
}

Result<i64> sys_getcwd(Call& call)
{
    FileSystemContext& context = *call.thread.file_context;
    auto const name_in = [&](Span<char> target) {
        return call.system().vfs.name_of(context.working_directory, context.root, target);
    };
    // Names are short: a page for the longest is taken only when it is needed.
    char few[kShortName] = {};
    Result<StringView> short_name = name_in({few, kShortName - 1});
    if (short_name.is_ok()) return hand_out_name(call, short_name.value());
    if (short_name.error() != Errno::Range) return short_name.error();
    Buffer const storage = TRY(Buffer::create(call.system().heap, kPathMaximum));
    auto* const letters = reinterpret_cast<char*>(storage.data());
    Result<StringView> name = name_in({letters, kPathMaximum - 1});
    if (name.is_ok()) return hand_out_name(call, name.value());
    return name.error() == Errno::Range ? Errno::NameTooLong : name.error();
}

Result<i64> sys_umask(Call& call)
{
    FileSystemContext& context = *call.thread.file_context;
    u32 const old = context.umask;
    context.umask = call.word(0) & 0777;
    return i64{old};
}

Result<i64> sys_sync(Call&) { return i64{0}; }

// fsync(2): EINVAL for files that cannot be synchronized. Everything is in memory.
Result<i64> sys_fsync(Call& call)
{
    Ref<File> const file = TRY(file_of(call, call.word(0)));
    InodeType const type = file->inode().type();
    // Files of /proc have no such operation.
    bool const is_stored = (type == InodeType::Regular || type == InodeType::Directory) &&
                           file->inode().file_system().magic() != ProcFs::kMagic;
    return is_stored ? Result<i64>(0) : Result<i64>(Errno::Inval);
}

Result<i64> sys_fdatasync(Call& call) { return sys_fsync(call); }

Result<i64> sys_syncfs(Call& call)
{
    TRY(file_of(call, call.word(0)));
    return i64{0};
}

}  // namespace drydock
