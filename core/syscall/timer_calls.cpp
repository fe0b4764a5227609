// alarm(2), setitimer(2), getitimer(2): the process's timer.

#include "core/syscall/handlers.h"

namespace drydock {

namespace {

constexpr u32 kTimerReal = 0, kTimerVirtual = 1, kTimerProfile = 2;
constexpr u64 kNanosPerMicro = 1000;
constexpr u64 kMicrosPerSecond = 1'000'000;
// Longer times never come.
constexpr i64 kMostSeconds = 1'000'000'000;

struct TimeValue {
    i64 seconds = 0;
    i64 microseconds = 0;
};

struct TimerValue {
    TimeValue interval{};
    TimeValue value{};
};

TimeValue time_value(Ticks time)
{
    TimeValue value;
    value.seconds = static_cast<i64>(time / kNanosPerSecond);
    value.microseconds = static_cast<i64>(time % kNanosPerSecond / kNanosPerMicro);
    return value;
}

bool is_valid(TimeValue const& value)
{
    return value.seconds >= 0 && value.microseconds >= 0 &&
           value.microseconds < static_cast<i64>(kMicrosPerSecond);
}

Ticks ticks_of(TimeValue const& value)
{
    i64 const seconds = value.seconds < kMostSeconds ? value.seconds : kMostSeconds;
    return static_cast<u64>(seconds) * kNanosPerSecond +
           static_cast<u64>(value.microseconds) * kNanosPerMicro;
}

void ring(Timer& timer, void* argument)
{
    auto& process = *static_cast<Process*>(argument);
    System& system = process.system();
    if (process.real_interval > 0) {
        // Rings that were missed are not made up for.
        Ticks const now = system.scheduler.now();
        Ticks next = timer.deadline + process.real_interval;
        if (next <= now) {
            u64 const missed = (now - next) / process.real_interval + 1;
            next += missed * process.real_interval;
        }
        system.scheduler.arm(timer, next);
    }
    system.processes.send_to_process(process, SignalInfo::from_kernel(Signal::Alrm));
}

TimerValue current_timer(Process& process)
{
    TimerValue current;
    if (!process.real_timer.is_armed()) return current;
    Ticks const now = process.system().scheduler.now();
    Ticks const deadline = process.real_timer.deadline;
    current.interval = time_value(process.real_interval);
    // A timer that is armed never reads as zero.
    Ticks const rest = deadline > now ? deadline - now : 0;
    current.value = time_value(rest < kNanosPerMicro ? kNanosPerMicro : rest);
    return current;
}

void set_timer(Process& process, Ticks value, Ticks interval)
{
    Scheduler& scheduler = process.system().scheduler;
    scheduler.disarm(process.real_timer);
    process.real_interval = value == 0 ? 0 : interval;
    if (value == 0) return;
    process.real_timer.callback = ring;
    process.real_timer.argument = &process;
    scheduler.arm(process.real_timer, scheduler.now() + value);
}

CpuTimer& cpu_timer_of(Process& process, u32 which)
{
    return which == kTimerVirtual ? process.virtual_timer : process.profile_timer;
}

u64 cpu_time_of(Process& process, u32 which)
{
    return which == kTimerVirtual ? process.user_time()
                                  : process.user_time() + process.system_time();
}

TimerValue value_of(Call& call, u32 which)
{
    Process& process = call.process();
    if (which == kTimerReal) return current_timer(process);
    call.system().scheduler.account_current();
    CpuTimer const& timer = cpu_timer_of(process, which);
    TimerValue current;
    if (timer.deadline == 0) return current;
    u64 const used = cpu_time_of(process, which);
    u64 const rest = timer.deadline > used ? timer.deadline - used : 0;
    current.interval = time_value(timer.interval);
    current.value = time_value(rest < kNanosPerMicro ? kNanosPerMicro : rest);
    return current;
}

void set_cpu_timer(Call& call, u32 which, Ticks value, Ticks interval)
{
    Process& process = call.process();
    CpuTimer& timer = cpu_timer_of(process, which);
    timer.deadline = value == 0 ? 0 : cpu_time_of(process, which) + value;
    timer.interval = value == 0 ? 0 : interval;
    call.system().processes.update_cpu_watch(process);
}

}  // namespace

Result<i64> sys_alarm(Call& call)
{
    TimeValue const rest = current_timer(call.process()).value;
    set_timer(call.process(), u64{call.word(0)} * kNanosPerSecond, 0);
    i64 seconds = rest.seconds;
    // Rounded, but never to zero while one was set (kernel/time/itimer.c, alarm_setitimer).
    constexpr i64 kHalf = 500'000;
    if ((seconds == 0 && rest.microseconds > 0) || rest.microseconds >= kHalf) ++seconds;
    return seconds;
}

Result<i64> sys_getitimer(Call& call)
{
    if (call.word(0) > kTimerProfile) return Errno::Inval;
    TimerValue const current = value_of(call, call.word(0));
    TRY(call.space().write(call.address(1), current));
    return i64{0};
}

Result<i64> sys_setitimer(Call& call)
{
    TimerValue changed;
    if (call[1] != 0) changed = TRY(call.space().read<TimerValue>(call.address(1)));
    if (!is_valid(changed.value) || !is_valid(changed.interval)) return Errno::Inval;
    if (call.word(0) > kTimerProfile) return Errno::Inval;
    TimerValue const old = value_of(call, call.word(0));
    if (call.word(0) == kTimerReal) {
        set_timer(call.process(), ticks_of(changed.value), ticks_of(changed.interval));
    } else {
        set_cpu_timer(call, call.word(0), ticks_of(changed.value), ticks_of(changed.interval));
    }
    if (call[2] != 0) TRY(call.space().write(call.address(2), old));
    return i64{0};
}

}  // namespace drydock
