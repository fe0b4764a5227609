#pragma once

// Threads that wait for something to change. A waiter stands in as many queues as it likes; a wake
// makes its thread ready, and the thread looks at its condition again.

#include "core/base/list.h"

namespace drydock {

class Thread;
class Scheduler;

// One thread's place in one queue.
struct Waiter {
    Thread* thread = nullptr;
    ListHook hook{};
};

class WaitQueue {
public:
    bool is_empty() const { return waiters_.is_empty(); }
    void add(Waiter& waiter) { waiters_.push_back(waiter); }
    void remove(Waiter& waiter) { waiters_.remove(waiter); }
    // Makes every waiting thread ready.
    void wake_all(Scheduler& scheduler);

private:
    List<Waiter, &Waiter::hook> waiters_;
};

}  // namespace drydock
