#pragma once

// Time from the time-stamp counter, whose rate is measured against the PC's interval timer. The
// counter has to run at one rate, as that of every processor of the last ten years does.

#include "core/platform/platform.h"

namespace drydock::guest {

class LocalApic;

class Clock {
public:
    // Measures; the rate of the local APIC's timer in the same stretch of time.
    void start(LocalApic& apic);

    // From here on only pass_step() and pass_to() move the time, which starts anew at 0.
    void stop(Ticks step)
    {
        step_ = step;
        last_ = 0;
    }
    bool is_stopped() const { return step_ != 0; }
    void pass_step() { last_ += step_; }
    void pass_to(Ticks time)
    {
        if (time > last_) last_ = time;
    }

    // Nanoseconds since start(). Strictly advances from call to call, unless stopped.
    Ticks now();
    // The last answer of now().
    Ticks last() const { return last_; }
    // The same function for those who read the counter themselves.
    ClockParameters parameters() const { return {base_, scale_, true}; }
    u64 timestamp_hertz() const { return hertz_; }
    // A span of the time-stamp counter in nanoseconds.
    Ticks length_of(u64 counts) const;

private:
    u64 base_ = 0;
    u64 hertz_ = 0;
    u64 scale_ = 0;  // Nanoseconds per count, in 2^-32.
    Ticks last_ = 0;
    Ticks step_ = 0;  // 0: time goes by itself.
};

// The date that the PC's battery clock keeps, in seconds since 1970-01-01.
u64 read_battery_clock();

}  // namespace drydock::guest
