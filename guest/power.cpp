#include "guest/power.h"

#include "guest/instructions.h"

namespace drydock::guest {

namespace {

// -device isa-debug-exit,iobase=0xf4
constexpr u16 kDebugExit = 0xf4;
// ACPI 6.4, 4.8.3.2.1: bit 0 of PM1a_CNT says that power management is ours.
constexpr u16 kIsEnabled = 1;
constexpr u32 kPatience = 1'000'000;

// How this machine is switched off, if ACPI says it. As SeaBIOS has it on QEMU's machines
// otherwise.
SoftOff soft_off{0x604, 1u << 13, 0, 0};

}  // namespace

void set_soft_off(SoftOff const& way) { soft_off = way; }

void power_off(u8 debug_exit)
{
    out8(kDebugExit, debug_exit);
    if (soft_off.command_port != 0 && (in16(soft_off.control_port) & kIsEnabled) == 0) {
        out8(soft_off.command_port, soft_off.enable_command);
        for (u32 i = 0; i < kPatience && (in16(soft_off.control_port) & kIsEnabled) == 0; ++i) {
        }
    }
    out16(soft_off.control_port, soft_off.value);
    stop_forever();
}

}  // namespace drydock::guest
