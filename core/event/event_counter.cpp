#include "core/event/event_counter.h"

namespace drydock {

using namespace poll_events;

Result<Ref<File>> EventCounter::create(Vfs& vfs, u64 initial, bool is_semaphore, u32 flags)
{
    Ref<Inode> inode = TRY(vfs.anonymous_inode());
    Ref<EventCounter> file = TRY(vfs.heap().create_ref<EventCounter>(
        vfs,
        std::move(inode),
        initial,
        is_semaphore,
        open_flags::kReadWrite | (flags & open_flags::kNonBlock)));
    return Ref<File>(file);
}

Result<usize> EventCounter::read(IoBuffer& target)
{
    if (target.remaining() < sizeof(u64)) return Errno::Inval;
    if (count_ == 0) {
        if (is_non_blocking()) return Errno::Again;
        TRY(scheduler_.wait_until(changed_, "eventfd read", [this] { return count_ > 0; }));
    }
    u64 const value = is_semaphore_ ? 1 : count_;
    count_ -= value;
    changed_.wake(scheduler_, kOut);
    // As on Linux (fs/eventfd.c, eventfd_read) what cannot be delivered is gone.
    usize const moved =
        TRY(target.put({reinterpret_cast<std::byte const*>(&value), sizeof(value)}));
    if (moved < sizeof(value)) return Errno::Fault;
    return moved;
}

Result<usize> EventCounter::write(IoBuffer& source)
{
    // Nothing but a number (Linux 6.10; before, what was behind it was left out).
    if (source.remaining() != sizeof(u64)) return Errno::Inval;
    u64 value = 0;
    usize const taken = TRY(source.take({reinterpret_cast<std::byte*>(&value), sizeof(value)}));
    if (taken < sizeof(value)) return Errno::Fault;
    if (value > kMaximum) return Errno::Inval;
    auto const has_room = [this, value] { return value <= kMaximum - count_; };
    if (!has_room()) {
        if (is_non_blocking()) return Errno::Again;
        TRY(scheduler_.wait_until(changed_, "eventfd write", has_room));
    }
    ASSERT(has_room());
    count_ += value;
    changed_.wake(scheduler_, kIn);
    return sizeof(u64);
}

u32 EventCounter::poll(PollRegistration* registration)
{
    if (registration != nullptr) registration->wait_on(changed_);
    u32 events = 0;
    if (count_ > 0) events |= kIn;
    if (count_ < kMaximum) events |= kOut;
    return events;
}

}  // namespace drydock
