#pragma once

// A local socket (unix(7)): an open file with a queue of messages to it and, if it is connected, a
// peer. Nobody owns the other end: a socket that is closed takes leave of its peer and of everyone
// who is connected to it.
//
// Calls that take a `deadline` wait until then; 0 does not wait (Errno::Again), kNever waits for
// ever. Interrupted waits end with Errno::RestartSys.

#include "core/socket/socket_space.h"

namespace drydock {

// socket(2).
enum class SocketType : u8 { Stream = 1, Datagram = 2, SeqPacket = 5 };

// What messages refer to a socket, for SocketSpace alone.
struct FlightState {
    u32 count = 0;
    u32 inside = 0;
    bool is_suspect = false;
    SocketLink link{};
    SocketLink work_link{};
};

// A thread or a poller that waits for room at another socket.
struct RoomWait {
    Socket* socket = nullptr;
    ListHook hook{};
};

// setsockopt(2), as far as it means something here.
struct SocketOptions {
    u32 send_buffer = 212'992;  // net.core.wmem_default, in message_cost().
    u32 receive_buffer = 212'992;
    bool passes_credentials = false;
    Ticks send_timeout = 0;  // 0: none.
    Ticks receive_timeout = 0;
    u32 switches = 0;  // SO_* that are kept and have no effect, by number.
    u32 priority = 0;
    u32 low_water = 1;
    i32 linger_seconds = -1;  // Below 0: off.
};

struct SendRequest {
    u32 flags = 0;
    UserCredentials credentials{};
    bool names_sender = false;  // Its control data says who sends (unix(7), SCM_CREDENTIALS).
    Own<PassedFiles> files{};
    SocketAddress const* target = nullptr;  // Null: the peer.
    Ticks deadline = kNever;
    bool raises_signal = false;  // A result of Errno::Pipe comes with SIGPIPE.
};

struct ReceiveRequest {
    u32 flags = 0;
    Ticks deadline = kNever;
};

struct Received {
    usize size = 0;  // Bytes moved; with MSG_TRUNC the whole message.
    u32 flags = 0;   // MSG_TRUNC, MSG_EOR.
    UserCredentials credentials{};
    Ref<SocketName> name{};  // Of the sender; null if it has none.
    Own<PassedFiles> files{};
};

class Socket final : public File {
public:
    // shutdown(2).
    static constexpr u32 kReceiveSide = 1, kSendSide = 2, kBothSides = 3;

    // `flags`: O_NONBLOCK counts. Errno::NoMem.
    static Result<Ref<Socket>> create(Vfs& vfs,
                                      SocketType type,
                                      u32 flags,
                                      Credentials const& credentials);
    // socketpair(2).
    static void connect_pair(Socket& first, Socket& second, UserCredentials const& credentials);
    Socket(Ref<SocketSpace> space, Ref<Inode> inode, SocketType type, u32 flags);
    ~Socket() override;

    SocketType type() const { return type_; }
    bool is_connection() const { return type_ != SocketType::Datagram; }
    bool is_listening() const { return state_ == State::Listening; }
    // Null: unnamed. The peer's name stays when it has gone.
    Ref<SocketName> const& name() const { return sender_->name; }
    // Errno::NotConn.
    Result<Ref<SocketName>> peer_name() const;
    UserCredentials const& peer_credentials() const { return peer_credentials_; }
    SocketOptions& options() { return options_; }
    // SO_ERROR: what has happened since it was last asked; Errno{} if nothing.
    Errno take_error();
    u64 unread_bytes();
    u64 unsent_cost() const { return sender_->used; }

    // Errno::Inval (has a name), AddrInUse, NoMem.
    Result<void> bind(SocketAddress const& address);
    Result<void> bind_automatically();
    // Errno::OpNotSupp, Inval.
    Result<void> listen(u32 backlog, UserCredentials const& credentials);
    // `target` null dissolves a datagram socket's connection. Errno::ConnRefused, Prototype,
    // IsConn, Perm, Again, Inval, NoMem.
    Result<void> connect(SocketAddress const* target,
                         UserCredentials const& credentials,
                         Credentials const& maker,
                         Ticks deadline);
    // Errno::OpNotSupp, Inval, Again.
    Result<Ref<Socket>> accept(Ticks deadline);
    // Errno::NotConn.
    Result<void> shutdown(u32 sides);

    // Files that were received and nobody took.
    void drop_files(Own<PassedFiles> files) { space_->drop(std::move(files)); }
    // Files in all messages of this kernel.
    u32 passed_files() const { return space_->passed_files(); }

    // As send(2), recv(2).
    Result<usize> send(IoBuffer& source, SendRequest& request);
    Result<Received> receive(IoBuffer& target, ReceiveRequest const& request);

    FileKind kind() const override { return FileKind::Socket; }
    bool can_poll() const override { return true; }
    Result<usize> read(IoBuffer& target) override;
    Result<usize> write(IoBuffer& source) override;
    u32 poll(PollRegistration* registration) override;
    Result<i64> ioctl(IoctlCall const& call) override;
    SignalLists signal_lists() override { return {&signalled_, nullptr}; }
    void descriptor_closed() override { space_->expect_unreachable(); }

