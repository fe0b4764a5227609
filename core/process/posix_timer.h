#pragma once

// A timer of timer_create(2): when it runs out a signal is queued, which has its place from the
// start. As in Linux a periodic timer whose signal waits stands still; when the signal is taken it
// is told how many periods were missed (timer_getoverrun(2)).

#include "core/process/signal.h"
#include "core/sched/scheduler.h"

namespace drydock {

class Process;

class PosixTimer {
public:
    enum class Clock : u8 { Monotonic, Wall, ProcessCpu, ThreadCpu };
    struct Settings {
        Clock clock = Clock::Monotonic;
        u32 clock_tid = 0;       // Of Clock::ThreadCpu.
        bool is_silent = false;  // SIGEV_NONE.
        Signal signal = Signal::Alrm;
        u32 target_tid = 0;  // SIGEV_THREAD_ID; 0: any thread of the process.
        u64 value = 0;       // sigev_value.
    };
    // Nanoseconds. A setting with `first` == 0 stops the timer.
    struct Times {
        Ticks first = 0;
        Ticks interval = 0;
    };

    PosixTimer(Process& process, u32 id, Settings const& settings);
    PosixTimer(PosixTimer const&) = delete;
    PosixTimer& operator=(PosixTimer const&) = delete;
    ~PosixTimer();

    u32 id() const { return id_; }
    u32 target_tid() const { return settings_.target_tid; }
    // Starts anew; a signal that still waits is dropped. `first` counts from now, or is a time of
    // its clock.
    void set(Times const& times, bool is_absolute);
    // What is left until it next runs out.
    Times left();
    // Periods missed between the last signal's sending and its taking.
    i32 overruns() const { return overruns_told_; }

    bool runs_on_cpu_time() const { return is_running_ && is_cpu_clock(); }
    // Runs out if its CPU time has been used; what is left until it next does, else ~0.
    u64 watch_cpu_time();

    // --- for the queues of signals
    // Its signal was taken: completes what is told of it, and goes on.
    void taken(SignalInfo& info);
    // Its signal was dropped.
    void dropped();

    ListHook hook{};

private:
    bool is_cpu_clock() const
    {
        return settings_.clock == Clock::ProcessCpu || settings_.clock == Clock::ThreadCpu;
    }
    static void ring(Timer& timer, void* argument);
    Ticks now() const;
    void start();
    void stop();
    void run_out();
    // Over all times up to `limit`; how many there were.
    u64 skip_to(Ticks limit);

    Process& process_;
    u32 const id_;
    Settings const settings_;
    PendingSignal signal_{};
    Timer timer_{};
    Ticks deadline_ = 0;  // On its clock: when it runs out, or last did; 0: it is stopped.
    Ticks interval_ = 0;
    bool is_running_ = false;
    i64 overruns_ = 0;  // Since the last signal was taken.
    i32 overruns_told_ = 0;
};

using PosixTimerList = List<PosixTimer, &PosixTimer::hook>;

}  // namespace drydock
