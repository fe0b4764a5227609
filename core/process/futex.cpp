#include "core/process/futex.h"

namespace drydock {

Result<FutexKey> FutexTable::key_of(AddressSpace& space, UserAddr word, bool is_private)
{
    if (word.value % sizeof(u32) != 0) return Errno::Inval;
    if (word.value >= kUserEnd) return Errno::Fault;
    if (!is_private) {
        Region const* const region = space.find_region(word);
        if (region == nullptr || !region->is_accessible()) return Errno::Fault;
        // Private memory that nobody may write never changes (kernel/futex/core.c, get_futex_key).
        if (!region->rights.write && !region->cache) return Errno::Fault;
        if (region->is_shared && region->cache) {
            u64 const offset = region->file_offset + (word.value - region->start.value);
            return FutexKey{region->cache.get(), offset};
        }
        // As in Linux (FUT_OFF_MMSHARED), waiters by the one name are not found by the other.
        return FutexKey{&space, word.value | 1};
    }
    return FutexKey{&space, word.value};
}

// Not inlined: the compiler would take the hook's address in the bucket for one that outlives the
// wait.
[[gnu::noinline]] void FutexTable::enqueue(Waiter& waiter)
{
    bucket_of(waiter.key).push_back(waiter);
}

Result<void> FutexTable::wait(
    UserThread& thread, UserAddr word, FutexKey key, u32 expected, u32 bits, Ticks deadline)
{
    // Nothing else runs between this look and the sleep.
    u32 const value = TRY(thread.space().read<u32>(word));
    if (value != expected) return Errno::Again;
    Waiter waiter;
    waiter.key = key;
    waiter.bits = bits;
    waiter.thread = &thread;
    enqueue(waiter);
    Result<void> outcome;
    while (!waiter.is_woken) {
        outcome = thread.system().scheduler.block("futex", Thread::Wait::Interruptible, deadline);
        if (outcome.is_error()) break;
    }
    waiter.hook.unlink();
    // A wake that came together with a signal or the deadline counts as a wake.
    if (waiter.is_woken) return {};
    return outcome;
}

u32 FutexTable::wake(Scheduler& scheduler, FutexKey key, u32 count, u32 bits)
{
    Bucket& bucket = bucket_of(key);
    u32 woken = 0;
    // Those that are woken leave the queue themselves when they run.
    for (Waiter& waiter : bucket) {
        if (woken >= count) break;
        if (waiter.is_woken || waiter.key != key || (waiter.bits & bits) == 0) continue;
        waiter.is_woken = true;
        scheduler.wake(*waiter.thread);
        ++woken;
    }
    return woken;
}

u32 FutexTable::requeue(Scheduler& scheduler,
                        FutexKey source,
                        FutexKey target,
                        u32 wake_count,
                        u32 move_count,
                        u32& moved)
{
    u32 const woken = wake(scheduler, source, wake_count, kAnyBit);
    moved = 0;
    Bucket& from = bucket_of(source);
    Bucket& to = bucket_of(target);
    // The last one of now: those that are put behind it in the same bucket have been moved already.
    Waiter* const last = from.last();
    Waiter* waiter = from.first();
    while (waiter != nullptr && moved < move_count) {
        Waiter* const next = waiter == last ? nullptr : from.next(*waiter);
        if (!waiter->is_woken && waiter->key == source) {
            // The same word: they count as moved and stay where they are.
            if (source != target) {
                from.remove(*waiter);
                waiter->key = target;
                to.push_back(*waiter);
            }
            ++moved;
        }
        waiter = next;
    }
    return woken;
}

}  // namespace drydock
