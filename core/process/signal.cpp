#include "core/process/signal.h"

namespace drydock {

SignalInfo SignalInfo::from_user(Signal signal, i32 code, u32 pid, u32 uid)
{
    SignalInfo info;
    info.number = static_cast<i32>(signal);
    info.code = code;
    info.fields[0] = u64{pid} | u64{uid} << 32;
    return info;
}

SignalInfo SignalInfo::from_kernel(Signal signal)
{
    SignalInfo info;
    info.number = static_cast<i32>(signal);
    info.code = kSiKernel;
    return info;
}

SignalInfo SignalInfo::from_fault(Signal signal, i32 code, u64 address)
{
    SignalInfo info;
    info.number = static_cast<i32>(signal);
    info.code = code;
    info.fields[0] = address;
    return info;
}

DefaultAction default_action(Signal signal)
{
    constexpr u64 kIgnored =
        SignalSet::bit(Signal::Chld) | SignalSet::bit(Signal::Urg) | SignalSet::bit(Signal::Winch);
    constexpr u64 kCore = SignalSet::bit(Signal::Quit) | SignalSet::bit(Signal::Ill) |
                          SignalSet::bit(Signal::Trap) | SignalSet::bit(Signal::Abrt) |
                          SignalSet::bit(Signal::Bus) | SignalSet::bit(Signal::Fpe) |
                          SignalSet::bit(Signal::Segv) | SignalSet::bit(Signal::Xcpu) |
                          SignalSet::bit(Signal::Xfsz) | SignalSet::bit(Signal::Sys);
    u64 const bit = SignalSet::bit(signal);
    if (signal == Signal::Cont) return DefaultAction::Continue;
    if ((bit & kIgnored) != 0) return DefaultAction::Ignore;
    if ((bit & kStopSignals) != 0) return DefaultAction::Stop;
    if ((bit & kCore) != 0) return DefaultAction::Core;
    return DefaultAction::Terminate;
}

}  // namespace drydock
