#include "core/syscall/handlers.h"
// Sockets: this kernel has no protocol family, and says so in the words of socket(2).

#include "core/syscall/call_support.h"

namespace drydock {

Result<i64> sys_socket(Call& call);
Result<i64> sys_socketpair(Call& call);
Result<i64> sys_connect(Call& call);
Result<i64> sys_accept(Call& call);
Result<i64> sys_accept4(Call& call);
Result<i64> sys_bind(Call& call);
Result<i64> sys_listen(Call& call);
Result<i64> sys_sendto(Call& call);
Result<i64> sys_recvfrom(Call& call);
Result<i64> sys_sendmsg(Call& call);
Result<i64> sys_recvmsg(Call& call);
Result<i64> sys_shutdown(Call& call);
Result<i64> sys_getsockname(Call& call);
Result<i64> sys_getpeername(Call& call);
Result<i64> sys_setsockopt(Call& call);
Result<i64> sys_getsockopt(Call& call);
Result<i64> sys_sendmmsg(Call& call);
Result<i64> sys_recvmmsg(Call& call);

namespace {

constexpr u32 kTypeMaximum = 10;

Result<i64> refuse_family(Call& call)
{
    // socket(2): the type's low bits, beside SOCK_NONBLOCK and SOCK_CLOEXEC.
    u32 const flags = call.word(1) & ~0xfu;
    if ((flags & ~(open_flags::kNonBlock | open_flags::kCloseOnExec)) != 0) return Errno::Inval;
    if ((call.word(1) & 0xf) > kTypeMaximum) return Errno::Inval;
    return Errno::AfNoSupport;
}

// No descriptor is a socket.
Result<i64> refuse_descriptor(Call& call)
{
    TRY(file_of(call, call.word(0)));
    return Errno::NotSock;
}

}  // namespace

Result<i64> sys_socket(Call& call) { return refuse_family(call); }
Result<i64> sys_socketpair(Call& call) { return refuse_family(call); }
Result<i64> sys_connect(Call& call) { return refuse_descriptor(call); }
Result<i64> sys_accept(Call& call) { return refuse_descriptor(call); }
Result<i64> sys_accept4(Call& call) { return refuse_descriptor(call); }
Result<i64> sys_bind(Call& call) { return refuse_descriptor(call); }
Result<i64> sys_listen(Call& call) { return refuse_descriptor(call); }
Result<i64> sys_sendto(Call& call) { return refuse_descriptor(call); }
Result<i64> sys_recvfrom(Call& call) { return refuse_descriptor(call); }
Result<i64> sys_sendmsg(Call& call) { return refuse_descriptor(call); }
Result<i64> sys_recvmsg(Call& call) { return refuse_descriptor(call); }
Result<i64> sys_shutdown(Call& call) { return refuse_descriptor(call); }
Result<i64> sys_getsockname(Call& call) { return refuse_descriptor(call); }
Result<i64> sys_getpeername(Call& call) { return refuse_descriptor(call); }
Result<i64> sys_setsockopt(Call& call) { return refuse_descriptor(call); }
Result<i64> sys_getsockopt(Call& call) { return refuse_descriptor(call); }
Result<i64> sys_sendmmsg(Call& call) { return refuse_descriptor(call); }
Result<i64> sys_recvmmsg(Call& call) { return refuse_descriptor(call); }

}  // namespace drydock
