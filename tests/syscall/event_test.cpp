// Random calls on event counters, pipes and epoll sets, made here and on this machine's Linux: both
// must answer the same, in the same order.

#include "tests/support/random.h"
#include "tests/syscall/caller.h"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

namespace drydock {
namespace {

using test::Caller;
using test::Random;

i64 host_call(long number, u64 a, u64 b, u64 c, u64 d)
{
    long const result = syscall(number, a, b, c, d);
    return result < 0 ? -errno : result;
}

u64 host_address(void* memory) { return reinterpret_cast<u64>(memory); }

// The same descriptor on both sides.
struct Twin {
    u64 here = 0;
    u64 there = 0;
    bool is_set = false;
    bool is_counter = false;
};

class Twins {
public:
    Twins() = default;
    Twins(Twins const&) = delete;
    Twins& operator=(Twins const&) = delete;
    ~Twins()
    {
        for (Twin const& twin : twins_) ::close(static_cast<int>(twin.there));
    }

    usize size() const { return twins_.size(); }
    Twin const& operator[](usize index) const { return twins_[index]; }
    void make_counter(u64 value, u64 flags)
    {
        add(both(SYS_eventfd2, value, flags | EFD_NONBLOCK), {0, 0, false, true});
    }
    void make_set() { add(both(SYS_epoll_create1, 0), {0, 0, true, false}); }
    void make_pipe()
    {
        int ends[2] = {};
        ASSERT_EQ(host_call(SYS_pipe2, host_address(ends), O_NONBLOCK, 0, 0), 0);
        ASSERT_EQ(caller_.call(SYS_pipe2, {Caller::kMemory, O_NONBLOCK}), 0);
        for (u64 i = 0; i < 2; ++i) {
            u64 const here = caller_.value<u32>(Caller::kMemory + 4 * i);
            twins_.push_back({here, static_cast<u64>(ends[i]), false, false});
        }
    }
    void duplicate(usize index)
    {
        Twin const source = twins_[index];
        i64 const here = caller_.call(SYS_dup, {source.here});
        i64 const there = host_call(SYS_dup, source.there, 0, 0, 0);
        add({here, there}, source);
    }
    void close(usize index)
    {
        note("close", {twins_[index].there}, 0);
        EXPECT_EQ(caller_.call(SYS_close, {twins_[index].here}), 0);
        EXPECT_EQ(host_call(SYS_close, twins_[index].there, 0, 0, 0), 0);
        twins_.erase(twins_.begin() + static_cast<std::ptrdiff_t>(index));
    }
    i64 control(usize set, u64 operation, usize file, u32 events, u64 data)
    {
        epoll_event event{};
        event.events = events;
        event.data.u64 = data;
        u64 const address = caller_.put(&event, sizeof(event));
        i64 const here =
            caller_.call(SYS_epoll_ctl, {twins_[set].here, operation, twins_[file].here, address});
        i64 const there = host_call(
            SYS_epoll_ctl, twins_[set].there, operation, twins_[file].there, host_address(&event));
        note("epoll_ctl", {twins_[set].there, operation, twins_[file].there, events, data}, there);
        EXPECT_EQ(here, there) << "epoll_ctl " << operation << " of " << set << ", " << file
                               << ", events " << std::hex << events;
        return here;
    }
    void wait(usize set, u32 most)
    {
        epoll_event theirs[32] = {};
        i64 const here = caller_.call(SYS_epoll_wait, {twins_[set].here, Caller::kMemory, most, 0});
        i64 const there =
            host_call(SYS_epoll_wait, twins_[set].there, host_address(theirs), most, 0);
        note("epoll_wait", {twins_[set].there, most}, there);
        ASSERT_EQ(here, there) << "epoll_wait of " << set;
        if (here < 0) return;
        for (u64 i = 0; i < static_cast<u64>(here); ++i) {
            auto const event =
                caller_.value<UserEpollEvent>(Caller::kMemory + i * sizeof(UserEpollEvent));
            u64 const our_data = event.data;
            u32 const our_events = event.events;
            u64 const their_data = theirs[i].data.u64;
            u32 const their_events = theirs[i].events;
            note("    event", {their_data, their_events}, 0);
            EXPECT_EQ(our_data, their_data) << "event " << i << " of set " << set;
            EXPECT_EQ(our_events, their_events) << "event " << i << " of set " << set;
        }
    }
    void transfer(long number, usize file, u64 size)
    {
        // eventfd(2) takes the first eight bytes of more; Linux 6.10 and later refuses them.
        if (twins_[file].is_counter && number == SYS_write && size > 8) size = 8;
        std::vector<char> buffer(size);
        u64 const one = 1;
        if (twins_[file].is_counter && size >= sizeof(one)) memcpy(buffer.data(), &one, 8);
        u64 const address = caller_.put(buffer.data(), buffer.size());
        i64 const here = caller_.call(static_cast<u64>(number), {twins_[file].here, address, size});
        i64 const there =
            host_call(number, twins_[file].there, host_address(buffer.data()), size, 0);
        note(number == SYS_read ? "read" : "write", {twins_[file].there, size}, there);
        EXPECT_EQ(here, there) << (number == SYS_read ? "read " : "write ") << file;
    }

