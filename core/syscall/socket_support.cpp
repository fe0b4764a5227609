#include "core/syscall/socket_support.h"

#include "core/syscall/path_argument.h"

namespace drydock {

namespace {

constexpr i32 kWorkingDirectory = -100;  // AT_FDCWD
constexpr u32 kStorageSize = 128;        // struct sockaddr_storage

}  // namespace

Result<Ref<Socket>> socket_of(Call& call, u32 descriptor)
{
    Ref<File> const file = TRY(file_of(call, descriptor));
    if (file->kind() != FileKind::Socket) return Errno::NotSock;
    return Ref<Socket>(static_cast<Socket*>(file.get()));
}

UserCredentials peer_identity(Call& call)
{
    Credentials const& own = call.thread.credentials;
    return {call.process().pid(), own.euid, own.egid};
}

UserCredentials sender_identity(Call& call)
{
    Credentials const& own = call.thread.credentials;
    return {call.process().pid(), own.uid, own.gid};
}

StringView GivenAddress::path() const
{
    u32 length = 0;
    while (length < size - kSocketNameOffset && name[length] != 0) ++length;
    return {name, length};
}

Result<GivenAddress> read_address(Call& call, UserAddr source, u64 size)
{
    GivenAddress given;
    if (static_cast<i32>(size) < 0 || size > kStorageSize) return Errno::Inval;
    if (size == 0) return given;
    char bytes[kStorageSize] = {};
    TRY(call.space().read_bytes({reinterpret_cast<std::byte*>(bytes), size}, source));
    given.size = static_cast<u32>(size);
    memcpy(&given.family, bytes, size < 2 ? size : 2);
    if (size <= kSocketNameOffset + kSocketNameMaximum && size > kSocketNameOffset) {
        memcpy(given.name, bytes + kSocketNameOffset, size - kSocketNameOffset);
    }
    return given;
}

Result<void> check_address(GivenAddress const& given)
{
    if (given.size <= kSocketNameOffset) return Errno::Inval;
    if (given.size > kSocketNameOffset + kSocketNameMaximum) return Errno::Inval;
    if (given.family != kAddressFamilyUnix) return Errno::Inval;
    return {};
}

Result<SocketAddress> find_address(Call& call, GivenAddress const& given)
{
    TRY(check_address(given));
    SocketAddress address;
    if (given.is_abstract()) {
        address.size = given.size - kSocketNameOffset;
        memcpy(address.bytes, given.name, address.size);
        return address;
    }
    Resolver const resolver = TRY(resolver_for(call, kWorkingDirectory, given.path()));
    Path const path = TRY(call.system().vfs.resolve(resolver, given.path(), {true, false}));
    constexpr u32 kWrite = 2;
    TRY(call.system().vfs.check_access(path.inode(), kWrite, call.thread.credentials));
    if (path.inode().type() != InodeType::Socket) return Errno::ConnRefused;
    address.inode = Ref<Inode>(&path.inode());
    return address;
}

Result<void> write_address(Call& call,
                           Ref<SocketName> const& name,
                           UserAddr target,
                           UserAddr size_pointer)
{
    i32 const room = TRY(call.space().read<i32>(size_pointer));
    if (room < 0) return Errno::Inval;
    u16 const family = kAddressFamilyUnix;
    char bytes[kSocketNameOffset + kSocketNameMaximum + 1] = {};
    u32 size = kSocketNameOffset;
    memcpy(bytes, &family, sizeof(family));
    if (name) {
        memcpy(bytes + size, name->address.bytes, sizeof(name->address.bytes));
        size += name->address.size;
    }
    u32 const part = static_cast<u32>(room) < size ? static_cast<u32>(room) : size;
    TRY(call.space().write_bytes(target, {reinterpret_cast<std::byte const*>(bytes), part}));
    TRY(call.space().write(size_pointer, size));
    return {};
}

Result<void> write_sender(Call& call,
                          Ref<SocketName> const& name,
                          UserAddr target,
                          UserAddr size_pointer)
{
    if (target.is_null()) return {};
    if (name) return write_address(call, name, target, size_pointer);
    i32 const room = TRY(call.space().read<i32>(size_pointer));
    if (room < 0) return Errno::Inval;
    TRY(call.space().write(size_pointer, u32{0}));
    return {};
}

}  // namespace drydock
