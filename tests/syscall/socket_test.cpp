// Random calls on local sockets, made here and on this machine's Linux: both must answer the same.

#include "tests/support/random.h"
#include "tests/syscall/caller.h"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

namespace drydock {
namespace {

using test::Caller;
using test::Random;

constexpr u64 kArguments = Caller::kMemory;
constexpr u64 kData = Caller::kMemory + 8192;

i64 host_call(long number, u64 a, u64 b, u64 c, u64 d = 0, u64 e = 0, u64 f = 0)
{
    long const result = syscall(number, a, b, c, d, e, f);
    return result < 0 ? -errno : result;
}

u64 host_address(void const* memory) { return reinterpret_cast<u64>(memory); }

// The same descriptor on both sides.
struct Twin {
    u64 here = 0;
    u64 there = 0;
};

// A message with control data, as both sides see it.
struct MessageBox {
    char data[64] = {};
    alignas(8) char control[64] = {};
    iovec vector{};
    msghdr header{};
};

class Sockets {
public:
    explicit Sockets(u64 seed) : name_(std::to_string(getpid()) + "." + std::to_string(seed)) {}
    Sockets(Sockets const&) = delete;
    Sockets& operator=(Sockets const&) = delete;
    ~Sockets()
    {
        while (size() > 0) close(0);
        for (Twin const& file : files_) ::close(static_cast<int>(file.there));
    }

    void make_files()
    {
        int ends[2] = {};
        ASSERT_EQ(host_call(SYS_pipe2, host_address(ends), 0, 0), 0);
        ASSERT_EQ(caller_.call(SYS_pipe2, {kArguments, 0}), 0);
        for (u64 i = 0; i < 2; ++i) {
            files_[i] = {caller_.value<u32>(kArguments + 4 * i), static_cast<u64>(ends[i])};
        }
    }
    usize size() const { return twins_.size(); }
    std::string const& history() const { return history_; }

