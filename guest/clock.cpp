#include "guest/clock.h"

#include "guest/instructions.h"
#include "guest/local_apic.h"

namespace drydock::guest {

namespace {

// Intel 8254 data sheet. Channel 2 can run without an interrupt: its gate is bit 0 of port 0x61.
constexpr u16 kTimerChannel2 = 0x42, kTimerControl = 0x43, kGatePort = 0x61;
constexpr u8 kChannel2Rate = 0xb4;  // Both bytes, mode 2: counts down from 65 536 again and again.
constexpr u8 kLatchChannel2 = 0x80;
constexpr u64 kTimerHertz = 1'193'182;
constexpr u32 kMeasuredCounts = 11'932;  // 10 ms.
constexpr u64 kNanoseconds = 1'000'000'000;

__extension__ using Wide = unsigned __int128;

// The three counters at one moment: of a few tries, the one that took the least time.
struct Moment {
    u64 timestamp = 0;
    u32 apic = 0;
    u16 timer = 0;
};

u16 read_timer()
{
    out8(kTimerControl, kLatchChannel2);
    u8 const low = in8(kTimerChannel2);
    u8 const high = in8(kTimerChannel2);
    return static_cast<u16>(low | high << 8);
}

Moment read_moment(LocalApic& apic)
{
    Moment best;
    u64 shortest = ~u64{0};
    for (unsigned attempt = 0; attempt < 5; ++attempt) {
        u64 const before = read_timestamp();
        u16 const timer = read_timer();
        u32 const counter = apic.counter();
        u64 const after = read_timestamp();
        if (after - before >= shortest) continue;
        shortest = after - before;
        best = {before + (after - before) / 2, counter, timer};
    }
    return best;
}

}  // namespace

void Clock::start(LocalApic& apic)
{
    u8 const gate = in8(kGatePort);
    out8(kGatePort, static_cast<u8>((gate & ~2u) | 1u));  // Gate on, speaker off.
    out8(kTimerControl, kChannel2Rate);
    out8(kTimerChannel2, 0);
    out8(kTimerChannel2, 0);
    apic.start_measurement();
    // The first count is loaded with the next clock pulse.
    while (read_timer() == 0) {
    }
    Moment const first = read_moment(apic);
    while (static_cast<u16>(first.timer - read_timer()) < kMeasuredCounts) {
    }
    Moment const last = read_moment(apic);
    out8(kGatePort, gate);

    u64 const counts = static_cast<u16>(first.timer - last.timer);
    ASSERT(counts > 0);
    hertz_ = (last.timestamp - first.timestamp) * kTimerHertz / counts;
    ASSERT(hertz_ > 1'000'000);
    scale_ = (kNanoseconds << 32) / hertz_;
    apic.set_rate(u64{first.apic - last.apic} * kTimerHertz / counts);
    base_ = read_timestamp();
}

Ticks Clock::length_of(u64 counts) const
{
    return static_cast<Ticks>((Wide{counts} * scale_) >> 32);
}

Ticks Clock::now()
{
    if (is_stopped()) return last_;
    Ticks const time = length_of(read_timestamp() - base_);
    last_ = time > last_ ? time : last_ + 1;
    return last_;
}

}  // namespace drydock::guest
