#include "guest/local_apic.h"

#include "core/base/assert.h"
#include "guest/instructions.h"
#include "guest/layout.h"

namespace drydock::guest {

namespace {

constexpr u32 kBaseMsr = 0x1b;
constexpr u64 kEnabled = u64{1} << 11;
constexpr u64 kBaseMask = 0x000f'ffff'ffff'f000;
constexpr u32 kMasked = 1u << 16, kSoftwareEnabled = 1u << 8;
constexpr u32 kDivideBy16 = 3;
constexpr u64 kNanoseconds = 1'000'000'000;

}  // namespace

void LocalApic::start(Paging& paging)
{
    u64 const base = read_msr(kBaseMsr);
    write_msr(kBaseMsr, base | kEnabled);
    registers_ = static_cast<u32 volatile*>(paging.map_device(base & kBaseMask));
    u32 const entries[] = {kTimerVectorEntry, kLint0Entry, kLint1Entry, kErrorEntry};
    for (u32 const entry : entries) write(entry, kMasked);
    write(kSpurious, kSoftwareEnabled | kSpuriousVector);
    write(kTaskPriority, 0);
    write(kTimerDivide, kDivideBy16);
}

u8 LocalApic::id() const { return static_cast<u8>(read(kId) >> 24); }

void LocalApic::start_measurement() { write(kTimerInitial, ~u32{0}); }

void LocalApic::set_rate(u64 hertz)
{
    ASSERT(hertz > 0);
    hertz_ = hertz;
    reach_ = (u64{1} << 31) * kNanoseconds / hertz;
    write(kTimerInitial, 0);
    write(kTimerVectorEntry, kTimerVector);
}

void LocalApic::arm(u64 nanoseconds)
{
    u64 const wait = nanoseconds < reach_ ? nanoseconds : reach_;
    u64 const whole = wait / kNanoseconds * hertz_;
    u64 const rest = wait % kNanoseconds * hertz_ / kNanoseconds;
    write(kTimerInitial, static_cast<u32>(whole + rest + 1));
}

}  // namespace drydock::guest
