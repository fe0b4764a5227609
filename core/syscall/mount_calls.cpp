// What is mounted where: mount(2), umount2(2), pivot_root(2).

#include "core/syscall/call_support.h"
#include "core/syscall/handlers.h"
#include "core/syscall/path_argument.h"

namespace drydock {

namespace {

MountTable& table_of(Call& call) { return call.system().vfs.mounts(); }
MountNamespace& space_of(Call& call) { return *call.thread.file_context->mounts; }

// Source and type: nothing where there is none. Errno::Inval if it is too long (fs/namespace.c,
// copy_mount_string).
Result<PathArgument> read_name(Call& call, UserAddr address)
{
    if (address.is_null()) return PathArgument{};
    Result<PathArgument> name = PathArgument::read(call, address);
    if (name.is_error() && name.error() == Errno::NameTooLong) return Errno::Inval;
    return name;
}

// A page of options, or what is there of it; they end at a zero byte (copy_mount_options).
Result<Buffer> read_options(Call& call, UserAddr address)
{
    if (address.is_null()) return Buffer{};
    Buffer page = TRY(Buffer::create(call.system().heap, kPageSize));
    usize const count = call.space().copy_in(page.bytes().first(kPageSize - 1), address);
    if (count == 0) return Errno::Fault;
    return page;
}

StringView options_of(Buffer const& page)
{
    if (page.size() == 0) return {};
    return StringView::from_c_string(reinterpret_cast<char const*>(page.data()));
}

// The flags of the mount itself, with what mount(2) says about access times.
u32 mount_flags_of(u64 flags, Mount const& mount)
{
    using namespace mount_flags;
    u32 kept = static_cast<u32>(flags) & ~kRelatime;
    if ((kept & kNoAtime) == 0) kept |= kRelatime;
    if ((flags & kStrictAtime) != 0) kept &= ~(kRelatime | kNoAtime);
    constexpr u32 kAnyAtime = kAtimeMask | kStrictAtime;
    if ((flags & kRemount) != 0 && (flags & kAnyAtime) == 0) {
        kept = (kept & ~kAtimeMask) | (mount.flags() & kAtimeMask);
    }
    return kept;
}

Result<Path> locate_source(Call& call)
{
    // MS_BIND and MS_MOVE without a source: EINVAL.
    if (call.address(0).is_null()) return Errno::Inval;
    PathArgument const name = TRY(PathArgument::read(call, call.address(0)));
    if (name.is_empty()) return Errno::Inval;
    return locate(call, kAtWorkingDirectory, call.address(0), 0);
}

Result<void> mount_at(
    Call& call, Path const& where, u64 flags, MountTable::Request const& request, bool has_type)
{
    using namespace mount_flags;
    MountTable& table = table_of(call);
    MountNamespace& space = space_of(call);
    if ((flags & kRemount) != 0) return table.remount(space, where, request);
    if ((flags & kBind) != 0) {
        Path const source = TRY(locate_source(call));
        return table.bind(space, source, where, static_cast<u32>(flags));
    }
    if ((flags & kPropagation) != 0) {
        return table.set_propagation(space, where, static_cast<u32>(flags));
    }
    if ((flags & kMove) != 0) {
        Path const source = TRY(locate_source(call));
        return table.move(space, source, where);
    }
    if (!has_type) return Errno::Inval;
    return table.mount_new(space, where, request);
}

Result<Path> locate_directory(Call& call, UserAddr address)
{
    PathArgument const path = TRY(PathArgument::read(call, address));
    Resolver const resolver = TRY(resolver_for(call, kAtWorkingDirectory, path.text()));
    LookupOptions options;
    options.must_be_directory = true;
    return call.system().vfs.resolve(resolver, path.text(), options);
}

}  // namespace

Result<i64> sys_mount(Call& call)
{
    constexpr u64 kMagicMask = 0xffff'0000, kMagic = 0xc0ed'0000, kNoUser = u64{1} << 31;
    u64 flags = call[3];
    // mount(2), NOTES: the magic number of old calls is dropped.
    if ((flags & kMagicMask) == kMagic) flags &= ~kMagicMask;
    PathArgument const type = TRY(read_name(call, call.address(2)));
    PathArgument const source = TRY(read_name(call, call.address(0)));
    Buffer const options = TRY(read_options(call, call.address(4)));
    Path const where = TRY(locate(call, kAtWorkingDirectory, call.address(1), 0));
    if ((flags & kNoUser) != 0) return Errno::Inval;
    if (!call.thread.credentials.has(Capability::SysAdmin)) return Errno::Perm;
    MountTable::Request request;
    request.type = type.text();
    request.source = call.address(0).is_null() ? StringView("none") : source.text();
    request.options = options_of(options);
    request.flags = mount_flags_of(flags, *where.mount());
    TRY(mount_at(call, where, flags, request, !call.address(2).is_null()));
    return i64{0};
}

Result<i64> sys_umount2(Call& call)
{
    constexpr u32 kForce = 1, kDetach = 2, kExpire = 4, kNoFollow = 8;
    u32 const flags = call.word(1);
    if ((flags & ~(kForce | kDetach | kExpire | kNoFollow)) != 0) return Errno::Inval;
    u32 const lookup = (flags & kNoFollow) != 0 ? kAtSymlinkNoFollow : 0;
    Path const where = TRY(locate(call, kAtWorkingDirectory, call.address(0), lookup));
    if (!call.thread.credentials.has(Capability::SysAdmin)) return Errno::Perm;
    MountTable::UnmountOptions options;
    options.detach = (flags & kDetach) != 0;
    options.expire = (flags & kExpire) != 0;
    if (options.expire && (flags & kForce) != 0) return Errno::Inval;
    options.root = &call.thread.file_context->root;
    TRY(table_of(call).unmount(space_of(call), where, options));
    return i64{0};
}

Result<i64> sys_pivot_root(Call& call)
{
    if (!call.thread.credentials.has(Capability::SysAdmin)) return Errno::Perm;
    Path const new_root = TRY(locate_directory(call, call.address(0)));
    Path const put_old = TRY(locate_directory(call, call.address(1)));
    Path const root = call.thread.file_context->root;
    TRY(table_of(call).pivot(space_of(call), root, new_root, put_old));
    call.system().processes.move_roots(root, new_root);
    return i64{0};
}

}  // namespace drydock
