#include "core/socket/socket.h"
#include "tests/vfs/vfs_fixture.h"

namespace drydock {
namespace {

using test::kOk;
using namespace poll_events;

class SocketTest : public test::VfsTest {
protected:
    ~SocketTest() override
    {
        collect_sockets(*vfs);
        if (vfs->sockets) {
            EXPECT_EQ(static_cast<SocketSpace*>(vfs->sockets.get())->passed_files(), 0u);
        }
        vfs->sockets.reset();
    }
    Ref<Socket> make(SocketType type = SocketType::Stream)
    {
        return MUST(Socket::create(*vfs, type, open_flags::kNonBlock, credentials));
    }
    struct Pair {
        Ref<Socket> first{};
        Ref<Socket> second{};
    };
    Pair make_pair(SocketType type = SocketType::Stream)
    {
        Pair pair{make(type), make(type)};
        Socket::connect_pair(*pair.first, *pair.second, {1, 0, 0});
        return pair;
    }
    static SocketAddress named(std::string const& name)
    {
        SocketAddress address;
        address.size = static_cast<u32>(name.size()) + 1;
        memcpy(address.bytes + 1, name.data(), name.size());
        return address;
    }
    Result<void> connect(Socket& socket, std::string const& name)
    {
        SocketAddress const address = named(name);
        return socket.connect(&address, {7, 8, 9}, credentials, 0);
    }
    Result<usize> send(Socket& socket, std::string text, Own<PassedFiles> files = {})
    {
        IoBuffer source =
            IoBuffer::kernel({reinterpret_cast<std::byte*>(text.data()), text.size()});
        SendRequest request;
        request.deadline = 0;
        request.files = std::move(files);
        return socket.send(source, request);
    }
    Own<PassedFiles> files_of(std::initializer_list<Ref<Socket>> sockets)
    {
        Own<PassedFiles> files = MUST(PassedFiles::create(*heap, kPassedMaximum));
        for (Ref<Socket> const& socket : sockets) files->add(socket);
        return files;
    }
    static Result<Received> receive(Socket& socket, std::string& text, u32 flags = 0)
    {
        IoBuffer target =
            IoBuffer::kernel({reinterpret_cast<std::byte*>(text.data()), text.size()});
        return socket.receive(target, {flags, 0});
    }
    static std::string received(Socket& socket, usize size)
    {
        std::string text(size, '?');
        Received const result = MUST(receive(socket, text));
        text.resize(result.size);
        return text;
    }
    // As a descriptor that is closed, at the end of the call.
    void close(Ref<Socket>& socket)
    {
        socket->descriptor_closed();
        socket.reset();
        collect_sockets(*vfs);
    }
};

TEST_F(SocketTest, a_stream_has_no_borders)
{
    Pair const pair = make_pair();
    EXPECT_EQ(MUST(send(*pair.first, "hello ")), 6u);
    EXPECT_EQ(MUST(send(*pair.first, "world")), 5u);
    EXPECT_EQ(received(*pair.second, 8), "hello wo");
    EXPECT_EQ(received(*pair.second, 80), "rld");
    std::string text(4, '?');
    EXPECT_EQ(receive(*pair.second, text).error(), Errno::Again);
}

TEST_F(SocketTest, packets_are_taken_whole)
{
    for (SocketType const type : {SocketType::Datagram, SocketType::SeqPacket}) {
        Pair const pair = make_pair(type);
        EXPECT_EQ(MUST(send(*pair.first, "hello")), 5u);
        EXPECT_EQ(MUST(send(*pair.first, "")), 0u);
        std::string text(3, '?');
        Received const cut = MUST(receive(*pair.second, text));
        EXPECT_EQ(cut.size, 3u);
        EXPECT_EQ(cut.flags, message_flags::kTruncated);
        EXPECT_EQ(received(*pair.second, 3), "");
    }
}

TEST_F(SocketTest, a_message_is_there_at_each_peek)
{
    Pair const pair = make_pair();
    MUST(send(*pair.first, "abc"));
    std::string text(2, '?');
    EXPECT_EQ(MUST(receive(*pair.second, text, message_flags::kPeek)).size, 2u);
    EXPECT_EQ(text, "ab");
    EXPECT_EQ(received(*pair.second, 9), "abc");
}

TEST_F(SocketTest, the_end_of_a_socket_hangs_its_peer_up)
{
    Pair pair = make_pair();
    MUST(send(*pair.first, "last"));
    pair.first.reset();
    EXPECT_EQ(pair.second->poll(nullptr) & (kHup | kIn | kErr), kHup | kIn);
    EXPECT_EQ(received(*pair.second, 9), "last");
    EXPECT_EQ(received(*pair.second, 9), "");
    EXPECT_EQ(send(*pair.second, "x").error(), Errno::Pipe);
}

TEST_F(SocketTest, unread_bytes_reset_the_connection)
{
    Pair pair = make_pair();
    MUST(send(*pair.second, "never read"));
    pair.first.reset();
    EXPECT_NE(pair.second->poll(nullptr) & kErr, 0u);
    std::string text(4, '?');
    EXPECT_EQ(receive(*pair.second, text).error(), Errno::ConnReset);
    EXPECT_EQ(MUST(receive(*pair.second, text)).size, 0u);
}

TEST_F(SocketTest, a_buffer_that_is_full_takes_no_more_until_it_is_read)
{
    Pair const pair = make_pair();
    std::string const block(10'000, 'x');
    usize sent = 0;
    while (true) {
        Result<usize> const step = send(*pair.first, block);
        if (step.is_error()) {
            EXPECT_EQ(step.error(), Errno::Again);
            break;
        }
        sent += block.size();
    }
    EXPECT_GE(sent, 150'000u);
    EXPECT_EQ(pair.first->poll(nullptr) & kOut, 0u);
    while (sent > 0) sent -= received(*pair.second, 50'000).size();
    EXPECT_EQ(pair.first->poll(nullptr) & kOut, kOut);
    EXPECT_EQ(pair.first->unsent_cost(), 0u);
}

TEST_F(SocketTest, connections_wait_to_be_accepted)
{
    Ref<Socket> listener = make();
    EXPECT_EQ(error_of(listener->listen(1, {1, 2, 3})), Errno::Inval);
    ASSERT_EQ(error_of(listener->bind(named("here"))), kOk);
    Ref<Socket> const other = make();
    EXPECT_EQ(error_of(other->bind(named("here"))), Errno::AddrInUse);
    EXPECT_EQ(error_of(connect(*other, "here")), Errno::ConnRefused);
    ASSERT_EQ(error_of(listener->listen(0, {1, 2, 3})), kOk);
    EXPECT_EQ(listener->accept(0).error(), Errno::Again);
    ASSERT_EQ(error_of(connect(*other, "here")), kOk);
    EXPECT_EQ(other->peer_credentials().uid, 2u);
    EXPECT_EQ(error_of(connect(*other, "here")), Errno::Again);
    EXPECT_EQ(MUST(send(*other, "early")), 5u);
    Ref<Socket> const accepted = MUST(listener->accept(0));
    EXPECT_EQ(accepted->peer_credentials().pid, 7u);
    EXPECT_EQ(received(*accepted, 9), "early");
    EXPECT_EQ(error_of(connect(*other, "here")), Errno::IsConn);
    EXPECT_EQ(error_of(connect(*other, "elsewhere")), Errno::ConnRefused);
    // Who is not accepted learns that nobody is there any more.
    Ref<Socket> const late = make();
    ASSERT_EQ(error_of(connect(*late, "here")), kOk);
    listener.reset();
    EXPECT_EQ(late->take_error(), Errno::ConnReset);
    EXPECT_NE(late->poll(nullptr) & kHup, 0u);
    // The name is free again.
    Ref<Socket> const next = make();
    EXPECT_EQ(error_of(next->bind(named("here"))), kOk);
}

TEST_F(SocketTest, a_datagram_socket_takes_a_few_messages_of_strangers)
{
    Ref<Socket> target = make(SocketType::Datagram);
    ASSERT_EQ(error_of(target->bind(named("target"))), kOk);
    Ref<Socket> const sender = make(SocketType::Datagram);
    EXPECT_EQ(send(*sender, "x").error(), Errno::NotConn);
    ASSERT_EQ(error_of(connect(*sender, "target")), kOk);
    u32 count = 0;
    while (send(*sender, "x").is_ok()) ++count;
    EXPECT_EQ(count, 11u);
    EXPECT_EQ(sender->poll(nullptr) & kOut, 0u);
    EXPECT_EQ(received(*target, 4), "x");
    EXPECT_EQ(sender->poll(nullptr) & kOut, kOut);
    target.reset();
    EXPECT_EQ(send(*sender, "x").error(), Errno::ConnRefused);
    EXPECT_EQ(send(*sender, "x").error(), Errno::NotConn);
}

TEST_F(SocketTest, files_arrive_with_the_message)
{
    Pair const pair = make_pair();
    Pair inner = make_pair();
    MUST(send(*pair.first, "a", files_of({inner.first, inner.second})));
    MUST(send(*pair.first, "b"));
    inner = Pair{};
    std::string text(8, '?');
    Received result = MUST(receive(*pair.second, text));
    // The files end what one call takes.
    EXPECT_EQ(result.size, 1u);
    ASSERT_TRUE(result.files);
    ASSERT_EQ(result.files->files().size(), 2u);
    auto& first = static_cast<Socket&>(*result.files->files()[0]);
    auto& second = static_cast<Socket&>(*result.files->files()[1]);
    MUST(send(first, "through"));
    EXPECT_EQ(received(second, 9), "through");
}

TEST_F(SocketTest, sockets_that_only_their_own_messages_hold_are_dropped)
{
    u64 const before = heap->live_objects();
    for (int kind = 0; kind < 5; ++kind) {
        Pair pair = make_pair();
        Pair other = make_pair();
        // Into its own queue; both into each other's; a ring of two pairs; with a copy; nested.
        if (kind == 0) MUST(send(*pair.first, "x", files_of({pair.second})));
        if (kind >= 1) {
            MUST(send(*pair.first, "x", files_of({pair.first, pair.second})));
            MUST(send(*pair.second, "x", files_of({pair.first, pair.second})));
        }
        if (kind >= 2) {
            MUST(send(*pair.first, "x", files_of({other.first})));
            MUST(send(*other.second, "x", files_of({pair.second})));
            MUST(send(*other.first, "x", files_of({pair.second, other.second})));
        }
        if (kind == 3) {
            std::string text(1, '?');
            Received peeked = MUST(receive(*pair.second, text, message_flags::kPeek));
            EXPECT_TRUE(peeked.files);
        }
        close(pair.first);
        close(other.first);
        if (kind == 4) {
            // As long as one end is open all of it can be reached.
            EXPECT_GT(static_cast<SocketSpace*>(vfs->sockets.get())->passed_files(), 5u);
            EXPECT_EQ(received(*pair.second, 1), "x");
        }
        close(pair.second);
        close(other.second);
        EXPECT_EQ(static_cast<SocketSpace*>(vfs->sockets.get())->passed_files(), 0u) << kind;
    }
    // What all sockets share stays.
    EXPECT_EQ(heap->live_objects(), before + 1);
}

TEST_F(SocketTest, a_socket_in_a_connection_that_nobody_accepts_is_dropped_with_it)
{
    Ref<Socket> listener = make();
    ASSERT_EQ(error_of(listener->bind(named("trap"))), kOk);
    ASSERT_EQ(error_of(listener->listen(5, {})), kOk);
    Ref<Socket> client = make();
    ASSERT_EQ(error_of(connect(*client, "trap")), kOk);
    MUST(send(*client, "x", files_of({listener, client})));
    close(client);
    close(listener);
    EXPECT_EQ(static_cast<SocketSpace*>(vfs->sockets.get())->passed_files(), 0u);
    Ref<Socket> const next = make();
    EXPECT_EQ(error_of(next->bind(named("trap"))), kOk);
}

// Each in the message of the next: their ends do not nest.
TEST_F(SocketTest, a_long_chain_of_passed_sockets_ends_one_by_one)
{
    Pair last = make_pair();
    for (int i = 0; i < 2000; ++i) {
        Pair next = make_pair();
        MUST(send(*next.first, "x", files_of({last.first, last.second})));
        last = std::move(next);
    }
    close(last.first);
    close(last.second);
    EXPECT_EQ(static_cast<SocketSpace*>(vfs->sockets.get())->passed_files(), 0u);
}

TEST_F(SocketTest, without_memory_nothing_is_sent_or_made)
{
    Pair const pair = make_pair();
    saturate_heap();
    for (u64 nth = 0;; ++nth) {
        machine.fail_allocation(nth);
        Result<usize> sent = send(*pair.first, std::string(9000, 'x'));
        bool const has_failed = machine.has_failed();
        machine.fail_nothing();
        if (!has_failed) {
            EXPECT_EQ(MUST(std::move(sent)), 9000u);
            break;
        }
        EXPECT_EQ(sent.error(), Errno::NoMem);
        EXPECT_EQ(pair.second->unread_bytes(), 0u);
    }
    for (u64 nth = 0;; ++nth) {
        machine.fail_allocation(nth);
        Result<Ref<Socket>> const made = Socket::create(*vfs, SocketType::Stream, 0, credentials);
        bool const has_failed = machine.has_failed();
        machine.fail_nothing();
        EXPECT_EQ(made.is_error(), has_failed);
        if (!has_failed) break;
    }
    release_fillers();
}

}  // namespace
}  // namespace drydock
