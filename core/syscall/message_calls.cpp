// Messages through sockets: send(2), recv(2) and their kin.

#include "core/syscall/control_data.h"
#include "core/syscall/handlers.h"
#include "core/syscall/poll_set.h"

namespace drydock {

using namespace message_flags;

namespace {

// UIO_MAXIOV
constexpr u32 kBatchMaximum = 1024;
// MSG_CMSG_COMPAT, which only the kernel itself sets.
constexpr u32 kCompat = 0x8000'0000;

bool may_wait(Socket const& socket, u32 flags)
{
    return (flags & kDontWait) == 0 && !socket.is_non_blocking();
}

// Where a datagram goes. Linux takes the message out of the caller's memory before it looks for the
// receiver (net/unix/af_unix.c, unix_dgram_sendmsg).
Result<SocketAddress> find_receiver(Call& call, GivenAddress const& given, IoBuffer& source)
{
    Result<SocketAddress> found = find_address(call, given);
    if (found.is_ok()) return found;
    if (TRY(source.prepare(source.remaining(), false)) < source.remaining()) return Errno::Fault;
    return found;
}

Result<i64> send_message(Call& call, Socket& socket, IoBuffer& source, SendRequest& request)
{
    request.deadline = socket.send_deadline(may_wait(socket, request.flags));
    if (request.files) {
        u64 const limit = call.process().limit(Resource::OpenFiles).soft;
        bool const is_limited = !call.thread.credentials.has_any(bit_of(Capability::SysResource) |
                                                                 bit_of(Capability::SysAdmin));
        if (is_limited && socket.passed_files() > limit) return Errno::TooManyRefs;
    }
    Result<usize> sent = socket.send(source, request);
    if (request.files) socket.drop_files(std::move(request.files));
    if (sent.is_ok()) return static_cast<i64>(sent.value());
    bool const signals = request.raises_signal && (request.flags & kNoSignal) == 0;
    if (sent.error() == Errno::Pipe && signals) return finish_write(call, Errno::Pipe);
    return sent.error();
}

Result<UserMessage> read_message(Call& call, UserAddr source)
{
    UserMessage message = TRY(call.space().read<UserMessage>(source));
    if (message.name == 0) message.name_size = 0;
    if (static_cast<i32>(message.name_size) < 0) return Errno::Inval;
    constexpr u32 kStorageSize = 128;
    if (message.name_size > kStorageSize) message.name_size = kStorageSize;
    if (message.vector_size > kIovecMaximum) return Errno::MsgSize;
    return message;
}

Result<i64> send_one(Call& call, Socket& socket, UserMessage const& message, u32 flags)
{
    SegmentList segments;
    TRY(segments.load(call, UserAddr{message.vector}, message.vector_size));
    SendRequest request;
    request.flags = flags;
    request.credentials = sender_identity(call);
    GivenAddress const given = TRY(read_address(call, {message.name}, message.name_size));
    TRY(read_control(call, UserAddr{message.control}, message.control_size, request));
    IoBuffer source = segments.buffer(call);
    SocketAddress target;
    if (given.size > 0 && socket.type() == SocketType::Datagram) {
        target = TRY(find_receiver(call, given, source));
    }
    // A connection only says that it has a peer already.
    if (given.size > 0) request.target = &target;
    return send_message(call, socket, source, request);
}

struct Delivery {
    i64 size = 0;
    u32 flags = 0;
};

Result<Delivery> receive_one(Call& call, Socket& socket, UserAddr header, u32 flags)
{
    UserMessage const message = TRY(read_message(call, header));
    SegmentList segments;
    TRY(segments.load(call, UserAddr{message.vector}, message.vector_size));
    IoBuffer target = segments.buffer(call);
    ReceiveRequest const request{flags, socket.receive_deadline(may_wait(socket, flags))};
    Received received = TRY(socket.receive(target, request));
    Delivery delivery{static_cast<i64>(received.size), received.flags};
    bool const close_on_exec = (flags & kCloseOnExec) != 0;
    ControlResult const control = write_control(
        call, socket, UserAddr{message.control}, message.control_size, close_on_exec, received);
    delivery.flags |= control.flags | (flags & kCloseOnExec);
    UserAddr const name_size = header + offsetof(UserMessage, name_size);
    TRY(write_sender(call, received.name, UserAddr{message.name}, name_size));
    TRY(call.space().write(header + offsetof(UserMessage, flags), delivery.flags));
    TRY(call.space().write(header + offsetof(UserMessage, control_size), control.size));
    return delivery;
}

}  // namespace

Result<i64> write_socket(Call& call, Socket& socket, IoBuffer& source)
{
    SendRequest request;
    request.credentials = sender_identity(call);
    return send_message(call, socket, source, request);
}

Result<i64> sys_sendto(Call& call)
{
    Ref<Socket> const socket = TRY(socket_of(call, call.word(0)));
    UserMessage message;
    message.name = call[4];
    message.name_size = call.address(4).is_null() ? 0 : call.word(5);
    GivenAddress const given = TRY(read_address(call, {message.name}, message.name_size));
    u64 const size = call[2] < kTransferMaximum ? call[2] : kTransferMaximum;
    TRY(check_user_range(call.address(1), size));
    IoBuffer source = IoBuffer::user(call.space(), call.address(1), size);
    SendRequest request;
    request.flags = call.word(3);
    request.credentials = sender_identity(call);
    SocketAddress target;
    if (given.size > 0 && socket->type() == SocketType::Datagram) {
        target = TRY(find_receiver(call, given, source));
    }
    if (given.size > 0) request.target = &target;
    return send_message(call, *socket, source, request);
}

Result<i64> sys_recvfrom(Call& call)
{
    Ref<Socket> const socket = TRY(socket_of(call, call.word(0)));
    u64 const size = call[2] < kTransferMaximum ? call[2] : kTransferMaximum;
    TRY(check_user_range(call.address(1), size));
    IoBuffer target = IoBuffer::user(call.space(), call.address(1), size);
    u32 const flags = call.word(3);
    ReceiveRequest const request{flags, socket->receive_deadline(may_wait(*socket, flags))};
    Received received = TRY(socket->receive(target, request));
    if (received.files) socket->drop_files(std::move(received.files));
    TRY(write_sender(call, received.name, call.address(4), call.address(5)));
    return static_cast<i64>(received.size);
}

Result<i64> sys_sendmsg(Call& call)
{
    if ((call.word(2) & kCompat) != 0) return Errno::Inval;
    Ref<Socket> const socket = TRY(socket_of(call, call.word(0)));
    UserMessage const message = TRY(read_message(call, call.address(1)));
    return send_one(call, *socket, message, call.word(2));
}

Result<i64> sys_recvmsg(Call& call)
{
    if ((call.word(2) & kCompat) != 0) return Errno::Inval;
    Ref<Socket> const socket = TRY(socket_of(call, call.word(0)));
    Delivery const delivery = TRY(receive_one(call, *socket, call.address(1), call.word(2)));
    return delivery.size;
}

Result<i64> sys_sendmmsg(Call& call)
{
    if ((call.word(3) & kCompat) != 0) return Errno::Inval;
    Ref<Socket> const socket = TRY(socket_of(call, call.word(0)));
    u32 const most = call.word(2) < kBatchMaximum ? call.word(2) : kBatchMaximum;
    i64 count = 0;
    for (; count < i64{most}; ++count) {
        UserAddr const place =
            call.address(1) + static_cast<u64>(count) * sizeof(UserMessageWithSize);
        Result<UserMessage> message = read_message(call, place);
        Result<i64> sent = message.is_error()
                               ? Result<i64>{message.error()}
                               : send_one(call, *socket, message.value(), call.word(3));
        // An error after the first message is told by the next call.
        if (sent.is_error() && count > 0) break;
        if (sent.is_error()) return sent.error();
        u32 const size = static_cast<u32>(sent.value());
        TRY(call.space().write(place + offsetof(UserMessageWithSize, size), size));
    }
    return count;
}

Result<i64> sys_recvmmsg(Call& call)
{
    if ((call.word(3) & kCompat) != 0) return Errno::Inval;
    Ticks deadline = kNever;
    Timespec timeout;
    if (!call.address(4).is_null()) {
        timeout = TRY(call.space().read<Timespec>(call.address(4)));
        deadline = TRY(deadline_of(call, timeout));
    }
    Ref<Socket> const socket = TRY(socket_of(call, call.word(0)));
    u32 const most = call.word(2) < kBatchMaximum ? call.word(2) : kBatchMaximum;
    u32 flags = call.word(3) & ~kWaitForOne;
    i64 count = 0;
    while (count < i64{most}) {
        UserAddr const place =
            call.address(1) + static_cast<u64>(count) * sizeof(UserMessageWithSize);
        Result<Delivery> delivery = receive_one(call, *socket, place, flags);
        if (delivery.is_error() && count > 0) break;
        if (delivery.is_error()) return delivery.error();
        u32 const size = static_cast<u32>(delivery.value().size);
        TRY(call.space().write(place + offsetof(UserMessageWithSize, size), size));
        ++count;
        if ((call.word(3) & kWaitForOne) != 0) flags |= kDontWait;
        // recvmmsg(2), BUGS: the timeout is looked at only after each message.
        if (call.system().scheduler.now() >= deadline) break;
    }
    if (count == 0 || call.address(4).is_null()) return count;
    Ticks const now = call.system().scheduler.now();
    Ticks const left = now < deadline ? deadline - now : 0;
    if (deadline != kNever) {
        timeout = {static_cast<i64>(left / kNanosPerSecond),
                   static_cast<i64>(left % kNanosPerSecond)};
    }
    TRY(call.space().write(call.address(4), timeout));
    return count;
}

}  // namespace drydock
