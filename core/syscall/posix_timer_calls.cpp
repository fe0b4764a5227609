// timer_create(2) and the calls on such timers.

#include "core/abi/time.h"
#include "core/syscall/handlers.h"
#include "core/syscall/task_numbers.h"

namespace drydock {

namespace {

constexpr i32 kRealTime = 0, kMonotonic = 1, kProcessCpu = 2, kThreadCpu = 3, kMonotonicRaw = 4;
constexpr i32 kRealTimeCoarse = 5, kMonotonicCoarse = 6, kBootTime = 7, kRealTimeAlarm = 8;
constexpr i32 kBootTimeAlarm = 9, kTai = 11;
constexpr u32 kAbsolute = 1;  // TIMER_ABSTIME
// Later times never come.
constexpr i64 kMostSeconds = 4'000'000'000;

// sigevent(7) as the kernel takes it.
struct SignalEvent {
    u64 value = 0;
    i32 signal = 0;
    i32 notify = 0;
    i32 tid = 0;
    i32 unused[11] = {};
};
static_assert(sizeof(SignalEvent) == 64);
constexpr i32 kNotifySignal = 0, kNotifyNone = 1, kNotifyThread = 2, kNotifyThreadId = 4;

// A CPU clock named by a number (clock_getcpuclockid(3)): the caller's process, or one of its
// threads.
Result<void> choose_cpu_clock(Call& call, i32 clock, PosixTimer::Settings& settings)
{
    constexpr i32 kPerThread = 4, kWhich = 3;
    // The clock of a descriptor, which has no timers.
    if ((clock & (kPerThread | kWhich)) == kWhich) return Errno::OpNotSupp;
    u32 const number = static_cast<u32>(~(clock >> 3));
    if ((clock & kWhich) == kWhich) return Errno::Inval;
    if ((clock & kPerThread) == 0) {
        settings.clock = PosixTimer::Clock::ProcessCpu;
        if (number == 0 || number == call.process().shown_pid()) return {};
        if (seen_process(call, number) == nullptr) return Errno::Inval;
        // The time of another process is not watched.
        return Errno::OpNotSupp;
    }
    settings.clock = PosixTimer::Clock::ThreadCpu;
    settings.clock_tid = number == 0 ? call.thread.tid() : meant_number(call, number);
    UserThread* const thread = call.system().processes.find_thread(settings.clock_tid);
    if (thread == nullptr || &thread->process() != &call.process()) return Errno::Inval;
    return {};
}

Result<void> choose_clock(Call& call, i32 clock, PosixTimer::Settings& settings)
{
    if (clock < 0) return choose_cpu_clock(call, clock, settings);
    switch (clock) {
    case kRealTimeAlarm:
    case kBootTimeAlarm:
        if (!call.thread.credentials.has(Capability::WakeAlarm)) return Errno::Perm;
        if (clock == kRealTimeAlarm) settings.clock = PosixTimer::Clock::Wall;
        return {};
    case kRealTime:
    case kTai: settings.clock = PosixTimer::Clock::Wall; return {};
    case kMonotonic:
    case kBootTime: return {};
    case kProcessCpu: settings.clock = PosixTimer::Clock::ProcessCpu; return {};
    case kThreadCpu:
        settings.clock = PosixTimer::Clock::ThreadCpu;
        settings.clock_tid = call.thread.tid();
        return {};
    case kMonotonicRaw:
    case kRealTimeCoarse:
    case kMonotonicCoarse: return Errno::OpNotSupp;
    default: return Errno::Inval;
    }
}

Result<void> choose_event(Call& call, SignalEvent const& event, PosixTimer::Settings& settings)
{
    settings.value = event.value;
    settings.is_silent = event.notify == kNotifyNone;
    if (settings.is_silent) return {};
    if (event.notify == kNotifyThreadId) {
        UserThread* const thread = seen_thread(call, static_cast<u32>(event.tid));
        if (thread == nullptr || &thread->process() != &call.process()) return Errno::Inval;
        settings.target_tid = thread->tid();
    } else if (event.notify != kNotifySignal && event.notify != kNotifyThread) {
        return Errno::Inval;
    }
    if (event.signal < 1 || event.signal > static_cast<i32>(kSignalCount)) return Errno::Inval;
    settings.signal = static_cast<Signal>(event.signal);
    return {};
}

PosixTimer* find_timer(Process& process, u32 id)
{
    for (PosixTimer& timer : process.timers) {
        if (timer.id() == id) return &timer;
    }
    return nullptr;
}

Result<PosixTimer*> timer_of(Call& call)
{
    PosixTimer* const timer = find_timer(call.process(), call.word(0));
    if (timer == nullptr) return Errno::Inval;
    return timer;
}

Result<Ticks> ticks_of(Timespec const& time)
{
    if (time.seconds < 0) return Errno::Inval;
    if (static_cast<u64>(time.nanoseconds) >= kNanosPerSecond) return Errno::Inval;
    i64 const seconds = time.seconds < kMostSeconds ? time.seconds : kMostSeconds;
    return static_cast<u64>(seconds) * kNanosPerSecond + static_cast<u64>(time.nanoseconds);
}

Timespec timespec_of(Ticks time)
{
    return {static_cast<i64>(time / kNanosPerSecond), static_cast<i64>(time % kNanosPerSecond)};
}

Result<void> store(Call& call, UserAddr target, PosixTimer::Times const& times)
{
    Itimerspec const value{timespec_of(times.interval), timespec_of(times.first)};
    return call.space().write(target, value);
}

u32 free_timer_id(Process& process)
{
    constexpr u32 kMostIds = 0x7fff'ffff;
    u32 id = process.next_timer_id;
    while (find_timer(process, id) != nullptr) id = id == kMostIds ? 0 : id + 1;
    process.next_timer_id = id == kMostIds ? 0 : id + 1;
    return id;
}

}  // namespace

// The order of the checks is Linux's (kernel/time/posix-timers.c, do_timer_create).
Result<i64> sys_timer_create(Call& call)
{
    Process& process = call.process();
    SignalEvent event;
    bool const has_event = !call.address(1).is_null();
    if (has_event) event = TRY(call.space().read<SignalEvent>(call.address(1)));
    PosixTimer::Settings settings;
    Result<void> const chosen = choose_clock(call, call.integer(0), settings);
    // What the clock itself refuses comes last: a number is used up.
    bool const is_late = chosen.is_error() && chosen.error() != Errno::OpNotSupp &&
                         (call.integer(0) < 0 || chosen.error() == Errno::Perm);
    if (chosen.is_error() && !is_late) return chosen.error();
    // Its signal's place counts as one that is used.
    if (process.queued_signals >= process.limit(Resource::PendingSignals).soft) return Errno::Again;
    u32 const id = free_timer_id(process);
    if (has_event) TRY(choose_event(call, event, settings));
    if (!has_event) settings.value = id;
    Result<Own<PosixTimer>> made = call.system().heap.create<PosixTimer>(process, id, settings);
    if (made.is_error()) return Errno::Again;
    Own<PosixTimer> timer = made.take();
    TRY(call.space().write(call.address(2), id));
    if (is_late) return chosen.error();
    ++process.queued_signals;
    process.timers.push_back(*timer.take_pointer());
    return i64{0};
}

Result<i64> sys_timer_settime(Call& call)
{
    if (call.address(2).is_null()) return Errno::Inval;
    Itimerspec const value = TRY(call.space().read<Itimerspec>(call.address(2)));
    PosixTimer::Times times;
    times.interval = TRY(ticks_of(value.interval));
    times.first = TRY(ticks_of(value.value));
    PosixTimer* const timer = TRY(timer_of(call));
    PosixTimer::Times const old = timer->left();
    timer->set(times, (call.word(1) & kAbsolute) != 0);
    call.thread.set_interrupted(call.system().processes.has_pending(call.thread));
    if (!call.address(3).is_null()) TRY(store(call, call.address(3), old));
    return i64{0};
}

Result<i64> sys_timer_gettime(Call& call)
{
    PosixTimer* const timer = TRY(timer_of(call));
    TRY(store(call, call.address(1), timer->left()));
    return i64{0};
}

Result<i64> sys_timer_getoverrun(Call& call)
{
    PosixTimer* const timer = TRY(timer_of(call));
    return i64{timer->overruns()};
}

Result<i64> sys_timer_delete(Call& call)
{
    PosixTimer* const timer = TRY(timer_of(call));
    ProcessTable& processes = call.system().processes;
    processes.delete_timer(call.process(), *timer);
    call.thread.set_interrupted(processes.has_pending(call.thread));
    return i64{0};
}

}  // namespace drydock
