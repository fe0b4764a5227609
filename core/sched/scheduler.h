#pragma once

// Decides which thread runs. The kernel is never preempted: a thread gives the CPU up when it
// blocks, yields, dies, or when its slice is over on the way back to user mode.
//
// Fair by weighted virtual runtime, as Linux's SCHED_OTHER: the ready thread that has had the
// least, weighted by nice, is next; a simulation may choose another.

#include "core/base/heap.h"
#include "core/base/result.h"
#include "core/sched/load_average.h"
#include "core/sched/thread.h"
#include "core/sched/wait_queue.h"

namespace drydock {

inline constexpr Ticks kNanosPerSecond = 1'000'000'000;
// The timer tick while threads compete, and the largest slice (Linux: CONFIG_HZ=250).
inline constexpr Ticks kTickLength = 4'000'000;

// Something that happens at a time. The callback runs inside the kernel, never in the middle of
// another thread's step.
struct Timer {
    using Callback = void (*)(Timer& timer, void* argument);
    Callback callback = nullptr;
    void* argument = nullptr;
    Ticks deadline = kNever;
    u64 sequence = 0;
    ListHook hook{};
    bool is_armed() const { return hook.is_linked(); }
};

class Scheduler {
public:
    Scheduler(Platform& platform, FrameSource& frames) : platform_(platform), frames_(frames) {}
    Scheduler(Scheduler const&) = delete;
    Scheduler& operator=(Scheduler const&) = delete;
    ~Scheduler() = default;

    Platform& platform() { return platform_; }
    Ticks now() { return platform_.now(); }
    // The thread that runs; null only while the kernel boots.
    Thread* current() const { return current_; }

    // Gives the thread a kernel stack and makes it ready. Errno::NoMem, nothing changed.
    // `entry(argument)` runs on that stack and never returns.
    Result<void> start(Thread& thread, void (*entry)(void*), void* argument);
    // The same in two steps: what can fail, then what cannot.
    Result<void> give_stack(Thread& thread, void (*entry)(void*), void* argument);
    void start_prepared(Thread& thread);

    // Switches to the first thread; the boot stack is never used again.
    [[noreturn]] void run();

    // Ends the running thread. Its stack is given back by reclaim() later, from another thread.
    [[noreturn]] void exit_current();
    // Gives back the stack of a dead thread.
    void reclaim(Thread& thread);

    // Blocks the running thread until `condition()` holds. Looks first, and again after each wake.
    // Errors: RestartSys (interruptible and a signal is pending), TimedOut (`deadline` passed).
    // `why` names the wait in reports.
    template <typename Condition>
    Result<void> wait_until(WaitQueue& queue,
                            char const* why,
                            Condition condition,
                            Thread::Wait kind = Thread::Wait::Interruptible,
                            Ticks deadline = kNever)
    {
        while (!condition()) {
            Waiter waiter{current_, {}};
            queue.add(waiter);
            Result<void> const outcome = block(why, kind, deadline);
            queue.remove(waiter);
            if (outcome.is_error() && !condition()) return outcome.error();
        }
        return {};
    }
    // The primitive below it: sleeps until somebody wakes the thread, the deadline passes or, if
    // interruptible, the thread is interrupted. The caller has put its waiters in place.
    Result<void> block(char const* why, Thread::Wait kind, Ticks deadline);

    // Makes a blocked thread ready; no effect on any other.
    void wake(Thread& thread);
    // A pending signal ends an interruptible sleep.
    void interrupt(Thread& thread);
    // Job control: the running thread stops until continue_thread().
    void stop_current();
    void continue_thread(Thread& thread);

    // Lets others run if they should; whether they may have. Called on the way back to user mode.
    bool yield_if_due()
    {
        bool const is_due = ready_count_ > 0 && now() >= slice_end_;
        if (is_due) end_slice();
        if (is_timer_stale_) program_timer();
        return is_due;
    }
    // sched_yield(2): goes to the end of its rank.
    void yield();

    void arm(Timer& timer, Ticks deadline);
    void disarm(Timer& timer);
    // Runs the callbacks of timers whose time has come and wakes sleepers. After each interrupt.
    void run_timers();

    // Called after each wait for work, before anything else: takes in what has arrived.
    using IdleHook = void (*)(void* argument);
    void set_idle_hook(IdleHook hook, void* argument)
    {
        idle_hook_ = hook;
        idle_hook_argument_ = argument;
    }

    // Called when nothing can ever happen again, before that is reported as the kernel's failure;
    // may end the machine.
    void set_standstill_hook(IdleHook hook, void* argument)
    {
        standstill_hook_ = hook;
        standstill_hook_argument_ = argument;
    }

    // Brings the running thread's user_time() and system_time() up to now, for who reads them.
    void account_current();

    u32 ready_count() { return ready_count_; }
    u32 thread_count() { return thread_count_; }
    u64 switches() const { return switches_; }
    // Nanoseconds during which no thread ran.
    u64 idle_time() const { return idle_time_; }
    // As of now.
    LoadAverage const& load();
    using ThreadList = List<Thread, &Thread::all_hook>;
    ThreadList& threads() { return threads_; }

private:
    using RunQueue = List<Thread, &Thread::run_hook_>;

    void make_ready(Thread& thread);
    void insert_ready(Thread& thread);
    void dispatch();  // Picks the next thread and switches to it.
    Thread& pick();   // Waits while there is none.
    void switch_to(Thread& next);
    void charge_current();
    void end_slice();
    void requeue_current();
    void sleep_until(Thread& thread, Ticks deadline);
    void program_timer();
    void wait_for_work();
    void record(EventKind kind, u64 a);

    Platform& platform_;
    FrameSource& frames_;
    Thread* current_ = nullptr;
    KernelStack boot_stack_{};
    RunQueue ready_;  // Sorted: least virtual runtime first, then longest waiting.
    List<Thread, &Thread::timer_hook_> sleepers_;  // Sorted by wake_at_.
    List<Timer, &Timer::hook> timers_;             // Sorted by deadline, then sequence.
    ThreadList threads_;
    u32 ready_count_ = 0;
    u32 thread_count_ = 0;
    u64 sequence_ = 0;
    u64 switches_ = 0;
    u64 idle_time_ = 0;
    LoadAverage load_{};
    u64 least_runtime_ = 0;
    Ticks slice_end_ = 0;
    Ticks programmed_ = kNever;
    // What comes next has changed since program_timer() looked.
    bool is_timer_stale_ = false;
    IdleHook idle_hook_ = nullptr;
    void* idle_hook_argument_ = nullptr;
    IdleHook standstill_hook_ = nullptr;
    void* standstill_hook_argument_ = nullptr;
};

}  // namespace drydock