    void make(u64 type)
    {
        i64 const here = caller_.call(SYS_socket, {AF_UNIX, type | SOCK_NONBLOCK, 0});
        i64 const there = host_call(SYS_socket, AF_UNIX, type | SOCK_NONBLOCK, 0);
        note("socket " + std::to_string(type), there);
        ASSERT_GE(here, 0);
        twins_.push_back({static_cast<u64>(here), static_cast<u64>(there)});
    }
    void make_pair(u64 type)
    {
        int pair[2] = {};
        i64 const there =
            host_call(SYS_socketpair, AF_UNIX, type | SOCK_NONBLOCK, 0, host_address(pair));
        ASSERT_EQ(caller_.call(SYS_socketpair, {AF_UNIX, type | SOCK_NONBLOCK, 0, kArguments}),
                  there);
        note("pair " + std::to_string(type) + " of " + std::to_string(pair[0]), pair[1]);
        for (u64 i = 0; i < 2; ++i) {
            u64 const here = caller_.value<u32>(kArguments + 4 * i);
            twins_.push_back({here, static_cast<u64>(pair[i])});
        }
    }
    void close(usize index)
    {
        note("close", static_cast<i64>(twins_[index].there));
        EXPECT_EQ(caller_.call(SYS_close, {twins_[index].here}), 0);
        EXPECT_EQ(host_call(SYS_close, twins_[index].there, 0, 0), 0);
        twins_.erase(twins_.begin() + static_cast<std::ptrdiff_t>(index));
    }
    void bind(usize index, u64 number) { with_name(SYS_bind, index, number); }
    void connect(usize index, u64 number) { with_name(SYS_connect, index, number); }
    void disconnect(usize index)
    {
        sockaddr const none{};
        u64 const address = caller_.put(&none, sizeof(none));
        compare("disconnect",
                index,
                caller_.call(SYS_connect, {twins_[index].here, address, sizeof(none)}),
                host_call(SYS_connect, twins_[index].there, host_address(&none), sizeof(none)));
    }
    void simple(char const* what, long number, usize index, u64 value)
    {
        compare(std::string(what) + " " + std::to_string(value),
                index,
                caller_.call(static_cast<u64>(number), {twins_[index].here, value}),
                host_call(number, twins_[index].there, value, 0));
    }
    void accept(usize index)
    {
        i64 const here = caller_.call(SYS_accept4, {twins_[index].here, 0, 0, SOCK_NONBLOCK});
        i64 const there = host_call(SYS_accept4, twins_[index].there, 0, 0, SOCK_NONBLOCK);
        if (!compare("accept", index, here < 0 ? here : 0, there < 0 ? there : 0) || there < 0) {
            return;
        }
        note("accepted", there);
        twins_.push_back({static_cast<u64>(here), static_cast<u64>(there)});
    }
    void send(usize index, u64 size, u64 flags)
    {
        std::vector<char> bytes(size);
        for (usize i = 0; i < size; ++i) bytes[i] = static_cast<char>(counter_ + i);
        ++counter_;
        u64 const address = caller_.put(bytes.data(), size, kData - Caller::kMemory);
        compare(
            "send " + std::to_string(size) + " " + std::to_string(flags),
            index,
            caller_.call(SYS_sendto, {twins_[index].here, address, size, flags}),
            host_call(SYS_sendto, twins_[index].there, host_address(bytes.data()), size, flags));
    }
    void receive(usize index, u64 size, u64 flags)
    {
        std::vector<char> theirs(size);
        i64 const there =
            host_call(SYS_recvfrom, twins_[index].there, host_address(theirs.data()), size, flags);
        i64 const here = caller_.call(SYS_recvfrom, {twins_[index].here, kData, size, flags});
        std::string const what = "receive " + std::to_string(size) + " " + std::to_string(flags);
        if (!compare(what, index, here, there) || there <= 0) return;
        usize const moved = static_cast<u64>(there) < size ? static_cast<u64>(there) : size;
        std::vector<u8> const ours = caller_.get(kData, moved);
        EXPECT_TRUE(moved == 0 || memcmp(ours.data(), theirs.data(), moved) == 0);
    }
    // One byte with an end of a pipe. (When Linux drops sockets that lie in their own messages is
    // not the same each time.)
    void pass(usize index, usize file)
    {
        MessageBox box;
        box.data[0] = static_cast<char>(counter_++);
        auto* const control = reinterpret_cast<cmsghdr*>(box.control);
        control->cmsg_len = CMSG_LEN(sizeof(int));
        control->cmsg_level = SOL_SOCKET;
        control->cmsg_type = SCM_RIGHTS;
        prepare(box, true, 1, CMSG_SPACE(sizeof(int)));
        set_file(box, files_[file].here);
        caller_.put(&box, sizeof(box));
        i64 const here = caller_.call(
            SYS_sendmsg, {twins_[index].here, place(offsetof(MessageBox, header)), MSG_NOSIGNAL});
        prepare(box, false, 1, CMSG_SPACE(sizeof(int)));
        set_file(box, files_[file].there);
        i64 const there =
            host_call(SYS_sendmsg, twins_[index].there, host_address(&box.header), MSG_NOSIGNAL);
        compare("pass " + std::to_string(files_[file].there), index, here, there);
    }
    void take(usize index, u64 size, u64 control_size, u64 flags)
    {
        MessageBox box;
        prepare(box, true, size, control_size);
        caller_.put(&box, sizeof(box));
        i64 const here = caller_.call(
            SYS_recvmsg, {twins_[index].here, place(offsetof(MessageBox, header)), flags});
        auto const ours = caller_.value<MessageBox>(kArguments);
        prepare(box, false, size, control_size);
        i64 const there =
            host_call(SYS_recvmsg, twins_[index].there, host_address(&box.header), flags);
        std::string const what = "take " + std::to_string(size) + " " + std::to_string(flags);
        if (!compare(what, index, here, there) || there < 0) return;
        EXPECT_EQ(ours.header.msg_flags, box.header.msg_flags);
        EXPECT_EQ(ours.header.msg_controllen, box.header.msg_controllen);
        EXPECT_EQ(memcmp(ours.data, box.data, size), 0);
        if (box.header.msg_controllen < CMSG_LEN(sizeof(int))) return;
        int descriptors[2] = {};
        memcpy(&descriptors[0], ours.control + sizeof(cmsghdr), sizeof(int));
        memcpy(&descriptors[1], box.control + sizeof(cmsghdr), sizeof(int));
        note("received", descriptors[1]);
        twins_.push_back({static_cast<u64>(descriptors[0]), static_cast<u64>(descriptors[1])});
    }
    void poll(usize index)
    {
        short const wanted = POLLIN | POLLOUT | POLLPRI | POLLRDHUP | POLLRDNORM | POLLWRNORM |
                             POLLRDBAND | POLLWRBAND;
        pollfd entry{static_cast<int>(twins_[index].here), wanted, 0};
        caller_.put(&entry, sizeof(entry));
        i64 const here = caller_.call(SYS_poll, {kArguments, 1, 0});
        u32 const ours = static_cast<u16>(caller_.value<pollfd>(kArguments).revents);
        entry.fd = static_cast<int>(twins_[index].there);
        i64 const there = host_call(SYS_poll, host_address(&entry), 1, 0);
        u32 const theirs = static_cast<u16>(entry.revents);
        compare("poll", index, here << 16 | ours, there << 16 | theirs);
    }
    void ask_amounts(usize index)
    {
        for (u64 const command : {u64{FIONREAD}, u64{TIOCOUTQ}}) {
            int theirs = -1;
            caller_.put(&theirs, sizeof(theirs));
            i64 const here = caller_.call(SYS_ioctl, {twins_[index].here, command, kArguments});
            int const ours = caller_.value<int>(kArguments);
            i64 const there =
                host_call(SYS_ioctl, twins_[index].there, command, host_address(&theirs));
            if (compare("ioctl", index, here, there)) compare("amount", index, ours, theirs);
        }
    }
    void ask_option(usize index, u64 option)
    {
        struct Answer {
            int value[4];
            u32 size;
        };
        Answer theirs{{-1, -1, -1, -1}, 4};
        caller_.put(&theirs, sizeof(theirs));
        i64 const here = caller_.call(
            SYS_getsockopt,
            {twins_[index].here, SOL_SOCKET, option, kArguments, place(offsetof(Answer, size))});
        auto const ours = caller_.value<Answer>(kArguments);
        i64 const there = host_call(SYS_getsockopt,
                                    twins_[index].there,
                                    SOL_SOCKET,
                                    option,
                                    host_address(theirs.value),
                                    host_address(&theirs.size));
        std::string const what = "option " + std::to_string(option);
        if (compare(what, index, here, there)) compare(what, index, ours.value[0], theirs.value[0]);
    }
    void ask_names(usize index)
    {
        struct Answer {
            sockaddr_un name;
            u32 size;
        };
        for (long const number : {SYS_getsockname, SYS_getpeername}) {
            Answer theirs{};
            theirs.size = sizeof(theirs.name);
            caller_.put(&theirs, sizeof(theirs));
            i64 const here =
                caller_.call(static_cast<u64>(number),
                             {twins_[index].here, kArguments, place(offsetof(Answer, size))});
            auto const ours = caller_.value<Answer>(kArguments);
            i64 const there = host_call(number,
                                        twins_[index].there,
                                        host_address(&theirs.name),
                                        host_address(&theirs.size));
            if (!compare("name", index, here, there)) continue;
            compare("size of name", index, ours.size, theirs.size);
            EXPECT_EQ(memcmp(&ours.name, &theirs.name, sizeof(ours.name)), 0);
        }
    }

private:
    static u64 place(usize offset) { return kArguments + offset; }
    void note(std::string const& what, i64 result)
    {
        history_ += what + " = " + std::to_string(result) + "\n";
    }
    bool compare(std::string const& what, usize index, i64 here, i64 there)
    {
        note(what + " on " + std::to_string(twins_[index].there), there);
        EXPECT_EQ(here, there) << what << " on " << twins_[index].there;
        return here == there;
    }
    void with_name(long number, usize index, u64 name)
    {
        sockaddr_un address{};
        address.sun_family = AF_UNIX;
        std::string const text = name_ + "." + std::to_string(name);
        memcpy(address.sun_path + 1, text.data(), text.size());
        u64 const size = offsetof(sockaddr_un, sun_path) + 1 + text.size();
        u64 const place_here = caller_.put(&address, sizeof(address));
        compare((number == SYS_bind ? "bind " : "connect ") + std::to_string(name),
                index,
                caller_.call(static_cast<u64>(number), {twins_[index].here, place_here, size}),
                host_call(number, twins_[index].there, host_address(&address), size));
    }
    static void prepare(MessageBox& box, bool is_here, u64 size, u64 control_size)
    {
        auto const at = [&](void* member) {
            auto const offset =
                static_cast<usize>(static_cast<char*>(member) - reinterpret_cast<char*>(&box));
            return is_here ? reinterpret_cast<void*>(place(offset)) : member;
        };
        box.vector = {at(box.data), size};
        box.header = {};
        box.header.msg_iov = static_cast<iovec*>(at(&box.vector));
        box.header.msg_iovlen = 1;
        box.header.msg_control = at(box.control);
        box.header.msg_controllen = control_size;
    }
    static void set_file(MessageBox& box, u64 descriptor)
    {
        int const number = static_cast<int>(descriptor);
        memcpy(box.control + sizeof(cmsghdr), &number, sizeof(number));
    }

