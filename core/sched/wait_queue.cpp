#include "core/sched/wait_queue.h"

#include "core/sched/scheduler.h"

namespace drydock {

void WaitQueue::wake(Scheduler& scheduler, u32 events, bool tells_all)
{
    bool is_taken = false;
    // The waiters leave the queue themselves when they run.
    for (Waiter& waiter : waiters_) {
        if (waiter.thread != nullptr) {
            scheduler.wake(*waiter.thread);
            continue;
        }
        if (waiter.is_exclusive && is_taken && !tells_all) continue;
        bool const has_taker = waiter.listener(waiter, events);
        if (waiter.is_exclusive && has_taker) is_taken = true;
    }
}

void WaitQueue::abandon()
{
    while (Waiter* const waiter = waiters_.pop_front()) ASSERT(waiter->thread == nullptr);
}

}  // namespace drydock
