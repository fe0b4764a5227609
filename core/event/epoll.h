#pragma once

// epoll(7): a set of open files and the events that somebody waits for on each. A file is followed
// through its wait queues, and kept apart as "maybe ready" from a change until a look at it finds
// nothing. It leaves the set with its last descriptor.
//
// An epoll file may be in the set of another; the paths through such sets have at most
// kMaximumNesting steps, and their number is limited. That bounds the two walks along them, poll()
// downwards and notice() upwards.

#include "core/abi/io.h"
#include "core/vfs/vfs.h"

namespace drydock {

// Bits of epoll_ctl(2) beside those of poll(2).
namespace epoll_events {
inline constexpr u32 kExclusive = 1u << 28, kWakeUp = 1u << 29, kOneShot = 1u << 30;
inline constexpr u32 kEdge = 1u << 31;
// How an event is told, not which.
inline constexpr u32 kPrivate = kExclusive | kWakeUp | kOneShot | kEdge;
}  // namespace epoll_events

class Epoll final : public File {
public:
    // EP_MAX_NESTS of fs/eventpoll.c.
    static constexpr u32 kMaximumNesting = 4;

    // Errno::NoMem.
    static Result<Ref<File>> create(Vfs& vfs);
    Epoll(Vfs& vfs, Ref<Inode> inode);
    ~Epoll() override;

    // epoll_ctl(2). A file is in the set once per descriptor. Errno::Exist, NoEnt, NoMem, Loop (a
    // circle, or too many steps), Inval (an exclusive entry is never modified; too many ways from
    // one set to another).
    Result<void> add(File& file, u32 descriptor, UserEpollEvent const& event);
    Result<void> modify(File& file, u32 descriptor, UserEpollEvent const& event);
    Result<void> remove(File& file, u32 descriptor);
    // epoll_wait(2): at most `most` events, 0 once the deadline has passed; a deadline of 0 does
    // not wait. Errno::Intr, Fault.
    Result<u32> wait(AddressSpace& space, UserAddr target, u32 most, Ticks deadline);

    FileKind kind() const override { return FileKind::Epoll; }
    bool can_poll() const override { return true; }
    // There is no position, but it can be asked for (Linux noop_llseek()).
    Result<u64> seek(i64, u32) override { return u64{0}; }
    u32 poll(PollRegistration* registration) override;
    usize size() const { return count_; }

private:
    struct Item;
    // A place in one queue of an item's file.
    struct Place : Waiter {
        Item* item = nullptr;
        WaitQueue* queue = nullptr;
        Place* next = nullptr;
    };
    // A file in the set, with the events that are waited for.
    struct Item final : FileWatch {
        Item(Epoll& set, File& followed, u32 number)
            : epoll(set), file(followed), descriptor(number)
        {}
        ~Item() = default;
        void file_ends() override { epoll.drop(*this); }
        bool is_nested() const { return file.kind() == FileKind::Epoll; }

        Epoll& epoll;
        File& file;
        u32 const descriptor;
        u32 events = 0;
        u64 data = 0;
        u64 pass = 0;  // The last one that told of it, see collect().
        Item* next_in_bucket = nullptr;
        ListHook ready_hook{};
        ListHook nested_hook{};
        Place* places = nullptr;
        Place first_place{};  // Nearly every file has one queue.
    };
    class Registrar;

    static bool hear(Waiter& waiter, u32 events);
    bool notice(Item& item, u32 events);
    Result<u32> collect(AddressSpace& space, UserAddr target, u32 most);
    void look_at(Item& item);
    Result<void> enter_queues(Item& item);
    void leave_queues(Item& item);
    void drop(Item& item);

    // --- nesting (epoll_nesting.cpp)
    Result<void> check_nesting(Epoll& inner);
    u32 steps_down(Epoll const& wanted, u32 depth);
    u32 steps_up(u32 depth);
    struct WayCounts {
        u32 ways[kMaximumNesting + 1] = {};
    };
    bool count_ways_up(u32 steps, WayCounts& counts);
    bool has_few_ways(u32 depth);

    // --- the index by descriptor
    Item** bucket_of(u32 descriptor) { return &buckets_[descriptor & (bucket_count_ - 1)]; }
    Item* find(File& file, u32 descriptor);
    void insert(Item& item);
    void take_out(Item& item);
    void grow();

    static constexpr u32 kFirstBuckets = 8;

    Heap& heap_;
    Scheduler& scheduler_;
    usize count_ = 0;
    u32 bucket_count_ = kFirstBuckets;
    Item* first_buckets_[kFirstBuckets] = {};
    Item** buckets_ = first_buckets_;
    Buffer larger_buckets_{};
    List<Item, &Item::ready_hook> ready_{};
    List<Item, &Item::nested_hook> nested_{};
    u64 pass_ = 0;
    WaitQueue waiting_{};  // Threads in wait().
    WaitQueue polled_{};   // Those who poll this file, outer sets among them.
};

}  // namespace drydock
