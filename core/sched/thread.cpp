#include "core/sched/thread.h"

namespace drydock {

void Thread::set_nice(int nice)
{
    ASSERT(nice >= -20);
    ASSERT(nice <= 19);
    nice_ = nice;
}

void Thread::account(ClockTimes const& times)
{
    ASSERT(times.now >= accounted_until_.now);
    ASSERT(times.user >= accounted_until_.user);
    Ticks const passed = times.now - accounted_until_.now;
    Ticks const in_user = times.user - accounted_until_.user;
    // The two are rounded apart.
    Ticks const user = in_user < passed ? in_user : passed;
    user_time_ += user;
    system_time_ += passed - user;
    accounted_until_ = times;
}

}  // namespace drydock
