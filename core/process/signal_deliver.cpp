// Taking signals on the way back to user mode.

#include "core/process/process_table.h"
#include "core/process/signal_frame.h"

namespace drydock {

namespace {

constexpr u64 kRestartSyscallNumber = 219;
constexpr u64 kSyscallInstructionSize = 2;

constexpr u64 encoded(Errno error) { return static_cast<u64>(-static_cast<i64>(error)); }

bool is_restart_error(u64 result)
{
    return result == encoded(Errno::RestartSys) || result == encoded(Errno::RestartNoIntr) ||
           result == encoded(Errno::RestartNoHand) || result == encoded(Errno::RestartBlock);
}

}  // namespace

// What becomes of an interrupted call: `action` is the handler that is about to run, null if none
// did (signal(7), "Interruption of system calls").
void ProcessTable::finish_call(UserThread& thread, SignalAction const* action)
{
    if (!thread.in_syscall) return;
    thread.in_syscall = false;
    UserContext& context = thread.context();
    u64 const result = context.reg(Gpr::Rax);
    if (result < encoded(Errno::RestartBlock) || !is_restart_error(result)) return;
    bool restarts = true;
    if (action != nullptr) {
        bool const wants_restart = (action->flags & action_flags::kRestart) != 0;
        restarts = result == encoded(Errno::RestartNoIntr) ||
                   (result == encoded(Errno::RestartSys) && wants_restart);
    }
    if (!restarts) {
        context.reg(Gpr::Rax) = encoded(Errno::Intr);
        return;
    }
    bool const by_restart_call = result == encoded(Errno::RestartBlock);
    context.reg(Gpr::Rax) = by_restart_call ? kRestartSyscallNumber : thread.syscall_number;
    context.rip -= kSyscallInstructionSize;
}

// True if a handler was set up.
bool ProcessTable::handle_signal(UserThread& thread, SignalInfo const& info)
{
    auto const signal = static_cast<Signal>(info.number);
    SignalAction& slot = thread.process().actions->of(signal);
    if (slot.handler == kHandlerIgnore) return false;
    if (slot.handler == kHandlerDefault) {
        // It was blocked when it came; a handler has not been set up since.
        if (thread.process().is_unkillable && signal != Signal::Stop) return false;
        apply_default(thread, signal);
        return false;
    }
    SignalAction const action = slot;
    if ((action.flags & action_flags::kResetHand) != 0) slot.handler = kHandlerDefault;
    finish_call(thread, &action);
    SignalSet const saved = thread.restores_blocked ? thread.saved_blocked : thread.blocked;
    if (enter_handler(thread, action, info, saved).is_error()) {
        // kernel/signal.c, force_sigsegv: no second chance for a handler of SIGSEGV itself.
        if (signal == Signal::Segv) slot.handler = kHandlerDefault;
        force_signal(thread, SignalInfo::from_kernel(Signal::Segv));
        return false;
    }
    thread.restores_blocked = false;
    SignalSet blocked = thread.blocked;
    blocked.bits |= action.mask;
    if ((action.flags & action_flags::kNoDefer) == 0) blocked.add(signal);
    set_blocked(thread, blocked);
    record(EventKind::Signal, static_cast<u64>(info.number), thread.tid(), 1);
    return true;
}

void ProcessTable::apply_default(UserThread& thread, Signal signal)
{
    Process& process = thread.process();
    switch (default_action(signal)) {
    case DefaultAction::Ignore:
    case DefaultAction::Continue: return;
    case DefaultAction::Stop:
        // A group that nobody could continue is not stopped from the terminal.
        if (signal != Signal::Stop && is_orphaned_group(process.group_id, nullptr)) return;
        record(EventKind::Signal, static_cast<u64>(signal), thread.tid(), 2);
        stop_process(thread, signal);
        return;
    case DefaultAction::Terminate:
    case DefaultAction::Core:
        // No core is ever written, so the flag for one stays clear (wait(2), WCOREDUMP).
        record(EventKind::Signal, static_cast<u64>(signal), thread.tid(), 2);
        exit_process(thread, static_cast<u32>(signal));
    }
}

void ProcessTable::deliver_signals(UserThread& thread)
{
    Process& process = thread.process();
    // Most calls end here: nothing has been sent, nothing is to be put back.
    bool const is_quiet = (thread.pending.bits | process.pending.bits) == 0 && process.halts == 0 &&
                          !thread.restores_blocked && !thread.must_exit();
    if (is_quiet) {
        finish_call(thread, nullptr);
        thread.set_interrupted(false);
        return;
    }
    while (true) {
        if (thread.must_exit()) {
            exit_thread(thread, process.is_exiting ? process.exit_status : 0);
        }
        u64 const deliverable = ~thread.blocked.bits;
        bool const is_killed =
            ((thread.pending.bits | process.pending.bits) & SignalSet::bit(Signal::Kill)) != 0;
        if (is_killed) {
            record(EventKind::Signal, static_cast<u64>(Signal::Kill), thread.tid(), 2);
            exit_process(thread, static_cast<u32>(Signal::Kill));
        }
        if (process.stop_requested()) {
            stop_thread(thread);
            continue;
        }
        if (process.is_to_freeze()) {
            freeze_thread(thread);
            continue;
        }
        SignalInfo info;
        if (!take_signal(thread, deliverable, info)) break;
        handle_signal(thread, info);
    }
    finish_call(thread, nullptr);
    if (thread.restores_blocked) {
        thread.restores_blocked = false;
        set_blocked(thread, thread.saved_blocked);
        // What the old mask lets through is taken at the next look.
        return;
    }
    thread.set_interrupted(has_pending(thread));
}

}  // namespace drydock
