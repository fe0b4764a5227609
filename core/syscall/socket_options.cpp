// getsockopt(2), setsockopt(2) at level SOL_SOCKET (socket(7)); local sockets have no other.

#include "core/abi/time.h"
#include "core/syscall/handlers.h"
#include "core/syscall/socket_support.h"
#include "core/syscall/task_numbers.h"

namespace drydock {

namespace {

enum Option : u32 {
    kDebug = 1,
    kReuseAddress = 2,
    kType = 3,
    kError = 4,
    kDontRoute = 5,
    kBroadcast = 6,
    kSendBuffer = 7,
    kReceiveBuffer = 8,
    kKeepAlive = 9,
    kOutOfBandInline = 10,
    kPriority = 12,
    kLinger = 13,
    kReusePort = 15,
    kPassCredentials = 16,
    kPeerCredentials = 17,
    kReceiveLow = 18,
    kSendLow = 19,
    kReceiveTimeout = 20,
    kSendTimeout = 21,
    kAcceptConnection = 30,
    kSendBufferForce = 32,
    kReceiveBufferForce = 33,
    kProtocol = 38,
    kDomain = 39,
};

// What is kept and told again, and has no effect on local sockets.
constexpr u32 kSwitches = 1u << kReuseAddress | 1u << kDontRoute | 1u << kBroadcast |
                          1u << kKeepAlive | 1u << kOutOfBandInline;

struct LingerValue {
    i32 is_on = 0;
    i32 seconds = 0;
};

Result<Ticks> timeout_of(Timeval const& value)
{
    constexpr i64 kMicrosPerSecond = 1'000'000;
    constexpr i64 kMostSeconds = 1'000'000'000;
    if (value.microseconds < 0 || value.microseconds >= kMicrosPerSecond) return Errno::Dom;
    // What has passed already ends every wait at once.
    if (value.seconds < 0) return Ticks{1};
    if (value.seconds > kMostSeconds) return Ticks{0};
    return static_cast<u64>(value.seconds) * kNanosPerSecond +
           static_cast<u64>(value.microseconds) * 1000;
}

Timeval time_of(Ticks timeout)
{
    return {static_cast<i64>(timeout / kNanosPerSecond),
            static_cast<i64>(timeout % kNanosPerSecond / 1000)};
}

// Linux doubles what is asked for and keeps it within bounds (net/core/sock.c).
u32 buffer_size(u32 wanted, u32 least, bool is_forced)
{
    constexpr u32 kMost = 212'992;  // net.core.wmem_max
    constexpr u32 kLargest = 0x3fff'ffff;
    if (!is_forced && wanted > kMost) wanted = kMost;
    if (wanted > kLargest) wanted = kLargest;
    return wanted * 2 < least ? least : wanted * 2;
}

// An integer option. Errno::NoProtoOpt.
Result<i32> option_value(Socket& socket, u32 option)
{
    SocketOptions const& options = socket.options();
    switch (option) {
    case kDebug:
    case kReusePort:
    case kProtocol: return i32{0};
    case kType: return static_cast<i32>(socket.type());
    case kError: return static_cast<i32>(socket.take_error());
    case kSendBuffer: return static_cast<i32>(options.send_buffer);
    case kReceiveBuffer: return static_cast<i32>(options.receive_buffer);
    case kPriority: return static_cast<i32>(options.priority);
    case kPassCredentials: return i32{options.passes_credentials};
    case kReceiveLow: return static_cast<i32>(options.low_water);
    case kSendLow: return i32{1};
    case kAcceptConnection: return i32{socket.is_listening()};
    case kDomain: return static_cast<i32>(kAddressFamilyUnix);
    default: break;
    }
    if (option >= 32 || (kSwitches >> option & 1) == 0) return Errno::NoProtoOpt;
    return static_cast<i32>(options.switches >> option & 1);
}

Result<i64> answer(Call& call, ConstBytes value, u32 room)
{
    u32 const size = value.size() < room ? static_cast<u32>(value.size()) : room;
    TRY(call.space().write_bytes(call.address(3), value.first(size)));
    TRY(call.space().write(call.address(4), size));
    return i64{0};
}

template <typename T>
Result<i64> answer_with(Call& call, T const& value, u32 room)
{
    return answer(call, {reinterpret_cast<std::byte const*>(&value), sizeof(value)}, room);
}

Result<void> set_value(Call& call, Socket& socket, u32 option, i32 value)
{
    SocketOptions& options = socket.options();
    constexpr u32 kSendLeast = 4608, kReceiveLeast = 2304;
    u32 const size = static_cast<u32>(value);
    bool const is_privileged = call.thread.credentials.has(Capability::NetAdmin);
    switch (option) {
    case kSendBufferForce:
    case kReceiveBufferForce:
    case kDebug:
        if (!is_privileged) return option == kDebug ? Errno::Acces : Errno::Perm;
        if (option == kSendBufferForce) options.send_buffer = buffer_size(size, kSendLeast, true);
        if (option == kReceiveBufferForce) {
            options.receive_buffer = buffer_size(size, kReceiveLeast, true);
        }
        return {};
    case kSendBuffer: options.send_buffer = buffer_size(size, kSendLeast, false); return {};
    case kReceiveBuffer:
        options.receive_buffer = buffer_size(size, kReceiveLeast, false);
        return {};
    case kPriority:
        if ((value < 0 || value > 6) && !is_privileged) return Errno::Perm;
        options.priority = size;
        return {};
    case kPassCredentials: options.passes_credentials = value != 0; return {};
    case kReceiveLow:
        options.low_water = value > 0 ? size : (value < 0 ? 0x7fff'ffff : 1);
        return {};
    default: break;
    }
    if (option >= 32 || (kSwitches >> option & 1) == 0) return Errno::NoProtoOpt;
    options.switches &= ~(1u << option);
    if (value != 0) options.switches |= 1u << option;
    return {};
}

}  // namespace

Result<i64> sys_getsockopt(Call& call)
{
    Ref<Socket> const socket = TRY(socket_of(call, call.word(0)));
    if (call.integer(1) != kSocketLevel) return Errno::OpNotSupp;
    i32 const size = TRY(call.space().read<i32>(call.address(4)));
    if (size < 0) return Errno::Inval;
    u32 const room = static_cast<u32>(size);
    SocketOptions const& options = socket->options();
    u32 const option = call.word(2);
    if (option == kPeerCredentials) {
        UserCredentials seen = socket->peer_credentials();
        seen.pid = seen_number(call, seen.pid);
        return answer_with(call, seen, room);
    }
    if (option == kLinger) {
        bool const is_on = options.linger_seconds >= 0;
        LingerValue const value{is_on, is_on ? options.linger_seconds : 0};
        return answer_with(call, value, room);
    }
    if (option == kReceiveTimeout) return answer_with(call, time_of(options.receive_timeout), room);
    if (option == kSendTimeout) return answer_with(call, time_of(options.send_timeout), room);
    i32 const value = TRY(option_value(*socket, option));
    return answer_with(call, value, room);
}

Result<i64> sys_setsockopt(Call& call)
{
    Ref<Socket> const socket = TRY(socket_of(call, call.word(0)));
    if (call.integer(4) < 0) return Errno::Inval;
    if (call.integer(1) != kSocketLevel) return Errno::OpNotSupp;
    u32 const option = call.word(2);
    u32 const size = call.word(4);
    if (size < sizeof(i32)) return Errno::Inval;
    if (option == kReceiveTimeout || option == kSendTimeout) {
        if (size < sizeof(Timeval)) return Errno::Inval;
        Timeval const value = TRY(call.space().read<Timeval>(call.address(3)));
        Ticks const timeout = TRY(timeout_of(value));
        SocketOptions& options = socket->options();
        (option == kSendTimeout ? options.send_timeout : options.receive_timeout) = timeout;
        return i64{0};
    }
    if (option == kLinger) {
        if (size < sizeof(LingerValue)) return Errno::Inval;
        LingerValue const value = TRY(call.space().read<LingerValue>(call.address(3)));
        socket->options().linger_seconds = value.is_on != 0 ? value.seconds : -1;
        return i64{0};
    }
    i32 const value = TRY(call.space().read<i32>(call.address(3)));
    TRY(set_value(call, *socket, option, value));
    return i64{0};
}

}  // namespace drydock
