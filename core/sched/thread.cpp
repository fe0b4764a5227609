#include "core/sched/thread.h"

namespace drydock {

void Thread::set_nice(int nice)
{
    ASSERT(nice >= -20);
    ASSERT(nice <= 19);
    nice_ = nice;
}

void Thread::account_user(Ticks now)
{
    ASSERT(now >= accounted_until_);
    user_time_ += now - accounted_until_;
    accounted_until_ = now;
}

void Thread::account_system(Ticks now)
{
    ASSERT(now >= accounted_until_);
    system_time_ += now - accounted_until_;
    accounted_until_ = now;
}

}  // namespace drydock
