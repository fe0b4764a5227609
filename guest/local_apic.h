#pragma once

// The processor's interrupt controller and its one-shot timer (Intel SDM vol. 3, chapter 11).

#include "guest/paging.h"

namespace drydock::guest {

class LocalApic {
public:
    void start(Paging& paging);
    u8 id() const;

    // The timer counts down without interrupts, for the clock to measure it.
    void start_measurement();
    u32 counter() const { return read(kTimerCurrent); }
    void set_rate(u64 hertz);

    // One interrupt after this many nanoseconds, or a little before: never much after. The longest
    // wait is that of the 32-bit counter.
    void arm(u64 nanoseconds);
    void end_of_interrupt() { write(kEndOfInterrupt, 0); }
    // Nanoseconds that one arm() reaches.
    u64 reach() const { return reach_; }

private:
    // Offsets of registers (table 11-1).
    static constexpr u32 kId = 0x20, kTaskPriority = 0x80, kEndOfInterrupt = 0xb0, kSpurious = 0xf0;
    static constexpr u32 kTimerVectorEntry = 0x320, kThermalEntry = 0x330, kCounterEntry = 0x340;
    static constexpr u32 kLint0Entry = 0x350, kLint1Entry = 0x360, kErrorEntry = 0x370;
    static constexpr u32 kTimerInitial = 0x380, kTimerCurrent = 0x390, kTimerDivide = 0x3e0;

    u32 read(u32 offset) const { return registers_[offset / sizeof(u32)]; }
    void write(u32 offset, u32 value) { registers_[offset / sizeof(u32)] = value; }

    u32 volatile* registers_ = nullptr;
    u64 hertz_ = 0;
    u64 reach_ = 0;
};

// The PC's other interrupt controllers: the two 8259 masked for good, the serial port's line of the
// I/O APIC sent to this processor.
void start_interrupt_lines(Paging& paging, u8 processor);

}  // namespace drydock::guest
