#include "core/syscall/handlers.h"
#include "core/syscall/task_numbers.h"

namespace drydock {

namespace {

constexpr i32 kRealTime = 0, kMonotonic = 1, kProcessCpu = 2, kThreadCpu = 3, kMonotonicRaw = 4;
constexpr i32 kRealTimeCoarse = 5, kMonotonicCoarse = 6, kBootTime = 7, kRealTimeAlarm = 8;
constexpr i32 kBootTimeAlarm = 9, kTai = 11;
constexpr i64 kNanos = static_cast<i64>(kNanosPerSecond);
constexpr i64 kMostSeconds = 1'000'000'000;
// The tick of the coarse clocks (CONFIG_HZ=250).
constexpr i64 kCoarseResolution = 4'000'000;

struct TimeSpec {
    i64 seconds = 0;
    i64 nanoseconds = 0;
};

TimeSpec time_spec(u64 nanoseconds)
{
    TimeSpec time;
    time.seconds = static_cast<i64>(nanoseconds / kNanosPerSecond);
    time.nanoseconds = static_cast<i64>(nanoseconds % kNanosPerSecond);
    return time;
}

bool is_valid(TimeSpec const& time)
{
    return time.seconds >= 0 && time.nanoseconds >= 0 && time.nanoseconds < kNanos;
}

u64 ticks_of(TimeSpec const& time)
{
    i64 const seconds = time.seconds < kMostSeconds ? time.seconds : kMostSeconds;
    return static_cast<u64>(seconds) * kNanosPerSecond + static_cast<u64>(time.nanoseconds);
}

TimeSpec wall_time(System& system)
{
    Timestamp const now = system.vfs.current_time();
    TimeSpec time;
    time.seconds = now.seconds;
    time.nanoseconds = i64{now.nanoseconds};
    return time;
}

// Clocks of other processes and threads are named by the complement of their number
// (clock_getcpuclockid(3), include/linux/posix-timers.h).
Result<u64> cpu_time(Call& call, i32 clock)
{
    constexpr i32 kPerThread = 4, kWhich = 3;
    u32 const number = static_cast<u32>(~(clock >> 3));
    if ((clock & kWhich) == kWhich) return Errno::Inval;
    call.system().scheduler.account_current();
    if ((clock & kPerThread) != 0) {
        UserThread* const thread = number == 0 ? &call.thread : seen_thread(call, number);
        if (thread == nullptr || &thread->process() != &call.process()) return Errno::Inval;
        return thread->user_time() + thread->system_time();
    }
    Process* const process = number == 0 ? &call.process() : seen_process(call, number);
    if (process == nullptr) return Errno::Inval;
    return process->user_time() + process->system_time();
}

Result<TimeSpec> read_clock(Call& call, i32 clock)
{
    System& system = call.system();
    if (clock < 0) return time_spec(TRY(cpu_time(call, clock)));
    if (clock == kProcessCpu || clock == kThreadCpu) {
        system.scheduler.account_current();
        if (clock == kThreadCpu)
            return time_spec(call.thread.user_time() + call.thread.system_time());
        return time_spec(call.process().user_time() + call.process().system_time());
    }
    bool const is_wall =
        clock == kRealTime || clock == kRealTimeCoarse || clock == kRealTimeAlarm || clock == kTai;
    if (is_wall) return wall_time(system);
    bool const is_monotonic = clock == kMonotonic || clock == kMonotonicRaw ||
                              clock == kMonotonicCoarse || clock == kBootTime ||
                              clock == kBootTimeAlarm;
    if (is_monotonic) return time_spec(system.scheduler.now());
    return Errno::Inval;
}

// Sleeps until the deadline or a signal.
Result<void> sleep_until(Call& call, Ticks deadline)
{
    while (true) {
        Result<void> const outcome =
            call.system().scheduler.block("sleep", Thread::Wait::Interruptible, deadline);
        if (outcome.is_ok()) continue;
        if (outcome.error() == Errno::TimedOut) return {};
        if (call.thread.is_interrupted()) return Errno::RestartBlock;
    }
}

// A relative sleep, or what is left of one: tells the caller how much it did not sleep.
Result<i64> sleep_rest(Call& call, Ticks deadline, UserAddr remaining)
{
    if (sleep_until(call, deadline).is_ok()) return i64{0};
    if (!remaining.is_null()) {
        Ticks const now = call.system().scheduler.now();
        TRY(call.space().write(remaining, time_spec(deadline > now ? deadline - now : 0)));
    }
    return Errno::RestartBlock;
}

Result<i64> go_on_nanosleep(Call& call, Ticks deadline)
{
    Result<i64> result = sleep_rest(call, deadline, call.address(1));
    return restartable(call, std::move(result), go_on_nanosleep, deadline);
}

Result<i64> go_on_clock_nanosleep(Call& call, Ticks deadline)
{
    Result<i64> result = sleep_rest(call, deadline, call.address(3));
    return restartable(call, std::move(result), go_on_clock_nanosleep, deadline);
}

Result<i64> write_timex(Call& call, UserAddr address);

}  // namespace

// --- reading
// ---------------------------------------------------------------------------------------

Result<i64> sys_time(Call& call)
{
    i64 const seconds = wall_time(call.system()).seconds;
    if (call[0] != 0) TRY(call.space().write(call.address(0), seconds));
    return seconds;
}

Result<i64> sys_gettimeofday(Call& call)
{
    TimeSpec const now = wall_time(call.system());
    i64 const time[2] = {now.seconds, now.nanoseconds / 1000};
    i32 const zone[2] = {0, 0};
    if (call[0] != 0) TRY(call.space().write(call.address(0), time));
    if (call[1] != 0) TRY(call.space().write(call.address(1), zone));
    return i64{0};
}

Result<i64> sys_clock_gettime(Call& call)
{
    TimeSpec const time = TRY(read_clock(call, call.integer(0)));
    TRY(call.space().write(call.address(1), time));
    return i64{0};
}

Result<i64> sys_clock_getres(Call& call)
{
    i32 const clock = call.integer(0);
    TRY(read_clock(call, clock));
    TimeSpec resolution;
    bool const is_coarse = clock == kRealTimeCoarse || clock == kMonotonicCoarse;
    resolution.nanoseconds = is_coarse ? kCoarseResolution : 1;
    if (call[1] != 0) TRY(call.space().write(call.address(1), resolution));
    return i64{0};
}

// --- setting
// ---------------------------------------------------------------------------------------

namespace {

Result<i64> set_wall_time(Call& call, TimeSpec const& time)
{
    if (!is_valid(time)) return Errno::Inval;
    if (!call.thread.credentials.has(Capability::SysTime)) return Errno::Perm;
    // What would overflow as nanoseconds (settimeofday(2), EINVAL).
    constexpr i64 kLastSecond = 8'000'000'000;
    if (time.seconds > kLastSecond) return Errno::Inval;
    System& system = call.system();
    system.vfs.set_wall_clock({time.seconds, static_cast<u32>(time.nanoseconds)});
    if (system.vdso != nullptr) system.vdso->set_wall_clock_offset(system.vfs.wall_clock_offset());
    return i64{0};
}

}  // namespace

Result<i64> sys_clock_settime(Call& call)
{
    // Most clocks cannot be set, whatever the time is.
    if (call.integer(0) > kRealTime) return Errno::Inval;
    TimeSpec const time = TRY(call.space().read<TimeSpec>(call.address(1)));
    if (call.integer(0) == kRealTime) return set_wall_time(call, time);
    TRY(read_clock(call, call.integer(0)));
    return Errno::Inval;
}

Result<i64> sys_settimeofday(Call& call)
{
    // A time zone without a time only warps the hardware clock of old: accepted, without effect.
    if (call[0] == 0) return i64{0};
    TimeSpec time = TRY(call.space().read<TimeSpec>(call.address(0)));
    constexpr i64 kMicros = 1'000'000;
    if (time.nanoseconds < 0 || time.nanoseconds >= kMicros) return Errno::Inval;
    time.nanoseconds *= 1000;
    return set_wall_time(call, time);
}

// --- sleeping
// --------------------------------------------------------------------------------------

Result<i64> sys_nanosleep(Call& call)
{
    TimeSpec const time = TRY(call.space().read<TimeSpec>(call.address(0)));
    if (!is_valid(time)) return Errno::Inval;
    return go_on_nanosleep(call, call.system().scheduler.now() + ticks_of(time));
}

Result<i64> sys_clock_nanosleep(Call& call)
{
    constexpr u32 kAbsolute = 1;
    i32 const clock = call.integer(0);
    bool const is_wall = clock == kRealTime || clock == kTai || clock == kRealTimeAlarm;
    bool const is_monotonic = clock == kMonotonic || clock == kBootTime || clock == kBootTimeAlarm;
    if (!is_wall && !is_monotonic) {
        TRY(read_clock(call, clock));
        return Errno::OpNotSupp;
    }
    TimeSpec const time = TRY(call.space().read<TimeSpec>(call.address(2)));
    if (!is_valid(time)) return Errno::Inval;
    Ticks const now = call.system().scheduler.now();
    if ((call.word(1) & kAbsolute) == 0) {
        return go_on_clock_nanosleep(call, now + ticks_of(time));
    }
    Ticks deadline = ticks_of(time);
    if (is_wall) {
        TimeSpec const wall = wall_time(call.system());
        i64 const seconds = time.seconds - wall.seconds;
        if (seconds > kMostSeconds) {
            deadline = kNever;
        } else {
            i64 const distance = seconds < -kMostSeconds
                                     ? -1
                                     : seconds * kNanos + time.nanoseconds - wall.nanoseconds;
            deadline = distance <= 0 ? now : now + static_cast<u64>(distance);
        }
    }
    if (sleep_until(call, deadline).is_error()) return Errno::RestartNoHand;
    return i64{0};
}

Result<i64> restartable(Call& call, Result<i64> result, RestartBlock::GoOn go_on, Ticks deadline)
{
    if (result.is_ok() || deadline == kNever) return result;
    Errno const error = result.error();
    bool const is_interrupted =
        error == Errno::RestartBlock || error == Errno::RestartNoHand || error == Errno::RestartSys;
    if (!is_interrupted) return result;
    RestartBlock& block = call.thread.restart;
    block.go_on = go_on;
    for (usize i = 0; i < 6; ++i) block.arguments[i] = call[i];
    block.deadline = deadline;
    return Errno::RestartBlock;
}

Result<i64> sys_restart_syscall(Call& call)
{
    RestartBlock const block = call.thread.restart;
    call.thread.restart = {};
    if (block.go_on == nullptr) return Errno::Intr;
    // The interrupted call finds its arguments where it had them, and the user finds its registers.
    UserContext& context = call.thread.context();
    u64 kept[6] = {};
    for (usize i = 0; i < 6; ++i) {
        kept[i] = call[i];
        context.reg(Call::kArguments[i]) = block.arguments[i];
    }
    Result<i64> result = block.go_on(call, block.deadline);
    for (usize i = 0; i < 6; ++i) context.reg(Call::kArguments[i]) = kept[i];
    return result;
}

// --- adjusting
// -------------------------------------------------------------------------------------

namespace {

// struct timex, adjtimex(2).
struct Timex {
    u32 modes = 0, padding_0 = 0;
    i64 offset = 0, frequency = 0, maximum_error = 16'000'000, estimated_error = 16'000'000;
    i32 status = 0x40;  // STA_UNSYNC
    u32 padding_1 = 0;
    i64 constant = 2, precision = 1, tolerance = 32'768'000;
    i64 seconds = 0, microseconds = 0;
    i64 tick = 10'000;
    i64 pps[2] = {};
    i32 shift = 0;
    u32 padding_2 = 0;
    i64 pps_counts[5] = {};
    i32 tai = 0;
    i32 padding_3[11] = {};
};
static_assert(sizeof(Timex) == 208);

Result<i64> write_timex(Call& call, UserAddr address)
{
    constexpr i64 kTimeError = 5;
    u32 const modes = TRY(call.space().read<u32>(address));
    // The clock cannot be steered.
    if (modes != 0) return Errno::Perm;
    Timex timex;
    TimeSpec const now = wall_time(call.system());
    timex.seconds = now.seconds;
    timex.microseconds = now.nanoseconds / 1000;
    TRY(call.space().write(address, timex));
    return kTimeError;
}

}  // namespace

Result<i64> sys_adjtimex(Call& call) { return write_timex(call, call.address(0)); }

Result<i64> sys_clock_adjtime(Call& call)
{
    if (call.integer(0) != kRealTime) return Errno::OpNotSupp;
    return write_timex(call, call.address(1));
}

}  // namespace drydock
