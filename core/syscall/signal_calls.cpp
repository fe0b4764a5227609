#include "core/process/signal_frame.h"
#include "core/syscall/handlers.h"
#include "core/syscall/signal_support.h"
#include "core/syscall/task_numbers.h"

namespace drydock {

namespace {

constexpr u64 kSetSize = 8;

bool is_signal(i32 number) { return number >= 1 && number <= static_cast<i32>(kSignalCount); }

Result<SignalSet> read_set(Call& call, UserAddr address, u64 size)
{
    if (size != kSetSize) return Errno::Inval;
    SignalSet const set = TRY(call.space().read<SignalSet>(address));
    return set;
}

}  // namespace

// --- actions and masks
// -----------------------------------------------------------------------------

Result<i64> sys_rt_sigaction(Call& call)
{
    if (call[3] != kSetSize) return Errno::Inval;
    SignalAction changed;
    if (call[1] != 0) TRY(call.space().read_to(changed, call.address(1)));
    if (!is_signal(call.integer(0))) return Errno::Inval;
    auto const signal = static_cast<Signal>(call.integer(0));
    bool const is_fixed = signal == Signal::Kill || signal == Signal::Stop;
    if (call[1] != 0 && is_fixed) return Errno::Inval;
    Process& process = call.process();
    SignalAction const old = process.actions->of(signal);
    if (call[1] != 0) {
        changed.mask &= ~kUnblockableSignals;
        process.actions->of(signal) = changed;
        // POSIX: what becomes ignored is no longer pending.
        ProcessTable& processes = call.system().processes;
        if (processes.is_ignored(process, signal)) {
            processes.discard_pending(process, SignalSet::bit(signal));
        }
    }
    if (call[2] != 0) TRY(call.space().write(call.address(2), old));
    return i64{0};
}

Result<i64> sys_rt_sigprocmask(Call& call)
{
    constexpr i32 kBlock = 0, kUnblock = 1, kSet = 2;
    if (call[3] != kSetSize) return Errno::Inval;
    SignalSet const old = call.thread.blocked;
    if (call[1] != 0) {
        SignalSet given;
        TRY(call.space().read_to(given, call.address(1)));
        SignalSet blocked = old;
        if (call.integer(0) == kBlock) {
            blocked.bits |= given.bits;
        } else if (call.integer(0) == kUnblock) {
            blocked.bits &= ~given.bits;
        } else if (call.integer(0) == kSet) {
            blocked = given;
        } else {
            return Errno::Inval;
        }
        call.system().processes.set_blocked(call.thread, blocked);
    }
    if (call[2] != 0) TRY(call.space().write(call.address(2), old));
    return i64{0};
}

Result<i64> sys_rt_sigpending(Call& call)
{
    if (call[1] > kSetSize) return Errno::Inval;
    SignalSet pending;
    pending.bits = call.thread.pending.bits | call.process().pending.bits;
    pending.bits &= call.thread.blocked.bits;
    TRY(call.space().write_bytes(
        call.address(0),
        ConstBytes{reinterpret_cast<std::byte const*>(&pending), static_cast<usize>(call[1])}));
    return i64{0};
}

Result<i64> sys_sigaltstack(Call& call)
{
    AlternateStack changed;
    if (call[0] != 0) changed = TRY(call.space().read<AlternateStack>(call.address(0)));
    AlternateStack const old = current_alternate_stack(call.thread);
    if (call[0] != 0) TRY(set_alternate_stack(call.thread, changed));
    if (call[1] != 0) TRY(call.space().write(call.address(1), old));
    return i64{0};
}

Result<i64> sys_rt_sigreturn(Call& call)
{
    UserThread& thread = call.thread;
    // The registers are the frame's now: no result, and nothing to restart.
    thread.skip_result = true;
    thread.in_syscall = false;
    thread.restart = {};
    thread.restores_blocked = false;
    if (leave_handler(thread).is_error()) {
        call.system().processes.force_signal(thread, SignalInfo::from_kernel(Signal::Segv));
    }
    return i64{0};
}

// --- waiting for signals
// ---------------------------------------------------------------------------

namespace {

Result<i64> wait_for_handler(Call& call, char const* why)
{
    while (!call.thread.is_interrupted()) {
        Result<void> const outcome =
            call.system().scheduler.block(why, Thread::Wait::Interruptible, kNever);
        static_cast<void>(outcome.is_ok());
    }
    return Errno::RestartNoHand;
}

struct TimeSpec {
    i64 seconds = 0;
    i64 nanoseconds = 0;
};

Result<Ticks> read_deadline(Call& call, UserAddr timeout)
{
    if (timeout.is_null()) return kNever;
    TimeSpec const time = TRY(call.space().read<TimeSpec>(timeout));
    bool const is_bad = time.seconds < 0 || time.nanoseconds < 0 ||
                        time.nanoseconds >= static_cast<i64>(kNanosPerSecond);
    if (is_bad) return Errno::Inval;
    constexpr i64 kMostSeconds = 1'000'000'000;
    if (time.seconds > kMostSeconds) return kNever;
    u64 const duration = static_cast<u64>(time.seconds) * kNanosPerSecond;
    return call.system().scheduler.now() + duration + static_cast<u64>(time.nanoseconds);
}

// Whether one of the wanted signals is there that ends the process, since it is not blocked but for
// being waited for: it is not taken (kernel/signal.c, complete_signal; it leaves those that dump).
bool is_ending(UserThread& thread, SignalSet wanted)
{
    Process& process = thread.process();
    if (process.is_unkillable) return false;
    u64 const there = (thread.pending.bits | process.pending.bits) & wanted.bits;
    u64 const open = there & ~thread.blocked.bits;
    for (u32 number = 1; number <= kSignalCount; ++number) {
        auto const signal = static_cast<Signal>(number);
        if ((open & SignalSet::bit(signal)) == 0) continue;
        bool const is_default = process.actions->of(signal).handler == kHandlerDefault;
        if (is_default && default_action(signal) == DefaultAction::Terminate) return true;
    }
    return false;
}

}  // namespace

Result<i64> sys_pause(Call& call) { return wait_for_handler(call, "pause"); }

Result<i64> sys_rt_sigsuspend(Call& call)
{
    SignalSet const mask = TRY(read_set(call, call.address(0), call[1]));
    UserThread& thread = call.thread;
    thread.saved_blocked = thread.blocked;
    thread.restores_blocked = true;
    call.system().processes.set_blocked(thread, mask);
    return wait_for_handler(call, "sigsuspend");
}

Result<i64> sys_rt_sigtimedwait(Call& call)
{
    SignalSet wanted = TRY(read_set(call, call.address(0), call[3]));
    wanted.bits &= ~kUnblockableSignals;
    Ticks const deadline = TRY(read_deadline(call, call.address(2)));
    UserThread& thread = call.thread;
    ProcessTable& processes = call.system().processes;
    SignalInfo info;
    while (!processes.take_signal(thread, wanted.bits, info)) {
        thread.awaited = wanted;
        Result<void> const outcome =
            call.system().scheduler.block("sigtimedwait", Thread::Wait::Interruptible, deadline);
        thread.awaited = {};
        if (is_ending(thread, wanted)) {
            thread.set_interrupted(true);
            return Errno::Intr;
        }
        if (processes.take_signal(thread, wanted.bits, info)) break;
        if (outcome.is_ok()) continue;
        if (outcome.error() == Errno::TimedOut) return Errno::Again;
        if (thread.is_interrupted()) return Errno::Intr;
    }
    thread.set_interrupted(processes.has_pending(thread));
    if (call[1] != 0) TRY(call.space().write(call.address(1), info));
    return i64{info.number};
}

// --- sending
// ---------------------------------------------------------------------------------------

namespace {

bool is_valid_or_zero(i32 signal) { return signal == 0 || is_signal(signal); }

// kill(2): the real or effective user id of the sender is the real or saved one of the target;
// SIGCONT may go anywhere in the session.
bool may_signal(UserThread& sender, Process& target, Credentials const& to, i32 signal)
{
    if (&sender.process() == &target) return true;
    Credentials const& from = sender.credentials;
    if (from.has(Capability::Kill)) return true;
    if (from.euid == to.suid || from.euid == to.uid) return true;
    if (from.uid == to.suid || from.uid == to.uid) return true;
    return signal == static_cast<i32>(Signal::Cont) && sender.process().session == target.session;
}

}  // namespace

Result<void> send_checked(Call& call,
                          Process& target,
                          SignalInfo const& info,
                          UserThread const* named)
{
    // Looked at where somebody has been found (kernel/signal.c, check_kill_permission).
    if (!is_valid_or_zero(info.number)) return Errno::Inval;
    Credentials const& to = named != nullptr ? named->credentials : target.credentials();
    if (!may_signal(call.thread, target, to, info.number)) return Errno::Perm;
    // Signal 0 only asks.
    if (info.number == 0) return {};
    if (!call.system().processes.try_send(target, nullptr, info)) return Errno::Again;
    return {};
}

SignalInfo signal_of_caller(Call& call, i32 signal, i32 code)
{
    SignalInfo info = SignalInfo::from_user(
        Signal::None, code, call.process().shown_pid(), call.thread.credentials.uid);
    info.number = signal;
    return info;
}

// Instead of a group: all processes but 1 and the caller.
constexpr u32 kEverybody = ~u32{0};

// All of them (-1), or one group; an init's own has the number 0. For a group success if any was
// reached; for all, those that may not be signalled do not count as failures (kernel/signal.c).
namespace {

bool is_meant_by_all(Call& call, Process const& target)
{
    // What is outside of the caller's namespace has the number 0 there.
    return &target != &call.process() && seen_number(call, target.pid()) > 1;
}

}  // namespace

Result<i64> send_many(Call& call, u32 group, SignalInfo const& info)
{
    ProcessTable& table = call.system().processes;
    bool has_found = false;
    bool has_reached = false;
    Errno error = Errno::Srch;
    for (Process* target = table.next_at_or_above(1); target != nullptr;
         target = table.next_at_or_above(target->pid() + 1)) {
        if (group != kEverybody && target->group_id != group) continue;
        if (group == kEverybody && !is_meant_by_all(call, *target)) continue;
        has_found = true;
        Result<void> const outcome = send_checked(call, *target, info, nullptr);
        bool const is_success =
            outcome.is_ok() || (group == kEverybody && outcome.error() == Errno::Perm);
        has_reached |= is_success;
        if (!is_success) error = outcome.error();
    }
    if (!has_found) return Errno::Srch;
    if (!has_reached) return error;
    return i64{0};
}

Result<void> send_to_thread(Call& call, UserThread& target, SignalInfo const& info)
{
    if (!is_valid_or_zero(info.number)) return Errno::Inval;
    if (!may_signal(call.thread, target.process(), target.credentials, info.number)) {
        return Errno::Perm;
    }
    if (info.number == 0) return {};
    if (!call.system().processes.try_send(target.process(), &target, info)) return Errno::Again;
    return {};
}

namespace {

Result<i64> send_to_tid(Call& call, u32 group, u32 tid, SignalInfo const& info)
{
    UserThread* const target = seen_thread(call, tid);
    if (target == nullptr) return Errno::Srch;
    if (group != 0 && seen_number(call, target->process().pid()) != group) return Errno::Srch;
    TRY(send_to_thread(call, *target, info));
    return i64{0};
}

// Linux known_siginfo_layout(): what it knows to be no longer than the part that it keeps.
bool has_known_layout(SignalInfo const& info)
{
    constexpr i32 kFromKernel = 0x80, kPollLast = 6, kDetachedThread = -7, kAsyncName = -60;
    if (info.code == kFromKernel) return true;
    if (info.code <= 0) return info.code >= kDetachedThread || info.code == kAsyncName;
    // The signals with codes of their own, and the last of them.
    struct Codes {
        Signal signal;
        i32 last;
    };
    constexpr Codes kCodes[] = {{Signal::Ill, 11},
                                {Signal::Fpe, 15},
                                {Signal::Segv, 10},
                                {Signal::Bus, 5},
                                {Signal::Trap, 6},
                                {Signal::Chld, 6},
                                {Signal::Sys, 2}};
    for (Codes const& codes : kCodes) {
        if (static_cast<i32>(codes.signal) == info.number) return info.code <= codes.last;
    }
    return info.code <= kPollLast;
}

// A siginfo_t from the user, for one signal; only negative codes, unless to oneself
// (rt_sigqueueinfo(2)).
Result<SignalInfo> read_info(Call& call, UserAddr address, i32 signal, bool is_self)
{
    // The part that the kernel has (kernel/signal.c, copy_siginfo_from_user).
    constexpr usize kKept = 48;
    SignalInfo info;
    TRY(call.space().read_bytes({reinterpret_cast<std::byte*>(&info), kKept}, address));
    info.number = signal;
    if (!has_known_layout(info)) {
        for (usize i = kKept; i < sizeof(info); ++i) {
            u8 const byte = TRY(call.space().read<u8>(address + i));
            if (byte != 0) return Errno::TooBig;
        }
    }
    if ((info.code >= 0 || info.code == kSiTkill) && !is_self) return Errno::Perm;
    return info;
}

}  // namespace

Result<i64> sys_kill(Call& call)
{
    i32 const pid = call.integer(0);
    i32 const signal = call.integer(1);
    SignalInfo const info = signal_of_caller(call, signal, kSiUser);
    if (pid == INT32_MIN) return Errno::Srch;
    if (pid == 0) return send_many(call, call.process().group_id, info);
    if (pid == -1) return send_many(call, kEverybody, info);
    if (pid < 0) {
        u32 const group = meant_number(call, static_cast<u32>(-pid));
        return group == 0 ? Result<i64>{Errno::Srch} : send_many(call, group, info);
    }
    Process* const target = seen_process_by_thread(call, static_cast<u32>(pid));
    if (target == nullptr) return Errno::Srch;
    UserThread const* const named = seen_thread(call, static_cast<u32>(pid));
    TRY(send_checked(call, *target, info, named));
    return i64{0};
}

Result<i64> sys_tkill(Call& call)
{
    if (call.integer(0) <= 0) return Errno::Inval;
    return send_to_tid(call, 0, call.word(0), signal_of_caller(call, call.integer(1), kSiTkill));
}

Result<i64> sys_tgkill(Call& call)
{
    if (call.integer(0) <= 0 || call.integer(1) <= 0) return Errno::Inval;
    return send_to_tid(
        call, call.word(0), call.word(1), signal_of_caller(call, call.integer(2), kSiTkill));
}

Result<i64> sys_rt_sigqueueinfo(Call& call)
{
    bool const is_self = call.word(0) == call.process().shown_pid();
    SignalInfo const info = TRY(read_info(call, call.address(2), call.integer(1), is_self));
    Process* const target =
        call.integer(0) <= 0 ? nullptr : seen_process_by_thread(call, call.word(0));
    if (target == nullptr) return Errno::Srch;
    TRY(send_checked(call, *target, info, seen_thread(call, call.word(0))));
    return i64{0};
}

Result<i64> sys_rt_tgsigqueueinfo(Call& call)
{
    if (call.integer(0) <= 0 || call.integer(1) <= 0) return Errno::Inval;
    bool const is_self = call.word(1) == call.thread.shown_tid;
    SignalInfo const info = TRY(read_info(call, call.address(3), call.integer(2), is_self));
    return send_to_tid(call, call.word(0), call.word(1), info);
}

}  // namespace drydock
