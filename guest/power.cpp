#include "guest/power.h"

#include "guest/instructions.h"

namespace drydock::guest {

namespace {

// -device isa-debug-exit,iobase=0xf4
constexpr u16 kDebugExit = 0xf4;
// PM1a_CNT as SeaBIOS places it on QEMU's machines; ACPI 6.4, 4.8.3.2.1: SLP_EN with sleep type 0.
constexpr u16 kPowerManagement = 0x604;
constexpr u16 kSleepEnable = 1u << 13;

}  // namespace

void power_off(u8 debug_exit)
{
    out8(kDebugExit, debug_exit);
    out16(kPowerManagement, kSleepEnable);
    stop_forever();
}

}  // namespace drydock::guest
