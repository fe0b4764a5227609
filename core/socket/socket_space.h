#pragma once

// What the local sockets of one kernel share: the names that are bound, and the files on their way
// in messages.
//
// A socket that only messages refer to, which lie in such sockets themselves, can never be
// received: collect() finds them and drops what they hold (net/unix/garbage.c does the same). Files
// that were passed are dropped one after the other, however deep sockets lie within sockets.

#include "core/socket/message.h"

namespace drydock {

class Socket;
enum class SocketType : u8;

// A socket's place in a list of sockets.
struct SocketLink {
    Socket* socket = nullptr;
    ListHook hook{};
};
using SocketList = List<SocketLink, &SocketLink::hook>;

class SocketSpace final : public RefCounted {
public:
    explicit SocketSpace(Vfs& vfs) : vfs_(vfs) {}
    ~SocketSpace() override;
    // That of this kernel, made when first asked for. Errno::NoMem.
    static Result<Ref<SocketSpace>> of(Vfs& vfs);

    // The socket bound to the address, or null.
    // Abstract names are apart for each type of socket.
    Socket* find(SocketAddress const& address, SocketType type);
    void add_bound(SocketLink& link) { bound_.push_back(link); }
    // A name that nobody has: five hexadecimal digits (unix(7), autobind). Errno::NoSpc.
    Result<SocketAddress> choose_name(SocketType type);

    // The files of a message that is queued from now on, or not any more.
    void enter(PassedFiles& files);
    void leave(PassedFiles& files);
    // Ends a message: its sender has its room back, its files go.
    void discard(Own<Message> message);
    void discard_all(MessageList& messages);
    void drop(Own<PassedFiles> files);
    // A reference to a socket has gone while some are in messages.
    void expect_unreachable();
    void collect();

    Vfs& vfs() { return vfs_; }
    Heap& heap() { return vfs_.heap(); }
    Scheduler& scheduler() { return vfs_.scheduler(); }
    u32 passed_files() const { return passed_files_; }

private:
    void drop_dropped();
    void find_reached(SocketList& reached);

    Vfs& vfs_;
    SocketList bound_{};
    // Sockets that messages refer to.
    SocketList in_flight_{};
    u32 passed_files_ = 0;
    List<PassedFiles, &PassedFiles::hook> dropped_{};
    bool is_dropping_ = false;
    u32 next_name_ = 0;
};

// Once per system call and process end: drops the sockets that nobody can reach any more.
inline void collect_sockets(Vfs& vfs)
{
    if (!vfs.has_lost_sockets) return;
    vfs.has_lost_sockets = false;
    static_cast<SocketSpace*>(vfs.sockets.get())->collect();
}

}  // namespace drydock
