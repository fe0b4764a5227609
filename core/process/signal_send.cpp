// Generating signals: who gets them, what they cancel, what is kept until they are taken.

#include "core/process/process_table.h"

namespace drydock {

namespace {

constexpr u64 kContinueBit = SignalSet::bit(Signal::Cont);

bool is_real_time(Signal signal) { return signal >= Signal::RtMin; }

// Of a signal that has left its queue.
void forget(Process& process, PendingSignal& entry)
{
    ASSERT(!entry.hook.is_linked());
    if (entry.timer != nullptr) return entry.timer->dropped();
    ASSERT(process.queued_signals > 0);
    --process.queued_signals;
    Own<PendingSignal>{&entry}.reset();
}

}  // namespace

bool ProcessTable::has_pending(UserThread& thread) const
{
    Process const& process = thread.process();
    if (thread.must_exit() || process.halts != 0) return true;
    return ((thread.pending.bits | process.pending.bits) & ~thread.blocked.bits) != 0;
}

void ProcessTable::set_blocked(UserThread& thread, SignalSet blocked)
{
    blocked.bits &= ~kUnblockableSignals;
    thread.blocked = blocked;
    thread.set_interrupted(has_pending(thread));
}

bool ProcessTable::is_ignored(Process& process, Signal signal)
{
    SignalAction const& action = process.actions->of(signal);
    if (action.handler == kHandlerIgnore) return true;
    return action.handler == kHandlerDefault && default_action(signal) == DefaultAction::Ignore;
}

void ProcessTable::remove_queued(Process& process, SignalQueue& queue, u64 signals)
{
    PendingSignal* entry = queue.first();
    while (entry != nullptr) {
        PendingSignal* const next = queue.next(*entry);
        if ((signals & SignalSet::bit(static_cast<Signal>(entry->info.number))) != 0) {
            queue.remove(*entry);
            forget(process, *entry);
        }
        entry = next;
    }
}

void ProcessTable::discard_pending(Process& process, u64 signals)
{
    if ((process.pending.bits & signals) != 0) {
        remove_queued(process, process.pending_queue, signals);
        process.pending.bits &= ~signals;
    }
    for (ThreadLink& link : process.threads) {
        UserThread& thread = *link.thread;
        if ((thread.pending.bits & signals) == 0) continue;
        remove_queued(process, thread.pending_queue, signals);
        thread.pending.bits &= ~signals;
    }
}

// False if the signal vanishes here. Stop signals and SIGCONT cancel each other, whatever becomes
// of them (signal(7)).
bool ProcessTable::prepare_signal(Process& process,
                                  UserThread* target,
                                  Signal signal,
                                  bool is_forced)
{
    if (process.is_dead() || process.is_exiting) return false;
    if ((SignalSet::bit(signal) & kStopSignals) != 0) discard_pending(process, kContinueBit);
    if (signal == Signal::Cont) {
        discard_pending(process, kStopSignals);
        continue_process(process);
    }
    // Ignored signals are kept only where they are blocked: the action may change before they are
    // taken.
    UserThread const* const looked_at =
        target != nullptr || process.threads.is_empty() ? target : process.threads.first()->thread;
    if (looked_at != nullptr && looked_at->blocked.has(signal)) return true;
    // Not even the kernel's SIGKILL and SIGSTOP for the first of all; the init of a namespace takes
    // them, not from within (kernel/signal.c, sig_task_ignored).
    bool const is_default = process.actions->of(signal).handler == kHandlerDefault;
    if (process.is_unkillable && is_default) {
        bool const is_sure = signal == Signal::Kill || signal == Signal::Stop;
        return is_forced && is_sure && process.is_init_of_namespace();
    }
    return !is_ignored(process, signal);
}

// False if the signal cannot be kept: a real-time one without room.
bool ProcessTable::queue_signal(Process& process,
                                SignalSet& pending,
                                SignalQueue& queue,
                                SignalInfo const& info)
{
    auto const signal = static_cast<Signal>(info.number);
    // A standard signal is pending or not; a second one changes nothing.
    if (!is_real_time(signal) && pending.has(signal)) return true;
    bool const has_room = process.queued_signals < process.limit(Resource::PendingSignals).soft;
    // Standard signals of kill(2) and of the kernel are over the limit, those with a caller's own
    // details are not (kernel/signal.c, __send_signal_locked).
    if (has_room || (!is_real_time(signal) && info.code >= kSiUser)) {
        Result<Own<PendingSignal>> entry = system_.heap.create<PendingSignal>();
        if (entry.is_ok()) {
            PendingSignal* const signal_entry = entry.value().take_pointer();
            signal_entry->info = info;
            queue.push_back(*signal_entry);
            ++process.queued_signals;
            pending.add(signal);
            return true;
        }
    }
    // Those of sigqueue(3) fail; others arrive without details (kernel/signal.c).
    if (is_real_time(signal) && info.code != kSiUser && info.code != kSiKernel) return false;
    pending.add(signal);
    return true;
}

namespace {

// What ends the process as soon as any of its threads takes it.
bool ends_process(Process& process, Signal signal)
{
    if (process.is_unkillable) return false;
    bool const is_default = process.actions->of(signal).handler == kHandlerDefault;
    return is_default && default_action(signal) == DefaultAction::Terminate;
}

}  // namespace

// Wakes one thread that would take the signal; all of them for what ends the process.
void ProcessTable::wake_taker(Process& process, Signal signal)
{
    if (signal == Signal::Kill) {
        for (ThreadLink& link : process.threads) {
            system_.scheduler.interrupt(*link.thread);
            system_.scheduler.continue_thread(*link.thread);
        }
        return;
    }
    for (ThreadLink& link : process.threads) {
        UserThread& thread = *link.thread;
        if (thread.awaited.has(signal)) {
            system_.scheduler.wake(thread);
            return;
        }
        if (thread.blocked.has(signal)) continue;
        system_.scheduler.interrupt(thread);
        // None of them goes on (kernel/signal.c, complete_signal).
        if (!ends_process(process, signal)) return;
    }
}

void ProcessTable::send_to_process(Process& process, SignalInfo const& info)
{
    static_cast<void>(try_send(process, nullptr, info));
}

void ProcessTable::send_to_thread(UserThread& thread, SignalInfo const& info)
{
    static_cast<void>(try_send(thread.process(), &thread, info));
}

void ProcessTable::kill(Process& process)
{
    process.is_unkillable = false;
    send_to_process(process, SignalInfo::from_kernel(Signal::Kill));
}

bool ProcessTable::is_from_outside(Process& process, SignalInfo const& info)
{
    if (info.code == kSiKernel) return true;
    auto const* const sender = static_cast<UserThread*>(system_.scheduler.current());
    if (sender == nullptr) return true;
    return process.pid_space()->number_of(sender->process().pid()) == 0;
}

// Whoever is not in the target's namespace has no number there (kernel/signal.c,
// send_signal_locked).
bool ProcessTable::send_from_outside(Process& process, UserThread* thread, SignalInfo const& info)
{
    constexpr i32 kSiSigIo = -5;
    SignalInfo shown = info;
    bool const names_sender =
        info.code <= kSiUser && info.code != kSiTimer && info.code != kSiSigIo;
    if (names_sender) shown.fields[0] &= ~u64{0xffff'ffff};
    return send_to(process, thread, shown, true);
}

bool ProcessTable::try_send(Process& process, UserThread* thread, SignalInfo const& info)
{
    if (process.pid_space() != nullptr && is_from_outside(process, info)) {
        return send_from_outside(process, thread, info);
    }
    return send_to(process, thread, info, false);
}

bool ProcessTable::send_to(Process& process,
                           UserThread* thread,
                           SignalInfo const& info,
                           bool is_forced)
{
    auto const signal = static_cast<Signal>(info.number);
    ASSERT(info.number >= 1);
    ASSERT(info.number <= static_cast<i32>(kSignalCount));
    if (!prepare_signal(process, thread, signal, is_forced)) return true;
    u32 const target = thread != nullptr ? thread->tid() : process.pid();
    record(EventKind::Signal, static_cast<u64>(info.number), target, 0);
    SignalSet& pending = thread == nullptr ? process.pending : thread->pending;
    SignalQueue& queue = thread == nullptr ? process.pending_queue : thread->pending_queue;
    if (!queue_signal(process, pending, queue, info)) return false;
    announce(process, thread, signal);
    return true;
}

// A signal has become pending, for the process or for one thread.
void ProcessTable::announce(Process& process, UserThread* thread, Signal signal)
{
    process.signalled.wake(system_.scheduler, poll_events::kIn);
    // A process that is about to end has neither stopped nor gone on, for whoever asks now
    // (kernel/signal.c, complete_signal).
    if (signal == Signal::Kill) {
        process.stop_unreported = false;
        process.continue_unreported = false;
    }
    if (thread == nullptr || signal == Signal::Kill) {
        wake_taker(process, signal);
    } else if (thread->awaited.has(signal)) {
        system_.scheduler.wake(*thread);
    } else if (!thread->blocked.has(signal)) {
        system_.scheduler.interrupt(*thread);
    }
}

u32 ProcessTable::send_to_group(u32 group_id, SignalInfo const& info)
{
    u32 reached = 0;
    for (Process& process : all_) {
        if (process.group_id != group_id || process.is_dead()) continue;
        send_to_process(process, info);
        ++reached;
    }
    return reached;
}

void ProcessTable::force_signal(UserThread& thread, SignalInfo const& info)
{
    auto const signal = static_cast<Signal>(info.number);
    SignalAction& action = thread.process().actions->of(signal);
    bool const is_blocked = thread.blocked.has(signal);
    if (is_blocked || action.handler == kHandlerIgnore) {
        action.handler = kHandlerDefault;
        thread.blocked.remove(signal);
    }
    if (action.handler == kHandlerDefault) thread.process().is_unkillable = false;
    send_to_thread(thread, info);
    // Without room for the details the signal itself must still come.
    thread.pending.add(signal);
    thread.set_interrupted(true);
}

bool ProcessTable::take_from(
    Process& process, SignalSet& pending, SignalQueue& queue, u64 wanted, SignalInfo& info)
{
    u64 candidates = pending.bits & wanted;
    if (candidates == 0) return false;
    if ((candidates & kSynchronousSignals) != 0) candidates &= kSynchronousSignals;
    auto const number = static_cast<u32>(__builtin_ctzll(candidates)) + 1;
    auto const signal = static_cast<Signal>(number);
    PendingSignal* found = nullptr;
    bool has_more = false;
    for (PendingSignal& entry : queue) {
        if (entry.info.number != static_cast<i32>(number)) continue;
        has_more = found != nullptr;
        if (has_more) break;
        found = &entry;
    }
    if (found == nullptr) {
        info = SignalInfo::from_user(signal, kSiUser, 0, 0);
    } else {
        info = found->info;
        queue.remove(*found);
    }
    if (!has_more) pending.remove(signal);
    if (found != nullptr && found->timer != nullptr) {
        found->timer->taken(info);
    } else if (found != nullptr) {
        forget(process, *found);
    }
    return true;
}

bool ProcessTable::take_signal(UserThread& thread, u64 wanted, SignalInfo& info)
{
    Process& process = thread.process();
    if (take_from(process, thread.pending, thread.pending_queue, wanted, info)) return true;
    return take_from(process, process.pending, process.pending_queue, wanted, info);
}

}  // namespace drydock
