#pragma once

// futex(2): threads that sleep on a word of user memory. A word is named by the memory that holds
// it: by (address space, address), or by (file cache, offset) where the mapping is shared. In
// private memory FUTEX_PRIVATE_FLAG makes another word of it: without it, bit 0 of the offset is
// set.

#include "core/base/list.h"
#include "core/process/user_thread.h"

namespace drydock {

struct FutexKey {
    void const* memory = nullptr;  // AddressSpace or FileCache: compared for equality only.
    u64 offset = 0;
    bool operator==(FutexKey const&) const = default;
};

class FutexTable {
public:
    static constexpr u32 kAnyBit = ~u32{0};

    // Errno::Inval (misaligned), Fault.
    static Result<FutexKey> key_of(AddressSpace& space, UserAddr word, bool is_private);
    // Sleeps if the word still holds `expected`. Errno::Again if not; TimedOut; RestartSys.
    Result<void> wait(
        UserThread& thread, UserAddr word, FutexKey key, u32 expected, u32 bits, Ticks deadline);
    // Wakes at most `count` that share a bit, longest waiting first; how many.
    u32 wake(Scheduler& scheduler, FutexKey key, u32 count, u32 bits);
    // Wakes some and lets others wait on another word; how many of both, moved ones in `moved`.
    u32 requeue(Scheduler& scheduler,
                FutexKey source,
                FutexKey target,
                u32 wake_count,
                u32 move_count,
                u32& moved);

private:
    struct Waiter {
        FutexKey key{};
        u32 bits = 0;
        bool is_woken = false;
        Thread* thread = nullptr;
        ListHook hook{};
    };
    using Bucket = List<Waiter, &Waiter::hook>;
    static constexpr u32 kBuckets = 64;
    // By the user's address, so that nothing depends on where objects are.
    Bucket& bucket_of(FutexKey key) { return buckets_[(key.offset >> 2) % kBuckets]; }

    void enqueue(Waiter& waiter);

    Bucket buckets_[kBuckets];
};

}  // namespace drydock
