// Messages from and to sockets: send(2), recv(2) (net/unix/af_unix.c, unix_stream_sendmsg() and its
// kin, whose order of checks this keeps).

#include "core/socket/socket.h"

namespace drydock {

using namespace message_flags;
using namespace poll_events;

// --- sending
// --------------------------------------------------------------------------------------

// sock_alloc_send_pskb().
Result<void> Socket::wait_for_send_room(Ticks deadline)
{
    auto const may_go_on = [this] {
        return error_ != Errno{} || is_send_closed() || sender_->used < options_.send_buffer;
    };
    if (!signalled_.is_empty() && !may_go_on()) has_missed_room_ = true;
    TRY(wait("send", deadline, may_go_on));
    if (error_ != Errno{}) return take_error();
    if (is_send_closed()) return Errno::Pipe;
    return {};
}

void Socket::deliver(Socket& target, Own<Message> message, SendRequest& request)
{
    message->cost =
        message_cost(message->size(), type_ == SocketType::Stream ? kStreamLinear : kPacketLinear);
    message->sender = sender_;
    // net/unix/af_unix.c, maybe_add_creds(): who sends is noted down if one of both asks for it, or
    // nobody has accepted the other end yet.
    constexpr u32 kNobody = 65534;
    bool const is_asked = request.names_sender || options_.passes_credentials ||
                          target.options_.passes_credentials || target.self_;
    message->credentials = is_asked ? request.credentials : UserCredentials{0, kNobody, kNobody};
    if (request.files) {
        message->files = std::move(request.files);
        space_->enter(*message->files);
    }
    sender_->used += message->cost;
    target.messages_.push_back(*message.take_pointer());
    ++target.message_count_;
    target.wake(kIn | kRdNorm | kRdBand);
    target.tell(SignalReason::In);
}

Result<usize> Socket::send(IoBuffer& source, SendRequest& request)
{
    if ((request.flags & kOutOfBand) != 0) return Errno::OpNotSupp;
    return type_ == SocketType::Stream ? send_stream(source, request)
                                       : send_packet(source, request);
}

Result<usize> Socket::send_stream(IoBuffer& source, SendRequest& request)
{
    if (request.target != nullptr) {
        return state_ == State::Connected ? Errno::IsConn : Errno::OpNotSupp;
    }
    if (!has_peer()) return Errno::NotConn;
    usize sent = 0;
    Errno error{};
    request.raises_signal = is_send_closed();
    if (is_send_closed()) return Errno::Pipe;
    while (source.remaining() > 0 && error == Errno{}) {
        usize piece = source.remaining();
        // Two messages have room in the buffer.
        usize const half = options_.send_buffer / 2 - 64;
        if (piece > half) piece = half;
        if (piece > kStreamPiece) piece = kStreamPiece;
        Result<void> const room = wait_for_send_room(request.deadline);
        if (room.is_error()) {
            error = room.error();
            break;
        }
        Result<Own<Message>> message = Message::create(space_->heap(), source, piece);
        if (message.is_error()) {
            error = message.error();
        } else if (peer_ == nullptr || peer_->is_receive_closed()) {
            request.raises_signal = sent == 0;
            error = Errno::Pipe;
        } else {
            deliver(*peer_, message.take(), request);
            sent += piece;
        }
    }
    if (sent == 0 && error != Errno{}) return error;
    return sent;
}

// Where a packet goes to. Errno::ConnRefused, Prototype, Perm, Pipe.
Result<Socket*> Socket::packet_target(SendRequest const& request)
{
    if (request.target == nullptr && peer_ == nullptr) {
        if (!peer_has_gone_) return Errno::NotConn;
        if (is_connection()) return Errno::Pipe;
        // Told once: then it is a socket without a peer.
        leave_peer();
        state_ = State::Unconnected;
        drop_messages();
        return Errno::ConnRefused;
    }
    Socket* target = peer_;
    if (request.target != nullptr) target = TRY(find_target(*request.target));
    if (target->has_peer() && target->peer_ != this) return Errno::Perm;
    if (target->is_receive_closed()) return Errno::Pipe;
    return target;
}

Result<usize> Socket::send_packet(IoBuffer& source, SendRequest& request)
{
    if (is_connection()) {
        if (error_ != Errno{}) return take_error();
        if (state_ != State::Connected) return Errno::NotConn;
        request.target = nullptr;
    }
    if (options_.passes_credentials) TRY(bind_automatically());
    usize const size = source.remaining();
    if (size > options_.send_buffer - 32) return Errno::MsgSize;
    TRY(wait_for_send_room(request.deadline));
    Own<Message> message = TRY(Message::create(space_->heap(), source, size));
    while (true) {
        Socket& target = *TRY(packet_target(request));
        bool const is_bound_to = &target == this || target.peer_ == this;
        if (is_bound_to || !target.is_full()) {
            deliver(target, std::move(message), request);
            return size;
        }
        TRY(wait_for_room_of(target, "send", request.deadline));
    }
}

// --- receiving
// ------------------------------------------------------------------------------------

void Socket::finish_message(Message& message)
{
    messages_.remove(message);
    ASSERT(message_count_ > 0);
    --message_count_;
    space_->discard(Own<Message>(&message));
}

// Who sent the message, and the files in it, which go with the first byte that is taken.
Result<void> Socket::take_extras(Message& message, bool peeks, Received& received)
{
    received.credentials = message.credentials;
    if (!received.name) received.name = message.sender->name;
    if (!message.files) return {};
    if (peeks) {
        received.files = TRY(message.files->copy(space_->heap()));
    } else {
        space_->leave(*message.files);
        received.files = std::move(message.files);
    }
    return {};
}

Result<Received> Socket::receive(IoBuffer& target, ReceiveRequest const& request)
{
    if ((request.flags & kOutOfBand) != 0) return Errno::OpNotSupp;
    return type_ == SocketType::Stream ? receive_stream(target, request)
                                       : receive_packet(target, request);
}

namespace {

bool is_same(UserCredentials const& left, UserCredentials const& right)
{
    return left.pid == right.pid && left.uid == right.uid && left.gid == right.gid;
}

}  // namespace

Result<Received> Socket::receive_stream(IoBuffer& target, ReceiveRequest const& request)
{
    if (state_ != State::Connected) return Errno::Inval;
    bool const peeks = (request.flags & kPeek) != 0;
    usize const wanted = target.remaining();
    usize least = (request.flags & kWaitAll) != 0 || options_.low_water > wanted
                      ? wanted
                      : options_.low_water;
    if (least == 0) least = 1;
    Received received;
    bool is_first = true;
    Message* message = messages_.first();
    while (true) {
        if (message == nullptr) {
            if (received.size >= least || (peeks && !is_first)) break;
            if (error_ != Errno{}) {
                Errno const error = take_error();
                if (received.size == 0) return error;
                break;
            }
            if (is_receive_closed()) break;
            bool const counts = !signalled_.is_empty();
            if (counts) ++waiting_reads_;
            Result<void> const waited = wait("receive", request.deadline, [this] {
                return !messages_.is_empty() || error_ != Errno{} || is_receive_closed();
            });
            if (counts) --waiting_reads_;
            if (waited.is_error() && received.size == 0) return waited.error();
            if (waited.is_error()) break;
            message = messages_.first();
            continue;
        }
        // Messages of different writers are never glued together.
        bool const is_other = !is_same(received.credentials, message->credentials);
        if (!is_first && is_other && options_.passes_credentials) break;
        usize const part =
            message->size() < target.remaining() ? message->size() : target.remaining();
        Result<usize> copied = message->copy_to(target, 0, part);
        if (copied.is_error() || copied.value() < part) {
            if (received.size == 0) return Errno::Fault;
            break;
        }
        TRY(take_extras(*message, peeks, received));
        is_first = false;
        received.size += part;
        if (peeks) {
            message = messages_.next(*message);
            if (received.files) break;
        } else {
            message->consume(part);
            if (message->size() > 0) break;
            finish_message(*message);
            if (received.files) break;
            message = messages_.first();
        }
        if (target.remaining() == 0) break;
    }
    return received;
}

// The first message, as soon as there is one; null at the end.
Result<Message*> Socket::next_packet(ReceiveRequest const& request)
{
    while (true) {
        if (error_ != Errno{}) return take_error();
        if (Message* const message = messages_.first()) return message;
        bool const waits = request.deadline != 0;
        if (is_receive_closed()) {
            if (waits || is_connection()) return nullptr;
            return Errno::Again;
        }
        TRY(wait("receive", request.deadline, [this] {
            return !messages_.is_empty() || error_ != Errno{} || is_receive_closed();
        }));
    }
}

Result<Received> Socket::receive_packet(IoBuffer& target, ReceiveRequest const& request)
{
    if (is_connection() && state_ != State::Connected) return Errno::NotConn;
    Received received;
    Message* const found = TRY(next_packet(request));
    if (found == nullptr) return received;
    Message& message = *found;
    bool const peeks = (request.flags & kPeek) != 0;
    usize const size = message.size();
    usize const part = size < target.remaining() ? size : target.remaining();
    tell_room();
    Result<usize> copied = message.copy_to(target, 0, part);
    if (copied.is_error() || copied.value() < part) {
        if (!peeks) finish_message(message);
        return Errno::Fault;
    }
    TRY(take_extras(message, peeks, received));
    if (part < size) received.flags |= kTruncated;
    received.size = (request.flags & kTruncated) != 0 ? size : part;
    if (!peeks) finish_message(message);
    return received;
}

}  // namespace drydock
