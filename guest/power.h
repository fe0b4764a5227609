#pragma once

// The ways a machine stops. QEMU's debug exit carries seven bits of status; the whole status is the
// last record of the event channel.

#include "core/base/integers.h"
#include "guest/acpi.h"

namespace drydock::guest {

// What the debug exit carries when the kernel failed: QEMU ends with 2 * this + 1.
inline constexpr u8 kFailedExit = 0x7f;

// From now on this is how power is switched off where there is no debug exit.
void set_soft_off(SoftOff const& way);
[[noreturn]] void power_off(u8 debug_exit);

}  // namespace drydock::guest
