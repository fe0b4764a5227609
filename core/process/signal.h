#pragma once

// Signals as signal(7) has them: numbers, sets, actions, what is pending.

#include "core/base/heap.h"

namespace drydock {

enum class Signal : u8 {
    None = 0,
    Hup = 1,
    Int,
    Quit,
    Ill,
    Trap,
    Abrt,
    Bus,
    Fpe,
    Kill,
    Usr1,
    Segv,
    Usr2,
    Pipe,
    Alrm,
    Term,
    StkFlt,
    Chld,
    Cont,
    Stop,
    Tstp,
    Ttin,
    Ttou,
    Urg,
    Xcpu,
    Xfsz,
    VtAlrm,
    Prof,
    Winch,
    Io,
    Pwr,
    Sys,
    RtMin = 32,
    RtMax = 64,
};
inline constexpr u32 kSignalCount = 64;

// Bit n-1 stands for signal n, as the kernel's sigset_t.
struct SignalSet {
    u64 bits = 0;
    static constexpr u64 bit(Signal signal) { return u64{1} << (static_cast<u32>(signal) - 1); }
    constexpr bool has(Signal signal) const { return (bits & bit(signal)) != 0; }
    constexpr void add(Signal signal) { bits |= bit(signal); }
    constexpr void remove(Signal signal) { bits &= ~bit(signal); }
};

// siginfo_t, 128 bytes, as the kernel writes it to user memory.
struct SignalInfo {
    i32 number = 0;
    i32 error = 0;
    i32 code = 0;
    i32 padding = 0;
    // The union, by kind: kill (pid, uid, value), child (pid, uid, status, utime, stime), fault
    // (addr).
    u64 fields[14] = {};

    static SignalInfo from_user(Signal signal, i32 code, u32 pid, u32 uid);
    static SignalInfo from_kernel(Signal signal);
    static SignalInfo from_fault(Signal signal, i32 code, u64 address);
};
static_assert(sizeof(SignalInfo) == 128);

class PosixTimer;

// A signal that waits to be taken, with what is known about it. Owned by the queue that it is in,
// or by its timer.
struct PendingSignal {
    ListHook hook{};
    PosixTimer* timer = nullptr;
    SignalInfo info{};
};
using SignalQueue = List<PendingSignal, &PendingSignal::hook>;

// What SIG_DFL means (signal(7)).
enum class DefaultAction : u8 { Terminate, Core, Ignore, Stop, Continue };
DefaultAction default_action(Signal signal);

inline constexpr u64 kStopSignals = SignalSet::bit(Signal::Stop) | SignalSet::bit(Signal::Tstp) |
                                    SignalSet::bit(Signal::Ttin) | SignalSet::bit(Signal::Ttou);
inline constexpr u64 kUnblockableSignals =
    SignalSet::bit(Signal::Kill) | SignalSet::bit(Signal::Stop);
inline constexpr u64 kSynchronousSignals =
    SignalSet::bit(Signal::Segv) | SignalSet::bit(Signal::Bus) | SignalSet::bit(Signal::Ill) |
    SignalSet::bit(Signal::Trap) | SignalSet::bit(Signal::Fpe) | SignalSet::bit(Signal::Sys);

// sigaction(2), sa_flags on x86-64.
namespace action_flags {
inline constexpr u64 kNoChildStop = 1, kNoChildWait = 2, kSigInfo = 4, kRestorer = 0x04000000;
inline constexpr u64 kOnStack = 0x08000000, kRestart = 0x10000000, kNoDefer = 0x40000000;
inline constexpr u64 kResetHand = 0x80000000;
}  // namespace action_flags

inline constexpr u64 kHandlerDefault = 0, kHandlerIgnore = 1;

// sigaction(2), si_code of SIGCHLD, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP.
inline constexpr i32 kCldExited = 1, kCldKilled = 2, kCldStopped = 5, kCldContinued = 6;
inline constexpr i32 kSegvMaperr = 1, kSegvAccerr = 2;
inline constexpr i32 kBusAdraln = 1, kBusAdrerr = 2;
inline constexpr i32 kIllIllopn = 2;
inline constexpr i32 kFpeIntdiv = 1, kFpeFltdiv = 3, kFpeFltovf = 4, kFpeFltund = 5;
inline constexpr i32 kFpeFltres = 6, kFpeFltinv = 7;
inline constexpr i32 kTrapBreakpoint = 1;
inline constexpr i32 kTrapTrace = 2;

inline constexpr i32 kSiUser = 0, kSiKernel = 0x80, kSiQueue = -1, kSiTimer = -2, kSiTkill = -6;

// struct sigaction as rt_sigaction(2) takes it on x86-64.
struct SignalAction {
    u64 handler = 0;  // 0 SIG_DFL, 1 SIG_IGN.
    u64 flags = 0;
    u64 restorer = 0;
    u64 mask = 0;
};

// The actions of a process; shared by its threads (CLONE_SIGHAND).
class SignalActions final : public RefCounted {
public:
    SignalActions() = default;
    explicit SignalActions(SignalActions const& other) : RefCounted()
    {
        for (u32 i = 0; i < kSignalCount; ++i) actions_[i] = other.actions_[i];
    }
    // As exec does: caught signals go back to the default, ignored ones stay ignored.
    void forget_handlers()
    {
        for (SignalAction& action : actions_) {
            u64 const handler = action.handler == kHandlerIgnore ? kHandlerIgnore : kHandlerDefault;
            action = SignalAction{};
            action.handler = handler;
        }
    }
    SignalAction& of(Signal signal) { return actions_[static_cast<u32>(signal) - 1]; }

private:
    SignalAction actions_[kSignalCount]{};
};

}  // namespace drydock
