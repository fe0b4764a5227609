#pragma once

// What lies between the sockets of a connection: bytes in chunks, the files that were passed along,
// and who sent it.

#include "core/abi/socket.h"
#include "core/vfs/vfs.h"

namespace drydock {

class Socket;

// A name in unix(7)'s sense. `size` counts bytes of sun_path: 0 for none, a leading zero byte for
// an abstract name. A path in the file system is known by its inode.
struct SocketAddress {
    u32 size = 0;
    char bytes[kSocketNameMaximum] = {};
    Ref<Inode> inode{};
};

class SocketName final : public RefCounted {
public:
    explicit SocketName(SocketAddress const& name) : address(name) {}
    SocketAddress const address;
};

// A socket as its messages know it; it outlives the socket while they are on the way.
class Sender final : public RefCounted {
public:
    explicit Sender(Socket& socket) : owner(&socket) {}
    Socket* owner;           // Null once it is closed.
    u64 used = 0;            // What its messages cost, see message_cost().
    Ref<SocketName> name{};  // Null: none.
};

// Files on their way to another process (SCM_RIGHTS).
class PassedFiles {
public:
    // Room for `room` files, at most kPassedMaximum. Errno::NoMem.
    static Result<Own<PassedFiles>> create(Heap& heap, u32 room);
    explicit PassedFiles(u32 room) : room_(room) {}
    PassedFiles(PassedFiles const&) = delete;
    PassedFiles& operator=(PassedFiles const&) = delete;
    ~PassedFiles();

    void add(Ref<File> file);
    Span<Ref<File>> files() { return {first(), count_}; }
    // The same files once more. Errno::NoMem.
    Result<Own<PassedFiles>> copy(Heap& heap);

    ListHook hook{};

private:
    Ref<File>* first() { return reinterpret_cast<Ref<File>*>(this + 1); }

    u32 const room_;
    u32 count_ = 0;
};

class Message {
public:
    // Takes `size` bytes out of `source`, all or none. Errno::NoMem, Fault.
    static Result<Own<Message>> create(Heap& heap, IoBuffer& source, usize size);
    explicit Message(usize size) : size_(size) {}
    Message(Message const&) = delete;
    Message& operator=(Message const&) = delete;
    // Its files must be gone.
    ~Message();

    usize size() const { return size_ - consumed_; }
    // Copies `size` bytes from `offset` on, which it has; nothing is consumed. Fewer only if the
    // buffer faults; Errno::Fault if nothing could be copied.
    Result<usize> copy_to(IoBuffer& target, usize offset, usize size) const;
    void consume(usize size);

    ListHook hook{};
    Ref<Sender> sender{};
    u64 cost = 0;
    UserCredentials credentials{};
    Own<PassedFiles> files{};
    bool had_files = false;

private:
    struct Chunk {
        Chunk* next = nullptr;
        u64 size = 0;
    };
    // With the heap's header a chunk fills a frame.
    static constexpr usize kChunkBytes = kPageSize - 64 - sizeof(Chunk);
    static std::byte* bytes_of(Chunk* chunk) { return reinterpret_cast<std::byte*>(chunk + 1); }

    Chunk* first_ = nullptr;
    usize const size_;
    usize consumed_ = 0;
};
using MessageList = List<Message, &Message::hook>;

// What a message takes of its sender's buffer, as Linux counts it on x86-64
// (sock_alloc_send_pskb(): struct sk_buff, slab sizes, pages). Up to `linear` bytes are in one
// piece.
u64 message_cost(usize size, usize linear);
// SKB_MAX_HEAD(0) for streams, SKB_MAX_ALLOC for packets.
inline constexpr usize kStreamLinear = 4096 - 320, kPacketLinear = 16384 - 320;
// What one message of a stream holds at most (unix_stream_sendmsg()).
inline constexpr usize kStreamPiece = kStreamLinear + 32768;

}  // namespace drydock