    Caller caller_{};
    std::string const name_;
    std::string history_{};
    std::vector<Twin> twins_{};
    Twin files_[2]{};
    u64 counter_ = 0;
};

u64 random_size(Random& random)
{
    constexpr u64 kSizes[] = {0, 1, 2, 10, 100, 1000, 4000, 4096, 16000, 20000, 40000};
    return kSizes[random.below(std::size(kSizes))];
}

u64 random_type(Random& random)
{
    constexpr u64 kTypes[] = {SOCK_STREAM, SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET};
    return kTypes[random.below(std::size(kTypes))];
}

void random_step(Sockets& sockets, Random& random)
{
    usize const first = random.below(sockets.size());
    constexpr u64 kOptions[] = {SO_TYPE, SO_ERROR, SO_ACCEPTCONN, SO_DOMAIN, SO_SNDBUF, 200};
    constexpr u64 kReceiveFlags[] = {0, 0, 0, MSG_PEEK, MSG_TRUNC, MSG_WAITALL};
    switch (random.below(28)) {
    case 0: return sockets.make(random_type(random));
    case 1: return sockets.make_pair(random_type(random));
    case 2:
        if (sockets.size() > 6 && random.below(2) == 0) sockets.close(first);
        return;
    case 3:
    case 4: return sockets.bind(first, random.below(4));
    case 5: return sockets.simple("listen", SYS_listen, first, random.below(3));
    case 6:
    case 7:
    case 8: return sockets.connect(first, random.below(4));
    case 9: return sockets.disconnect(first);
    case 10:
    case 11: return sockets.accept(first);
    case 12:
        if (random.below(3) == 0) sockets.simple("shutdown", SYS_shutdown, first, random.below(4));
        return;
    case 13:
    case 14:
    case 15:
    case 16: {
        // Empty packets that are never read reset a connection in some versions of Linux only.
        u64 const size = random_size(random) + 1;
        return sockets.send(first, size + random.below(2), MSG_NOSIGNAL);
    }
    case 17:
    case 18:
    case 19: {
        u64 const flags = kReceiveFlags[random.below(std::size(kReceiveFlags))];
        return sockets.receive(first, random_size(random), flags);
    }
    case 20:
    case 21: return sockets.pass(first, random.below(2));
    case 22:
    case 23: {
        u64 const control_size = 24 * random.below(3);
        return sockets.take(first, 1 + random.below(40), control_size, 0);
    }
    case 24: return sockets.ask_names(first);
    case 25: return sockets.ask_option(first, kOptions[random.below(std::size(kOptions))]);
    case 26: return sockets.ask_amounts(first);
    default: return sockets.poll(first);
    }
}

TEST(sockets, random_calls_agree_with_linux)
{
    ASSERT_NE(signal(SIGPIPE, SIG_IGN), SIG_ERR);
    for (u64 seed = 1; seed <= 60; ++seed) {
        SCOPED_TRACE(seed);
        Random random(seed);
        Sockets sockets(seed);
        sockets.make_files();
        for (u64 const type : {SOCK_STREAM, SOCK_DGRAM, SOCK_SEQPACKET}) sockets.make_pair(type);
        for (int step = 0; step < 300; ++step) {
            random_step(sockets, random);
            for (usize i = 0; i < sockets.size(); ++i) sockets.poll(i);
            if (testing::Test::HasFailure()) {
                GTEST_FAIL() << "at step " << step << " of\n" << sockets.history();
            }
        }
    }
}

}  // namespace
}  // namespace drydock
