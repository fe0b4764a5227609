// Sockets and their connections: socket(2), bind(2), connect(2), accept(2). Of the families there
// is only AF_UNIX.

#include "core/syscall/handlers.h"
#include "core/syscall/path_argument.h"
#include "core/syscall/socket_support.h"

namespace drydock {

namespace {

constexpr u32 kTypeMaximum = 10;
constexpr u32 kTypeRaw = 3;
constexpr i32 kWorkingDirectory = -100;  // AT_FDCWD

Result<void> check_type_flags(Call& call)
{
    u32 const flags = call.word(1) & ~0xfu;
    bool const is_known = (flags & ~(open_flags::kNonBlock | open_flags::kCloseOnExec)) == 0;
    return is_known ? Result<void>{} : Result<void>{Errno::Inval};
}

// The first three arguments of socket(2) and socketpair(2).
Result<SocketType> type_argument(Call& call)
{
    TRY(check_type_flags(call));
    u32 const type = call.word(1) & 0xf;
    if (call.word(0) >= kAddressFamilyMaximum) return Errno::AfNoSupport;
    if (type > kTypeMaximum) return Errno::Inval;
    if (call.word(0) != kAddressFamilyUnix) return Errno::AfNoSupport;
    if (call.word(2) != 0 && call.word(2) != kAddressFamilyUnix) return Errno::ProtoNoSupport;
    // Linux takes raw sockets for datagram sockets here.
    if (type == kTypeRaw) return SocketType::Datagram;
    for (SocketType const known :
         {SocketType::Stream, SocketType::Datagram, SocketType::SeqPacket}) {
        if (static_cast<u32>(known) == type) return known;
    }
    return Errno::SockTNoSupport;
}

Result<u32> add_socket(Call& call, Ref<Socket> const& socket, u32 flags)
{
    bool const closes = (flags & open_flags::kCloseOnExec) != 0;
    return call.thread.files->add(socket, closes, 0, descriptor_limit(call));
}

Result<Ref<Socket>> make_socket(Call& call, SocketType type)
{
    return Socket::create(call.system().vfs, type, call.word(1), call.thread.credentials);
}

Result<i64> accept_connection(Call& call, u32 flags)
{
    using namespace open_flags;
    TRY(file_of(call, call.word(0)));
    if ((flags & ~(kNonBlock | kCloseOnExec)) != 0) return Errno::Inval;
    Ref<Socket> const listener = TRY(socket_of(call, call.word(0)));
    FileTable& files = *call.thread.files;
    TRY(files.check_free(descriptor_limit(call)));
    bool const waits = !listener->is_non_blocking();
    Ref<Socket> const socket = TRY(listener->accept(listener->receive_deadline(waits)));
    socket->set_flags(kReadWrite | (flags & kNonBlock));
    if (!call.address(1).is_null()) {
        Result<Ref<SocketName>> peer = socket->peer_name();
        if (peer.is_error()) return Errno::ConnRefused;
        TRY(write_address(call, peer.value(), call.address(1), call.address(2)));
    }
    u32 const descriptor = TRY(add_socket(call, socket, flags));
    return i64{descriptor};
}

// A name in the file system: a node of its own.
Result<void> bind_path(Call& call, Socket& socket, GivenAddress const& given)
{
    Vfs& vfs = call.system().vfs;
    StringView const path = given.path();
    Resolver const resolver = TRY(resolver_for(call, kWorkingDirectory, path));
    constexpr u32 kPermissions = 0777;
    u32 const permissions = kPermissions & ~call.thread.file_context->umask;
    Result<void> const made = vfs.make_node(resolver, path, InodeType::Socket, permissions, 0);
    if (made.is_error()) return made.error() == Errno::Exist ? Errno::AddrInUse : made.error();
    Result<Path> node = vfs.resolve(resolver, path, {false, false});
    Result<void> bound = node.is_ok() ? Result<void>{} : Result<void>{node.error()};
    if (node.is_ok()) {
        SocketAddress address;
        address.size = static_cast<u32>(path.size()) + 1;
        memcpy(address.bytes, path.data(), path.size());
        address.inode = Ref<Inode>(&node.value().inode());
        bound = socket.bind(address);
    }
    if (bound.is_error()) {
        Result<void> const removed = vfs.unlink(resolver, path);
        static_cast<void>(removed.is_ok());
    }
    return bound;
}

}  // namespace

Result<i64> sys_socket(Call& call)
{
    SocketType const type = TRY(type_argument(call));
    Ref<Socket> const socket = TRY(make_socket(call, type));
    u32 const descriptor = TRY(add_socket(call, socket, call.word(1)));
    return i64{descriptor};
}

Result<i64> sys_socketpair(Call& call)
{
    // Linux numbers the descriptors and tells the caller before it looks at the rest
    // (net/socket.c, __sys_socketpair).
    TRY(check_type_flags(call));
    FileTable& files = *call.thread.files;
    u32 const limit = descriptor_limit(call);
    u32 const first_number = TRY(files.next_free(0, limit));
    u32 const second_number = TRY(files.next_free(first_number + 1, limit));
    u32 const numbers[2] = {first_number, second_number};
    TRY(call.space().write_bytes(call.address(3),
                                 {reinterpret_cast<std::byte const*>(numbers), sizeof(numbers)}));
    SocketType const type = TRY(type_argument(call));
    Ref<Socket> const first = TRY(make_socket(call, type));
    Ref<Socket> const second = TRY(make_socket(call, type));
    Socket::connect_pair(*first, *second, peer_identity(call));
    u32 const one = TRY(add_socket(call, first, call.word(1)));
    Result<u32> other = add_socket(call, second, call.word(1));
    if (other.is_error()) {
        MUST(files.close(one));
        return other.error();
    }
    ASSERT(one == first_number && other.value() == second_number);
    return i64{0};
}

Result<i64> sys_bind(Call& call)
{
    Ref<Socket> const socket = TRY(socket_of(call, call.word(0)));
    GivenAddress const given = TRY(read_address(call, call.address(1), call.word(2)));
    if (given.size == kSocketNameOffset && given.family == kAddressFamilyUnix) {
        TRY(socket->bind_automatically());
        return i64{0};
    }
    TRY(check_address(given));
    if (given.is_abstract()) {
        SocketAddress const address = TRY(find_address(call, given));
        TRY(socket->bind(address));
    } else {
        TRY(bind_path(call, *socket, given));
    }
    return i64{0};
}

Result<i64> sys_listen(Call& call)
{
    Ref<Socket> const socket = TRY(socket_of(call, call.word(0)));
    TRY(socket->listen(call.word(1), peer_identity(call)));
    return i64{0};
}

Result<i64> sys_connect(Call& call)
{
    TRY(file_of(call, call.word(0)));
    GivenAddress const given = TRY(read_address(call, call.address(1), call.word(2)));
    Ref<Socket> const socket = TRY(socket_of(call, call.word(0)));
    Ticks const deadline = socket->send_deadline(!socket->is_non_blocking());
    Credentials const& maker = call.thread.credentials;
    if (!socket->is_connection() && given.size < kSocketNameOffset) return Errno::Inval;
    bool const dissolves = !socket->is_connection() && given.family == kAddressFamilyUnspecified;
    if (dissolves) {
        TRY(socket->connect(nullptr, peer_identity(call), maker, deadline));
        return i64{0};
    }
    SocketAddress const target = TRY(find_address(call, given));
    TRY(socket->connect(&target, peer_identity(call), maker, deadline));
    return i64{0};
}

Result<i64> sys_accept(Call& call) { return accept_connection(call, 0); }
Result<i64> sys_accept4(Call& call) { return accept_connection(call, call.word(3)); }

Result<i64> sys_shutdown(Call& call)
{
    Ref<Socket> const socket = TRY(socket_of(call, call.word(0)));
    // SHUT_RD, SHUT_WR, SHUT_RDWR.
    if (call.word(1) > 2) return Errno::Inval;
    TRY(socket->shutdown(call.word(1) + 1));
    return i64{0};
}

Result<i64> sys_getsockname(Call& call)
{
    Ref<Socket> const socket = TRY(socket_of(call, call.word(0)));
    TRY(write_address(call, socket->name(), call.address(1), call.address(2)));
    return i64{0};
}

Result<i64> sys_getpeername(Call& call)
{
    Ref<Socket> const socket = TRY(socket_of(call, call.word(0)));
    Ref<SocketName> const name = TRY(socket->peer_name());
    TRY(write_address(call, name, call.address(1), call.address(2)));
    return i64{0};
}

}  // namespace drydock
