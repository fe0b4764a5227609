#pragma once

// A schedulable thread: a kernel stack, user registers, a rank and a state. What a thread means to
// the user (a process, signals) is built on it in process/.

#include "core/base/list.h"
#include "core/base/ref.h"
#include "core/platform/platform.h"

namespace drydock {

class Scheduler;
class WaitQueue;

class Thread : public RefCounted {
public:
    enum class State : u8 { New, Ready, Running, Blocked, Stopped, Dead };
    enum class Wait : u8 { Interruptible, Uninterruptible };

    State state() const { return state_; }
    UserContext& context() { return context_; }
    KernelStack& stack() { return stack_; }
    u32 tid() const { return tid_; }

    // -20 (favoured) to 19, as nice(2).
    int nice() const { return nice_; }
    void set_nice(int nice);

    // Ends an interruptible wait with Errno::RestartSys, now or at its next start, until cleared.
    // Called when a signal becomes pending.
    bool is_interrupted() const { return is_interrupted_; }
    void set_interrupted(bool value) { is_interrupted_ = value; }

    // Nanoseconds spent in user mode and in the kernel, up to when the thread last stopped running
    // or Scheduler::account_current() was called.
    u64 user_time() const { return user_time_; }
    u64 system_time() const { return system_time_; }

    // What the thread waits for, for reports ("pipe read"), null when it does not.
    char const* waiting_for() const { return waiting_for_; }

    // For every thread that the scheduler knows.
    ListHook all_hook{};

protected:
    explicit Thread(u32 tid) : tid_(tid) {}
    ~Thread() override = default;
    void set_tid(u32 tid) { tid_ = tid; }

private:
    friend class Scheduler;
    // Shares out what has passed since the last call; all of it was this thread's.
    void account(ClockTimes const& times);

    friend class WaitQueue;

    u32 tid_;
    // Owned by the thread itself; nobody else may look while it runs.
    UserContext context_{};
    KernelStack stack_{};
    // Changed only by the scheduler.
    State state_ = State::New;
    int nice_ = 0;
    u64 virtual_runtime_ = 0;
    u64 ready_since_ = 0;  // Sequence number: ties go to who waited longest.
    Ticks run_since_ = 0;
    Ticks wake_at_ = kNever;
    bool is_interrupted_ = false;
    bool timed_out_ = false;
    bool waits_interruptibly_ = false;
    char const* waiting_for_ = nullptr;
    u64 user_time_ = 0;
    u64 system_time_ = 0;
    ClockTimes accounted_until_{};
    ListHook run_hook_{};
    ListHook timer_hook_{};
};

}  // namespace drydock
