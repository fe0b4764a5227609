// The signals of timers (timer_create(2)), and the end of timers.

#include "core/process/process_table.h"

namespace drydock {

bool ProcessTable::send_own(Process& process, u32 tid, PendingSignal& entry)
{
    ASSERT(entry.timer != nullptr);
    ASSERT(!entry.hook.is_linked());
    UserThread* thread = nullptr;
    if (tid != 0) {
        thread = find_thread(tid);
        if (thread == nullptr || &thread->process() != &process) return false;
    }
    auto const signal = static_cast<Signal>(entry.info.number);
    if (!prepare_signal(process, thread, signal, false)) return false;
    u32 const target = thread != nullptr ? tid : process.pid();
    record(EventKind::Signal, static_cast<u64>(entry.info.number), target, 0);
    // It counts although the same signal waits already (kernel/signal.c, send_sigqueue).
    SignalQueue& queue = thread != nullptr ? thread->pending_queue : process.pending_queue;
    SignalSet& pending = thread != nullptr ? thread->pending : process.pending;
    queue.push_back(entry);
    pending.add(signal);
    announce(process, thread, signal);
    return true;
}

void ProcessTable::withdraw(Process& process, PendingSignal& entry)
{
    UserThread* const thread =
        entry.timer->target_tid() == 0 ? nullptr : find_thread(entry.timer->target_tid());
    SignalQueue& queue = thread != nullptr ? thread->pending_queue : process.pending_queue;
    SignalSet& pending = thread != nullptr ? thread->pending : process.pending;
    queue.remove(entry);
    for (PendingSignal const& other : queue) {
        if (other.info.number == entry.info.number) return;
    }
    pending.remove(static_cast<Signal>(entry.info.number));
}

void ProcessTable::delete_timer(Process& process, PosixTimer& timer)
{
    process.timers.remove(timer);
    ASSERT(process.queued_signals > 0);
    --process.queued_signals;
    Own<PosixTimer>{&timer}.reset();
}

void ProcessTable::delete_timers(Process& process)
{
    while (PosixTimer* const timer = process.timers.first()) delete_timer(process, *timer);
    process.next_timer_id = 0;
}

}  // namespace drydock
