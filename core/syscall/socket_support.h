#pragma once

// What the socket calls share: the socket behind a descriptor, addresses in user memory, who calls.

#include "core/socket/socket.h"
#include "core/syscall/call_support.h"

namespace drydock {

// Errno::BadF, NotSock.
Result<Ref<Socket>> socket_of(Call& call, u32 descriptor);
// The caller as SO_PEERCRED and listeners tell of him (effective ids), and as messages do (real
// ids).
UserCredentials peer_identity(Call& call);
UserCredentials sender_identity(Call& call);

// struct sockaddr_un as the user gave it. Errno::Inval, Fault.
struct GivenAddress {
    u32 size = 0;  // All of it; 0: none.
    u16 family = 0;
    char name[kSocketNameMaximum] = {};

    bool is_abstract() const { return size > kSocketNameOffset && name[0] == 0; }
    // The path, up to the first zero byte.
    StringView path() const;
};
Result<GivenAddress> read_address(Call& call, UserAddr source, u64 size);
// Errno::Inval for what names no local socket.
Result<void> check_address(GivenAddress const& given);
// The address of a socket to connect or send to. Errors as connect(2).
Result<SocketAddress> find_address(Call& call, GivenAddress const& given);
// As accept(2) and its kin return addresses: cut to what *size_pointer says, which gets the whole
// size. A null name is unnamed.
Result<void> write_address(Call& call,
                           Ref<SocketName> const& name,
                           UserAddr target,
                           UserAddr size_pointer);
// The same with a size of 0 for unnamed sockets (recvfrom(2)).
Result<void> write_sender(Call& call,
                          Ref<SocketName> const& name,
                          UserAddr target,
                          UserAddr size_pointer);

}  // namespace drydock
