#pragma once

// Threads that wait for something to change. A waiter stands in as many queues as it likes; a wake
// makes its thread ready, and the thread looks at its condition again.

#include "core/base/list.h"

namespace drydock {

class Thread;
class Scheduler;

// One thread's place in one queue, or a listener's.
struct Waiter {
    // Null for a listener.
    Thread* thread = nullptr;
    ListHook hook{};
    // Hears of each change at once; `events` as for WaitQueue::wake(). It may not enter or leave
    // the queue. The result: a thread waits for what it heard.
    using Listener = bool (*)(Waiter& waiter, u32 events);
    Listener listener = nullptr;
    // Of all such listeners one that answers true is enough.
    bool is_exclusive = false;
};

class WaitQueue {
public:
    bool is_empty() const { return waiters_.is_empty(); }
    void add(Waiter& waiter) { waiters_.push_back(waiter); }
    // Listeners hear in the order that Linux's have: the latest first, exclusive ones behind all.
    void add_listener(Waiter& waiter)
    {
        if (waiter.is_exclusive) return waiters_.push_back(waiter);
        waiters_.push_front(waiter);
    }
    void remove(Waiter& waiter) { waiters_.remove(waiter); }
    // The queue goes before those who listen to it: they hear nothing more. No thread waits.
    void abandon();
    // Makes every waiting thread ready.
    void wake_all(Scheduler& scheduler) { wake(scheduler, 0, true); }
    // The same, and says what changed: poll(2) events, 0 if that is not known.
    void wake_all(Scheduler& scheduler, u32 events) { wake(scheduler, events, true); }
    // Makes every waiting thread ready, but exclusive listeners hear of it only up to the first
    // that takes it.
    void wake(Scheduler& scheduler, u32 events) { wake(scheduler, events, false); }

private:
    void wake(Scheduler& scheduler, u32 events, bool tells_all);

    List<Waiter, &Waiter::hook> waiters_;
};

}  // namespace drydock
