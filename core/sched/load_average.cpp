#include "core/sched/load_average.h"

namespace drydock {

namespace {

// 1/exp(5 s / 1 min), 1/exp(5 s / 5 min), 1/exp(5 s / 15 min) (include/linux/sched/loadavg.h).
constexpr u64 kDecay[LoadAverage::kCount] = {1884, 2014, 2037};
// After so many looks at the same load every average is that load.
constexpr u64 kMostLooks = 8192;

// calc_load(): rising loads are rounded up, so that a steady load is reached.
u64 next_value(u64 value, u64 decay, u64 active)
{
    u64 sum = value * decay + active * (LoadAverage::kOne - decay);
    if (active >= value) sum += LoadAverage::kOne - 1;
    return sum / LoadAverage::kOne;
}

}  // namespace

void LoadAverage::make_up(Ticks now, u32 active)
{
    ASSERT(now >= next_);
    u64 const due = (now - next_) / kPeriod + 1;
    u64 const looks = due < kMostLooks ? due : kMostLooks;
    for (u64 i = 0; i < looks; ++i) {
        for (usize k = 0; k < kCount; ++k) {
            values_[k] = next_value(values_[k], kDecay[k], active * kOne);
        }
    }
    next_ += due * kPeriod;
    ASSERT(next_ > now);
}

}  // namespace drydock
