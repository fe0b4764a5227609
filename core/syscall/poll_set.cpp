#include "core/syscall/poll_set.h"

namespace drydock {

QueueWaiters::~QueueWaiters() { leave(); }

void QueueWaiters::leave()
{
    while (entries_ != nullptr) {
        Entry* const entry = entries_;
        entries_ = entry->next;
        entry->queue->remove(entry->waiter);
        if (entry->is_local) continue;
        Own<Entry> const owned(entry);
    }
    local_used_ = 0;
}

QueueWaiters::Entry* QueueWaiters::take_entry()
{
    if (local_used_ < kLocal) {
        auto* const entry = new (local_ + local_used_ * sizeof(Entry)) Entry{};
        ++local_used_;
        entry->is_local = true;
        return entry;
    }
    Result<Own<Entry>> entry = system_.heap.create<Entry>();
    if (entry.is_error()) return nullptr;
    return entry.value().take_pointer();
}

void QueueWaiters::wait_on(WaitQueue& queue)
{
    Entry* const entry = take_entry();
    if (entry == nullptr) {
        failed_ = true;
        return;
    }
    entry->waiter.thread = system_.scheduler.current();
    entry->queue = &queue;
    entry->next = entries_;
    entries_ = entry;
    queue.add(entry->waiter);
}

PollSet::~PollSet()
{
    for (PolledFile& entry : files_) entry.~PolledFile();
}

Result<void> PollSet::create(Heap& heap, usize count)
{
    if (count == 0) return {};
    if (count > kLocal) storage_ = TRY(Buffer::create(heap, count * sizeof(PolledFile)));
    auto* const first = reinterpret_cast<PolledFile*>(count > kLocal ? storage_.data() : local_);
    for (usize i = 0; i < count; ++i) new (first + i) PolledFile{};
    files_ = {first, count};
    return {};
}

namespace {

u32 look(Span<PolledFile> files, QueueWaiters* waiters)
{
    u32 count = 0;
    for (PolledFile& entry : files) {
        entry.ready = 0;
        if (!entry.file) continue;
        // Once something is ready nobody will sleep.
        PollRegistration* const registration = count == 0 ? waiters : nullptr;
        entry.ready = entry.file->poll(registration) & entry.interest;
        if (entry.ready != 0) ++count;
    }
    return count;
}

}  // namespace

Result<u32> wait_for_files(Call& call, Span<PolledFile> files, u32 already, Ticks deadline)
{
    bool const may_wait = deadline != 0 && already == 0;
    QueueWaiters waiters{call.system()};
    u32 count = look(files, may_wait ? &waiters : nullptr);
    while (may_wait && count == 0) {
        if (waiters.failed()) return Errno::NoMem;
        Result<void> const slept =
            call.system().scheduler.block("poll", Thread::Wait::Interruptible, deadline);
        count = look(files, nullptr);
        if (slept.is_ok() || count > 0) continue;
        if (slept.error() == Errno::TimedOut) break;
        return Errno::RestartNoHand;
    }
    return already + count;
}

Ticks deadline_after(System& system, i64 seconds, u64 nanoseconds)
{
    constexpr u64 kFar = 9'000'000'000;  // 285 years in seconds.
    if (static_cast<u64>(seconds) > kFar) return kNever;
    Ticks const length = static_cast<u64>(seconds) * kNanosPerSecond + nanoseconds;
    if (length == 0) return 0;
    return system.scheduler.now() + length;
}

Result<Ticks> deadline_of(Call& call, Timespec const& timeout)
{
    if (timeout.seconds < 0) return Errno::Inval;
    if (static_cast<u64>(timeout.nanoseconds) >= kNanosPerSecond) return Errno::Inval;
    return deadline_after(call.system(), timeout.seconds, static_cast<u64>(timeout.nanoseconds));
}

Result<void> change_mask(Call& call, UserAddr mask, u64 size)
{
    if (mask.is_null()) return {};
    if (size != sizeof(u64)) return Errno::Inval;
    u64 const bits = TRY(call.space().read<u64>(mask));
    UserThread& thread = call.thread;
    thread.saved_blocked = thread.blocked;
    thread.restores_blocked = true;
    call.system().processes.set_blocked(thread, SignalSet{bits});
    return {};
}

void restore_mask(Call& call, bool was_interrupted)
{
    UserThread& thread = call.thread;
    if (!thread.restores_blocked || was_interrupted) return;
    thread.restores_blocked = false;
    call.system().processes.set_blocked(thread, thread.saved_blocked);
}

}  // namespace drydock
