#pragma once

// Waiting for several files at once: registers with all their queues before it looks, so that no
// change between looking and sleeping is missed.

#include "core/abi/time.h"
#include "core/syscall/call_support.h"

namespace drydock {

// A file and the events that somebody waits for.
struct PolledFile {
    Ref<File> file{};  // Null: ignored.
    u32 interest = 0;
    u32 ready = 0;
};

// Waiters in any number of queues, all for the running thread; leaves the queues when it ends.
class QueueWaiters final : public PollRegistration {
public:
    explicit QueueWaiters(System& system) : system_(system) {}
    QueueWaiters(QueueWaiters const&) = delete;
    QueueWaiters& operator=(QueueWaiters const&) = delete;
    ~QueueWaiters();

    void wait_on(WaitQueue& queue) override;
    // Some place could not be had: to sleep now could be for ever.
    bool failed() const { return failed_; }
    void leave();

private:
    struct Entry {
        Waiter waiter{};
        WaitQueue* queue = nullptr;
        Entry* next = nullptr;
        bool is_local = false;
    };
    static constexpr usize kLocal = 4;
    Entry* take_entry();

    System& system_;
    // The first few, made when they are needed: most polls wait for nothing.
    alignas(Entry) std::byte local_[kLocal * sizeof(Entry)];
    usize local_used_ = 0;
    Entry* entries_ = nullptr;
    bool failed_ = false;
};

// An array of polled files, on the heap when it is long; drops its references at the end.
class PollSet {
public:
    PollSet() = default;
    PollSet(PollSet const&) = delete;
    PollSet& operator=(PollSet const&) = delete;
    ~PollSet();
    // Errno::NoMem.
    Result<void> create(Heap& heap, usize count);
    Span<PolledFile> files() const { return files_; }

private:
    static constexpr usize kLocal = 8;

    Buffer storage_{};
    alignas(PolledFile) std::byte local_[kLocal * sizeof(PolledFile)];
    Span<PolledFile> files_{};
};

// The number of files with ready events, 0 once the deadline has passed. A deadline of 0 does not
// wait. `already`: what the caller has found ready itself. Errno::RestartNoHand, NoMem.
Result<u32> wait_for_files(Call& call, Span<PolledFile> files, u32 already, Ticks deadline);

// The time at which a timeout that starts now ends; far ones never do.
Ticks deadline_after(System& system, i64 seconds, u64 nanoseconds);
// Errno::Inval for what is no time.
Result<Ticks> deadline_of(Call& call, Timespec const& timeout);

// Another signal mask for the length of a call (ppoll, pselect, epoll_pwait); none if the address
// is null. Errno::Inval, Fault.
Result<void> change_mask(Call& call, UserAddr mask, u64 size);
// An interrupted call leaves its mask in place for the handler; the delivery of signals puts the
// old one back.
void restore_mask(Call& call, bool was_interrupted);

}  // namespace drydock