    Ticks send_deadline(bool waits) const { return deadline(waits, options_.send_timeout); }
    Ticks receive_deadline(bool waits) const { return deadline(waits, options_.receive_timeout); }

    // --- for SocketSpace
    FlightState& flight() { return flight_; }
    MessageList& messages() { return messages_; }
    SocketList& pending() { return pending_; }
    void drop_messages();
    // One of its messages was received or dropped.
    void has_room_again();

private:
    enum class State : u8 { Unconnected, Listening, Connected };
    using RoomList = List<RoomWait, &RoomWait::hook>;

    // --- socket.cpp
    Ticks deadline(bool waits, Ticks timeout) const;
    void set_peer(Socket& peer);
    void leave_peer();
    void peer_ends(bool is_reset);
    bool has_peer() const { return peer_ != nullptr || peer_has_gone_; }
    bool is_receive_closed() const { return (closed_sides_ & kReceiveSide) != 0; }
    bool is_send_closed() const { return (closed_sides_ & kSendSide) != 0; }
    bool is_full() const { return message_count_ > backlog_; }
    bool is_writable() const;
    bool peer_is_full();
    template <typename Condition>
    Result<void> wait(char const* why, Ticks deadline, Condition condition);
    Result<void> wait_for_room_of(Socket& target, char const* why, Ticks deadline);
    // Wakes who waits for room here: pollers and threads, each at its own socket.
    void tell_room();
    void wake(u32 events) { changed_.wake(space_->scheduler(), events); }
    // By a signal; of data only where no read waits for them (net/socket.c, sock_wake_async).
    void tell(SignalReason reason)
    {
        if (waiting_reads_ == 0) signalled_.tell(space_->vfs(), reason);
    }
    // Of room again, once it was missed.
    void tell_of_room()
    {
        if (has_missed_room_) signalled_.tell(space_->vfs(), SignalReason::Out);
        has_missed_room_ = false;
    }
    void wake_all() { changed_.wake_all(space_->scheduler()); }

    // --- socket_connect.cpp
    Result<Socket*> find_target(SocketAddress const& target);
    Result<void> connect_stream(SocketAddress const& target,
                                UserCredentials const& credentials,
                                Credentials const& maker,
                                Ticks deadline);
    Result<void> connect_datagram(SocketAddress const* target);
    void disconnect_datagram();

    // --- socket_transfer.cpp
    Result<void> wait_for_send_room(Ticks deadline);
    Result<usize> send_stream(IoBuffer& source, SendRequest& request);
    Result<usize> send_packet(IoBuffer& source, SendRequest& request);
    Result<Socket*> packet_target(SendRequest const& request);
    void deliver(Socket& target, Own<Message> message, SendRequest& request);
    Result<Received> receive_stream(IoBuffer& target, ReceiveRequest const& request);
    Result<Received> receive_packet(IoBuffer& target, ReceiveRequest const& request);
    Result<Message*> next_packet(ReceiveRequest const& request);
    Result<void> take_extras(Message& message, bool peeks, Received& received);
    void finish_message(Message& message);

    Ref<SocketSpace> space_;
    SocketType const type_;
    State state_ = State::Unconnected;
    Ref<Sender> sender_{};
    SocketOptions options_{};
    UserCredentials peer_credentials_{};
    Errno error_{};
    u32 closed_sides_ = 0;
    // Messages to it, or connections that wait for accept(): more than that are not taken.
    u32 backlog_ = 10;  // net.unix.max_dgram_qlen
    u32 message_count_ = 0;
    MessageList messages_{};
    // The peer: cleared when it ends, its name stays known.
    Socket* peer_ = nullptr;
    bool peer_has_gone_ = false;
    Ref<Sender> peer_sender_{};
    SocketLink peer_link_{};  // In the peer's followers.
    SocketList followers_{};
    SocketLink bound_link_{};
    // Connections that nobody has accepted yet: each holds itself.
    SocketList pending_{};
    SocketLink pending_link_{};
    Ref<Socket> self_{};
    RoomList room_waits_{};
    RoomWait poll_wait_{};
    WaitQueue changed_{};
    SignalList signalled_{};
    u32 waiting_reads_ = 0;
    bool has_missed_room_ = false;
    FlightState flight_{};
};

// Errno::Again for a deadline of 0 or that has passed; interrupted waits with a timeout are never
// restarted (signal(7)).
template <typename Condition>
Result<void> Socket::wait(char const* why, Ticks deadline, Condition condition)
{
    if (condition()) return {};
    if (deadline == 0) return Errno::Again;
    Result<void> const waited = space_->scheduler().wait_until(
        changed_, why, condition, Thread::Wait::Interruptible, deadline);
    if (waited.is_ok()) return {};
    if (waited.error() == Errno::TimedOut) return Errno::Again;
    return deadline == kNever ? waited.error() : Errno::Intr;
}

}  // namespace drydock
