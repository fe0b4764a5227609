// timerfd_create(2), timerfd_settime(2), timerfd_gettime(2).

#include "core/abi/time.h"
#include "core/event/timer_file.h"
#include "core/syscall/call_support.h"
#include "core/syscall/handlers.h"

namespace drydock {

namespace {

constexpr i32 kRealTime = 0, kMonotonic = 1, kBootTime = 7, kRealTimeAlarm = 8, kBootTimeAlarm = 9;
constexpr u32 kAbsolute = 1, kCancelOnSet = 2;  // TFD_TIMER_*
// Later times never come.
constexpr i64 kMostSeconds = 4'000'000'000;

Result<Ref<TimerFile>> timer_of(Call& call)
{
    Ref<File> const file = TRY(file_of(call, call.word(0)));
    if (file->kind() != FileKind::Timer) return Errno::Inval;
    return Ref<TimerFile>(static_cast<TimerFile*>(file.get()));
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

Result<void> store(Call& call, UserAddr target, TimerFile::Setting const& setting)
{
    Itimerspec const value{timespec_of(setting.interval), timespec_of(setting.first)};
    return call.space().write(target, value);
}

}  // namespace

Result<i64> sys_timerfd_create(Call& call)
{
    using namespace open_flags;
    u32 const flags = call.word(1);
    if ((flags & ~(kNonBlock | kCloseOnExec)) != 0) return Errno::Inval;
    i32 const clock = call.integer(0);
    bool const wakes_machine = clock == kRealTimeAlarm || clock == kBootTimeAlarm;
    bool const is_wall_clock = clock == kRealTime || clock == kRealTimeAlarm;
    if (!wakes_machine && !is_wall_clock && clock != kMonotonic && clock != kBootTime) {
        return Errno::Inval;
    }
    if (wakes_machine && !call.thread.credentials.has(Capability::WakeAlarm)) return Errno::Perm;
    Ref<File> file = TRY(TimerFile::create(call.system().vfs, is_wall_clock, flags));
    return add_descriptor(call, std::move(file), flags);
}

Result<i64> sys_timerfd_settime(Call& call)
{
    Itimerspec const value = TRY(call.space().read<Itimerspec>(call.address(2)));
    u32 const flags = call.word(1);
    if ((flags & ~(kAbsolute | kCancelOnSet)) != 0) return Errno::Inval;
    TimerFile::Setting setting;
    setting.first = TRY(ticks_of(value.value));
    setting.interval = TRY(ticks_of(value.interval));
    Ref<TimerFile> const timer = TRY(timer_of(call));
    // That the clock may be set meanwhile is not followed; for other timers the flag means nothing.
    bool const may_be_set = timer->is_wall_clock() && (flags & kAbsolute) != 0;
    if (may_be_set && (flags & kCancelOnSet) != 0) return Errno::Inval;
    TimerFile::Setting const old = timer->left();
    timer->set(setting, (flags & kAbsolute) != 0);
    if (!call.address(3).is_null()) TRY(store(call, call.address(3), old));
    return i64{0};
}

Result<i64> sys_timerfd_gettime(Call& call)
{
    Ref<TimerFile> const timer = TRY(timer_of(call));
    TRY(store(call, call.address(1), timer->left()));
    return i64{0};
}

}  // namespace drydock
