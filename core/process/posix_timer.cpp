#include "core/process/posix_timer.h"

#include "core/process/process_table.h"

namespace drydock {

namespace {

// One period of CONFIG_HZ=250: how often a timer whose signal is ignored rings at most
// (kernel/time/posix-timers.c).
constexpr Ticks kIgnoredPeriod = 4'000'000;
constexpr i64 kMostOverruns = 0x7fff'ffff;

}  // namespace

PosixTimer::PosixTimer(Process& process, u32 id, Settings const& settings)
    : process_(process), id_(id), settings_(settings)
{
    timer_.callback = ring;
    timer_.argument = this;
    signal_.timer = this;
}

PosixTimer::~PosixTimer() { stop(); }

void PosixTimer::ring(Timer&, void* argument) { static_cast<PosixTimer*>(argument)->run_out(); }

// On its own clock; wall-clock times were turned into the machine's when they were set.
Ticks PosixTimer::now() const
{
    Scheduler& scheduler = process_.system().scheduler;
    if (!is_cpu_clock()) return scheduler.now();
    scheduler.account_current();
    if (settings_.clock == Clock::ProcessCpu) return process_.user_time() + process_.system_time();
    UserThread* const thread = process_.system().processes.find_thread(settings_.clock_tid);
    return thread == nullptr ? 0 : thread->user_time() + thread->system_time();
}

void PosixTimer::start()
{
    if (settings_.is_silent) return;
    is_running_ = true;
    if (is_cpu_clock()) return process_.system().processes.update_cpu_watch(process_);
    process_.system().scheduler.arm(timer_, deadline_);
}

void PosixTimer::stop()
{
    process_.system().scheduler.disarm(timer_);
    is_running_ = false;
    if (signal_.hook.is_linked()) process_.system().processes.withdraw(process_, signal_);
}

void PosixTimer::run_out()
{
    ASSERT(!settings_.is_silent);
    ASSERT(!signal_.hook.is_linked());
    is_running_ = false;
    signal_.info = SignalInfo{};
    signal_.info.number = static_cast<i32>(settings_.signal);
    signal_.info.code = kSiTimer;
    signal_.info.fields[0] = id_;
    signal_.info.fields[1] = settings_.value;
    if (!process_.system().processes.send_own(process_, settings_.target_tid, signal_)) dropped();
}

u64 PosixTimer::skip_to(Ticks limit)
{
    ASSERT(interval_ > 0);
    if (deadline_ > limit) return 0;
    u64 const passed = (limit - deadline_) / interval_ + 1;
    deadline_ += passed * interval_;
    return passed;
}

void PosixTimer::taken(SignalInfo& info)
{
    ASSERT(!signal_.hook.is_linked());
    if (interval_ == 0) return;
    // The time at which it ran out is no overrun.
    overruns_ += static_cast<i64>(skip_to(now())) - 1;
    if (overruns_ > kMostOverruns) overruns_ = kMostOverruns;
    overruns_told_ = static_cast<i32>(overruns_);
    overruns_ = 0;
    info.fields[0] |= static_cast<u64>(overruns_told_) << 32;
    start();
}

void PosixTimer::dropped()
{
    if (interval_ == 0) return;
    Ticks const limit = interval_ < kIgnoredPeriod ? now() + kIgnoredPeriod : now();
    overruns_ += static_cast<i64>(skip_to(limit));
    start();
}

void PosixTimer::set(Times const& times, bool is_absolute)
{
    stop();
    overruns_ = 0;
    overruns_told_ = 0;
    deadline_ = 0;
    interval_ = times.first == 0 ? 0 : times.interval;
    if (times.first == 0) return;
    i64 const offset = settings_.clock == Clock::Wall && is_absolute
                           ? process_.system().vfs.wall_clock_offset()
                           : 0;
    Ticks const base = is_absolute ? 0 : now();
    i64 const deadline = static_cast<i64>(base + times.first) - offset;
    deadline_ = deadline < 1 ? 1 : static_cast<Ticks>(deadline);
    // What has passed already has run out.
    bool const has_passed = !is_cpu_clock() && !settings_.is_silent && deadline_ <= now();
    if (has_passed) return run_out();
    start();
}

// Linux common_timer_get(): a timer that was set and reads as zero has run out for good.
PosixTimer::Times PosixTimer::left()
{
    Times result;
    result.interval = interval_;
    if (interval_ == 0 && !is_running_ && !settings_.is_silent) return result;
    if (deadline_ == 0) return result;
    Ticks const time = now();
    if (interval_ != 0 && !is_running_) overruns_ += static_cast<i64>(skip_to(time));
    if (deadline_ > time) {
        result.first = deadline_ - time;
    } else if (!settings_.is_silent) {
        result.first = 1;
    }
    return result;
}

u64 PosixTimer::watch_cpu_time()
{
    ASSERT(runs_on_cpu_time());
    Ticks const used = now();
    if (used < deadline_) return deadline_ - used;
    run_out();
    if (!is_running_) return ~u64{0};
    Ticks const after = now();
    return deadline_ > after ? deadline_ - after : 0;
}

}  // namespace drydock
