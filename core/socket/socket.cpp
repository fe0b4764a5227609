#include "core/socket/socket.h"

namespace drydock {

using namespace poll_events;

namespace {

// sockfs: an inode without a place in the tree.
class SocketInode final : public Inode {
public:
    SocketInode(Vfs& vfs, Credentials const& credentials) : vfs_(vfs)
    {
        attributes_.number = vfs.next_nameless_number();
        attributes_.type = InodeType::Socket;
        attributes_.permissions = 0777;
        attributes_.uid = credentials.fsuid;
        attributes_.gid = credentials.fsgid;
        attributes_.accessed = vfs.current_time();
        attributes_.modified = attributes_.accessed;
        attributes_.changed = attributes_.accessed;
    }

    InodeAttributes attributes() override { return attributes_; }
    InodeType type() override { return InodeType::Socket; }
    FileSystem& file_system() override { return vfs_.nameless_file_system(); }
    Result<void> change_attributes(AttributeChange const& change) override
    {
        if (change.has_size) return Errno::Inval;
        if (change.has_permissions) attributes_.permissions = change.permissions & 07777;
        if (change.has_uid) attributes_.uid = change.uid;
        if (change.has_gid) attributes_.gid = change.gid;
        if (change.has_accessed) attributes_.accessed = change.accessed;
        if (change.has_modified) attributes_.modified = change.modified;
        attributes_.changed = vfs_.current_time();
        return {};
    }
    Result<Ref<File>> open(OpenRequest const&) override { return Errno::Nxio; }

private:
    Vfs& vfs_;
    InodeAttributes attributes_{};
};

}  // namespace

Result<Ref<Socket>> Socket::create(Vfs& vfs,
                                   SocketType type,
                                   u32 flags,
                                   Credentials const& credentials)
{
    Ref<SocketSpace> space = TRY(SocketSpace::of(vfs));
    Ref<SocketInode> inode = TRY(vfs.heap().create_ref<SocketInode>(vfs, credentials));
    u32 const kept = open_flags::kReadWrite | (flags & open_flags::kNonBlock);
    Ref<Socket> socket =
        TRY(vfs.heap().create_ref<Socket>(std::move(space), Ref<Inode>(inode), type, kept));
    socket->sender_ = TRY(vfs.heap().create_ref<Sender>(*socket));
    return socket;
}

Socket::Socket(Ref<SocketSpace> space, Ref<Inode> inode, SocketType type, u32 flags)
    : File(std::move(inode), Path(), flags), space_(std::move(space)), type_(type)
{
    peer_credentials_.pid = 0;
    peer_link_.socket = this;
    bound_link_.socket = this;
    pending_link_.socket = this;
    poll_wait_.socket = this;
    flight_.link.socket = this;
    flight_.work_link.socket = this;
}

// net/unix/af_unix.c, unix_release_sock().
Socket::~Socket()
{
    bool const is_reset = !messages_.is_empty();
    if (sender_) sender_->owner = nullptr;
    if (bound_link_.hook.is_linked()) bound_link_.hook.unlink();
    if (poll_wait_.hook.is_linked()) poll_wait_.hook.unlink();
    leave_peer();
    while (SocketLink* const link = followers_.pop_front()) link->socket->peer_ends(is_reset);
    while (SocketLink* const link = pending_.pop_front()) {
        Socket& connection = *link->socket;
        // The client learns that nobody was there.
        if (connection.peer_ != nullptr) {
            Socket& client = *connection.peer_;
            client.peer_link_.hook.unlink();
            client.peer_ends(true);
        }
        Ref<Socket> const ends = std::move(connection.self_);
    }
    space_->discard_all(messages_);
    tell_room();
    space_->expect_unreachable();
    ASSERT(changed_.is_empty());
    ASSERT(flight_.count == 0);
}

// --- peers
// ----------------------------------------------------------------------------------------

void Socket::connect_pair(Socket& first, Socket& second, UserCredentials const& credentials)
{
    first.set_peer(second);
    second.set_peer(first);
    first.peer_credentials_ = credentials;
    second.peer_credentials_ = credentials;
}

void Socket::set_peer(Socket& peer)
{
    ASSERT(peer_ == nullptr);
    peer_ = &peer;
    peer_sender_ = peer.sender_;
    peer_has_gone_ = false;
    peer.followers_.push_back(peer_link_);
    state_ = State::Connected;
}

void Socket::leave_peer()
{
    if (peer_ != nullptr) peer_link_.hook.unlink();
    peer_ = nullptr;
    peer_has_gone_ = false;
    peer_sender_.reset();
}

// The peer is closed; this socket is out of its followers already.
void Socket::peer_ends(bool is_reset)
{
    peer_ = nullptr;
    peer_has_gone_ = true;
    if (!is_connection()) return;
    closed_sides_ = kBothSides;
    if (is_reset) error_ = Errno::ConnReset;
    wake_all();
    tell(SignalReason::HungUp);
}

Result<Ref<SocketName>> Socket::peer_name() const
{
    if (!has_peer()) return Errno::NotConn;
    return peer_sender_->name;
}

Result<void> Socket::shutdown(u32 sides)
{
    closed_sides_ |= sides;
    wake_all();
    if (!is_connection() || peer_ == nullptr) return {};
    u32 other_sides = 0;
    if ((sides & kReceiveSide) != 0) other_sides |= kSendSide;
    if ((sides & kSendSide) != 0) other_sides |= kReceiveSide;
    peer_->closed_sides_ |= other_sides;
    peer_->wake_all();
    if (other_sides == kBothSides) {
        peer_->tell(SignalReason::HungUp);
    } else if ((other_sides & kReceiveSide) != 0) {
        peer_->tell(SignalReason::In);
    }
    return {};
}

void Socket::drop_messages()
{
    space_->discard_all(messages_);
    if (!is_listening()) message_count_ = 0;
    for (SocketLink& link : pending_) {
        space_->discard_all(link.socket->messages_);
        link.socket->message_count_ = 0;
    }
}

// --- room
// -----------------------------------------------------------------------------------------

bool Socket::is_writable() const
{
    return !is_listening() && sender_->used * 4 <= options_.send_buffer;
}

void Socket::has_room_again()
{
    if (!is_writable()) return;
    wake(kOut | kWrNorm | kWrBand);
    tell_of_room();
}

void Socket::tell_room()
{
    while (RoomWait* const place = room_waits_.pop_front()) {
        place->socket->wake(kOut | kWrNorm | kWrBand);
    }
}

Result<void> Socket::wait_for_room_of(Socket& target, char const* why, Ticks deadline)
{
    if (deadline == 0) return Errno::Again;
    Own<RoomWait> const place = TRY(space_->heap().create<RoomWait>());
    place->socket = this;
    target.room_waits_.push_back(*place);
    ListHook& hook = place->hook;
    Result<void> waited = wait(why, deadline, [&hook] { return !hook.is_linked(); });
    // The target may be gone: then nothing is linked.
    if (hook.is_linked()) hook.unlink();
    return waited;
}

// A datagram socket that is connected to one which is not connected back.
bool Socket::peer_is_full()
{
    if (type_ == SocketType::Stream || peer_ == nullptr || peer_->peer_ == this) return false;
    return peer_->is_full();
}

Ticks Socket::deadline(bool waits, Ticks timeout) const
{
    if (!waits) return 0;
    return timeout == 0 ? kNever : space_->scheduler().now() + timeout;
}

Errno Socket::take_error()
{
    Errno const error = error_;
    error_ = Errno{};
    return error;
}

u64 Socket::unread_bytes()
{
    u64 total = 0;
    for (Message& message : messages_) {
        total += message.size();
        if (!is_connection()) break;
    }
    return total;
}

// --- as an open file
// ------------------------------------------------------------------------------

Result<usize> Socket::read(IoBuffer& target)
{
    if (target.remaining() == 0 && type_ == SocketType::Stream) return usize{0};
    ReceiveRequest request;
    request.deadline = receive_deadline(!is_non_blocking());
    Received const received = TRY(receive(target, request));
    return received.size;
}

Result<usize> Socket::write(IoBuffer& source)
{
    SendRequest request;
    // Whoever writes is not known here: nobody (unix(7), SCM_CREDENTIALS).
    constexpr u32 kNobody = 65534;
    request.credentials = {0, kNobody, kNobody};
    request.deadline = send_deadline(!is_non_blocking());
    return send(source, request);
}

// net/unix/af_unix.c, unix_poll() and unix_dgram_poll().
u32 Socket::poll(PollRegistration* registration)
{
    if (registration != nullptr) registration->wait_on(changed_);
    u32 events = 0;
    if (error_ != Errno{}) events |= kErr;
    if (closed_sides_ == kBothSides) events |= kHup;
    if (is_receive_closed()) events |= kRdHup | kIn | kRdNorm;
    if (!messages_.is_empty() || !pending_.is_empty()) events |= kIn | kRdNorm;
    if (is_connection() && state_ == State::Unconnected) events |= kHup;
    bool writable = is_writable();
    if (writable && peer_is_full()) {
        writable = false;
        // From now on it is told when there is room.
        if (!poll_wait_.hook.is_linked()) peer_->room_waits_.push_back(poll_wait_);
    }
    if (writable) events |= kOut | kWrNorm | kWrBand;
    return events;
}

Result<i64> Socket::ioctl(IoctlCall const& call)
{
    constexpr u32 kInput = 0x541b, kOutput = 0x5411;  // SIOCINQ, SIOCOUTQ, unix(7)
    if (call.command != kInput && call.command != kOutput) return Errno::NotTty;
    if (is_listening() && call.command == kInput) return Errno::Inval;
    u64 const amount = call.command == kInput ? unread_bytes() : unsent_cost();
    TRY(call.space.write(UserAddr{call.argument}, static_cast<u32>(amount)));
    return i64{0};
}

}  // namespace drydock
