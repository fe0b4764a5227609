#pragma once

// The load averages of getloadavg(3) and /proc/loadavg: how many threads run or are ready, looked
// at about every five seconds, with less weight the longer ago (kernel/sched/loadavg.c). Nothing
// wakes the machine for it: who looks late makes up for the points in time that have passed.

#include "core/platform/platform.h"

namespace drydock {

class LoadAverage {
public:
    static constexpr usize kCount = 3;  // Of 1, 5 and 15 minutes.
    // Fixed point: this is a load of one.
    static constexpr u64 kOne = 2048;
    // LOAD_FREQ where a second has 250 ticks (CONFIG_HZ): five seconds and a tick.
    static constexpr Ticks kPeriod = 5'004'000'000;

    // `active` threads want to run, and did so since the last call.
    void look(Ticks now, u32 active)
    {
        if (now >= next_) make_up(now, active);
    }
    u64 value(usize index) const { return values_[index]; }

private:
    void make_up(Ticks now, u32 active);

    u64 values_[kCount] = {};
    Ticks next_ = kPeriod;
};

}  // namespace drydock
