// Names and connections: bind(2), listen(2), connect(2), accept(2).

#include "core/socket/socket.h"

namespace drydock {

Result<void> Socket::bind(SocketAddress const& address)
{
    if (name()) return Errno::Inval;
    if (!address.inode && space_->find(address, type_) != nullptr) return Errno::AddrInUse;
    sender_->name = TRY(space_->heap().create_ref<SocketName>(address));
    space_->add_bound(bound_link_);
    return {};
}

Result<void> Socket::bind_automatically()
{
    if (name()) return {};
    SocketAddress const address = TRY(space_->choose_name(type_));
    return bind(address);
}

Result<void> Socket::listen(u32 backlog, UserCredentials const& credentials)
{
    if (!is_connection()) return Errno::OpNotSupp;
    if (!name() || state_ == State::Connected) return Errno::Inval;
    // net.core.somaxconn
    constexpr u32 kMost = 4096;
    u32 const chosen = backlog < kMost ? backlog : kMost;
    bool const is_more = chosen > backlog_;
    backlog_ = chosen;
    state_ = State::Listening;
    peer_credentials_ = credentials;
    if (is_more) tell_room();
    return {};
}

// The socket that has the name, of this one's type.
Result<Socket*> Socket::find_target(SocketAddress const& target)
{
    Socket* const found = space_->find(target, type_);
    if (found == nullptr) return Errno::ConnRefused;
    if (found->type_ != type_) return Errno::Prototype;
    return found;
}

Result<void> Socket::connect(SocketAddress const* target,
                             UserCredentials const& credentials,
                             Credentials const& maker,
                             Ticks deadline)
{
    if (options_.passes_credentials && target != nullptr) TRY(bind_automatically());
    if (!is_connection()) return connect_datagram(target);
    if (target == nullptr) return Errno::Inval;
    return connect_stream(*target, credentials, maker, deadline);
}

Result<void> Socket::connect_stream(SocketAddress const& target,
                                    UserCredentials const& credentials,
                                    Credentials const& maker,
                                    Ticks deadline)
{
    // The other end of the connection, before anything else happens.
    Ref<Socket> other = TRY(create(space_->vfs(), type_, 0, maker));
    while (true) {
        Socket& listener = *TRY(find_target(target));
        if (!listener.is_listening() || listener.is_receive_closed()) return Errno::ConnRefused;
        if (!listener.is_full()) {
            if (state_ == State::Connected) return Errno::IsConn;
            if (state_ == State::Listening) return Errno::Inval;
            other->sender_->name = listener.name();
            other->peer_credentials_ = credentials;
            other->options_.passes_credentials = listener.options_.passes_credentials;
            peer_credentials_ = listener.peer_credentials_;
            set_peer(*other);
            other->set_peer(*this);
            listener.pending_.push_back(other->pending_link_);
            ++listener.message_count_;
            other->self_ = other;
            using namespace poll_events;
            listener.wake(kIn | kRdNorm | kRdBand);
            listener.tell(SignalReason::In);
            return {};
        }
        TRY(wait_for_room_of(listener, "connect", deadline));
    }
}

Result<Ref<Socket>> Socket::accept(Ticks deadline)
{
    if (!is_connection()) return Errno::OpNotSupp;
    if (!is_listening()) return Errno::Inval;
    TRY(wait("accept", deadline, [this] { return !pending_.is_empty() || is_receive_closed(); }));
    SocketLink* const link = pending_.pop_front();
    // unix_accept(): shut down; only who would wait is told.
    if (link == nullptr) return deadline == 0 ? Errno::Again : Errno::Inval;
    --message_count_;
    tell_room();
    return std::move(link->socket->self_);
}

// --- datagrams
// ------------------------------------------------------------------------------------

// The connection ends from this side: what has arrived over it is void.
void Socket::disconnect_datagram()
{
    Socket* const old = peer_;
    if (poll_wait_.hook.is_linked()) poll_wait_.hook.unlink();
    leave_peer();
    state_ = State::Unconnected;
    if (messages_.is_empty()) return;
    drop_messages();
    tell_room();
    if (old != nullptr && old->peer_ == this) {
        old->error_ = Errno::ConnReset;
        old->wake(poll_events::kErr);
    }
}

Result<void> Socket::connect_datagram(SocketAddress const* target)
{
    if (target == nullptr) {
        if (has_peer()) disconnect_datagram();
        return {};
    }
    Socket& other = *TRY(find_target(*target));
    if (other.has_peer() && other.peer_ != this) return Errno::Perm;
    if (peer_ == &other) return {};
    if (has_peer()) disconnect_datagram();
    set_peer(other);
    return {};
}

}  // namespace drydock
