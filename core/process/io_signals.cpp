#include "core/process/io_signals.h"

namespace drydock {

namespace {

// The events of poll(2) that a reason stands for (si_band).
u64 band_of(SignalReason reason)
{
    using namespace poll_events;
    constexpr u64 kMessage = 0x400;
    switch (reason) {
    case SignalReason::In: return kIn | kRdNorm;
    case SignalReason::Out: return kOut | kWrNorm | kWrBand;
    case SignalReason::Message: return kIn | kRdNorm | kMessage;
    case SignalReason::Error: return kErr;
    case SignalReason::Urgent: return kPri | kRdBand;
    case SignalReason::HungUp: return kHup | kErr;
    }
    UNREACHABLE();
}

// Whether codes of the signal mean something else (include/linux/signal.h, sig_specific_sicodes).
bool has_codes_of_its_own(u32 signal)
{
    constexpr u64 kWithCodes = kSynchronousSignals | SignalSet::bit(Signal::Chld);
    return signal <= 31 && (kWithCodes & SignalSet::bit(static_cast<Signal>(signal))) != 0;
}

// fs/fcntl.c, sigio_perm().
bool may_send(SignalOwner const& owner, Credentials const& target)
{
    if (owner.euid == 0) return true;
    return owner.euid == target.suid || owner.euid == target.uid || owner.uid == target.suid ||
           owner.uid == target.uid;
}

}  // namespace

void IoSignals::send(SignalOwner const& owner,
                     SignalReason reason,
                     Process& process,
                     UserThread* thread,
                     Credentials const& target)
{
    constexpr i32 kSiSigIo = -5;
    if (process.is_dead() || !may_send(owner, target)) return;
    ProcessTable& processes = system_.processes;
    if (owner.signal != 0) {
        SignalInfo info{};
        info.number = static_cast<i32>(owner.signal);
        info.code = has_codes_of_its_own(owner.signal) ? kSiSigIo : static_cast<i32>(reason);
        info.fields[0] = band_of(reason);
        info.fields[1] = owner.descriptor;
        if (processes.try_send(process, thread, info)) return;
    }
    // Without room in the queue, too, the plain one.
    static_cast<void>(processes.try_send(process, thread, SignalInfo::from_kernel(Signal::Io)));
}

void IoSignals::tell(SignalOwner const& owner, SignalReason reason)
{
    if (owner.number == 0) return;
    ProcessTable& processes = system_.processes;
    if (owner.kind == SignalOwner::Kind::Group) {
        for (Process* process = processes.next_at_or_above(1); process != nullptr;
             process = processes.next_at_or_above(process->pid() + 1)) {
            if (process->group_id != owner.number) continue;
            send(owner, reason, *process, nullptr, process->credentials());
        }
        return;
    }
    UserThread* const thread = processes.find_thread(owner.number);
    Process* const process = processes.find_by_thread(owner.number);
    if (process == nullptr || process->start_time != owner.since) return;
    bool const is_to_thread = owner.kind == SignalOwner::Kind::Thread;
    // The main thread may have exited: its process hears of it, but it does not itself.
    if (is_to_thread && thread == nullptr) return;
    Credentials const& target = thread != nullptr ? thread->credentials : process->credentials();
    send(owner, reason, *process, is_to_thread ? thread : nullptr, target);
}

}  // namespace drydock
