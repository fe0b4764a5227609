#include "core/sched/wait_queue.h"

#include "core/sched/scheduler.h"

namespace drydock {

void WaitQueue::wake_all(Scheduler& scheduler)
{
    // The waiters leave the queue themselves when they run.
    for (Waiter& waiter : waiters_) scheduler.wake(*waiter.thread);
}

}  // namespace drydock