    // The calls so far, with this machine's descriptors and results.
    std::string const& history() const { return history_; }

private:
    void note(char const* call, std::initializer_list<u64> arguments, i64 result)
    {
        history_ += call;
        for (u64 const argument : arguments) history_ += " " + std::to_string(argument);
        history_ += " = " + std::to_string(result) + "\n";
    }
    struct Results {
        i64 here = 0;
        i64 there = 0;
    };
    Results both(long number, u64 a, u64 b = 0)
    {
        i64 const here = caller_.call(static_cast<u64>(number), {a, b});
        return {here, host_call(number, a, b, 0, 0)};
    }
    void add(Results results, Twin twin)
    {
        ASSERT_GE(results.here, 0);
        ASSERT_GE(results.there, 0);
        note("new from", {twin.there, twin.is_set, twin.is_counter}, results.there);
        twin.here = static_cast<u64>(results.here);
        twin.there = static_cast<u64>(results.there);
        twins_.push_back(twin);
    }

    Caller caller_{};
    std::string history_{};
    std::vector<Twin> twins_{};
};

u32 random_events(Random& random)
{
    constexpr u32 kBits[] = {
        EPOLLIN, EPOLLOUT, EPOLLIN | EPOLLOUT, EPOLLIN | EPOLLRDNORM, EPOLLPRI, EPOLLIN, 0};
    u32 events = kBits[random.below(std::size(kBits))];
    if (random.below(2) == 0) events |= EPOLLET;
    if (random.below(8) == 0) events |= EPOLLONESHOT;
    if (random.below(12) == 0) events |= EPOLLEXCLUSIVE;
    return events;
}

void random_step(Twins& twins, Random& random, u64 step)
{
    usize const first = random.below(twins.size());
    usize const second = random.below(twins.size());
    constexpr u64 kSizes[] = {8, 8, 8, 7, 100, 4096, 9000, 60000};
    u64 const size = kSizes[random.below(std::size(kSizes))];
    switch (random.below(16)) {
    case 0: {
        u64 const flags = random.below(2);
        return twins.make_counter(random.below(3), flags);
    }
    case 1: return twins.make_pipe();
    case 2: return twins.make_set();
    case 3: return twins.duplicate(first);
    case 4:
        if (twins.size() > 4) twins.close(first);
        return;
    case 5:
    case 6:
    case 7: twins.control(first, EPOLL_CTL_ADD, second, random_events(random), step); return;
    case 8: twins.control(first, EPOLL_CTL_MOD, second, random_events(random), step); return;
    case 9: twins.control(first, EPOLL_CTL_DEL, second, 0, 0); return;
    case 10:
    case 11: return twins.wait(first, 1 + static_cast<u32>(random.below(31)));
    case 12:
    case 13: return twins.transfer(SYS_read, first, size);
    default: return twins.transfer(SYS_write, first, size);
    }
}

TEST(events, random_calls_agree_with_linux)
{
    // A pipe without readers: the error is enough.
    ASSERT_NE(signal(SIGPIPE, SIG_IGN), SIG_ERR);
    for (u64 seed = 1; seed <= 200; ++seed) {
        SCOPED_TRACE(seed);
        Random random(seed);
        Twins twins;
        for (int i = 0; i < 3; ++i) twins.make_set();
        twins.make_counter(0, 0);
        twins.make_pipe();
        for (u64 step = 0; step < 400; ++step) {
            random_step(twins, random, step);
            // What every set holds ready, told or not.
            if (step % 16 == 0) {
                for (usize i = 0; i < twins.size(); ++i) {
                    if (twins[i].is_set) twins.wait(i, 32);
                }
            }
            if (testing::Test::HasFailure()) {
                GTEST_FAIL() << "at step " << step << " of\n" << twins.history();
            }
        }
    }
}

}  // namespace
}  // namespace drydock
