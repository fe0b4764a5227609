// The scheduler's clock side: timers, sleepers and the hardware timer behind both.

#include "core/sched/scheduler.h"

namespace drydock {

void Scheduler::arm(Timer& timer, Ticks deadline)
{
    ASSERT(timer.callback != nullptr);
    if (timer.is_armed()) timers_.remove(timer);
    timer.deadline = deadline;
    timer.sequence = ++sequence_;
    is_timer_stale_ = true;
    Timer* position = timers_.last();
    while (position != nullptr && position->deadline > deadline)
        position = timers_.previous(*position);
    Timer* const next = position == nullptr ? timers_.first() : timers_.next(*position);
    if (next == nullptr) {
        timers_.push_back(timer);
    } else {
        timers_.insert_before(timer, *next);
    }
}

void Scheduler::disarm(Timer& timer)
{
    if (!timer.is_armed()) return;
    timers_.remove(timer);
    is_timer_stale_ = true;
}

void Scheduler::sleep_until(Thread& thread, Ticks deadline)
{
    thread.wake_at_ = deadline;
    is_timer_stale_ = true;
    Thread* position = sleepers_.last();
    while (position != nullptr && position->wake_at_ > deadline) {
        position = sleepers_.previous(*position);
    }
    Thread* const next = position == nullptr ? sleepers_.first() : sleepers_.next(*position);
    if (next == nullptr) {
        sleepers_.push_back(thread);
    } else {
        sleepers_.insert_before(thread, *next);
    }
}

void Scheduler::run_timers()
{
    programmed_ = kNever;
    is_timer_stale_ = true;
    Ticks const time = now();
    while (Thread* const sleeper = sleepers_.first()) {
        if (sleeper->wake_at_ > time) break;
        sleeper->timed_out_ = true;
        make_ready(*sleeper);
    }
    while (Timer* const timer = timers_.first()) {
        if (timer->deadline > time) break;
        timers_.remove(*timer);
        timer->callback(*timer, timer->argument);
    }
}

void Scheduler::program_timer()
{
    is_timer_stale_ = false;
    Ticks deadline = kNever;
    if (Thread* const sleeper = sleepers_.first()) deadline = sleeper->wake_at_;
    if (Timer* const timer = timers_.first()) {
        if (timer->deadline < deadline) deadline = timer->deadline;
    }
    bool const has_rival = ready_count_ > 0;
    if (has_rival && slice_end_ < deadline) deadline = slice_end_;
    if (deadline == programmed_) return;
    programmed_ = deadline;
    platform_.set_timer(deadline);
}

}  // namespace drydock
