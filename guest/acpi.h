#pragma once

// The one thing that is asked of ACPI: how the machine is switched off. ACPI Specification 6.4:
// 5.2.5 (root pointer), 5.2.7 and 5.2.8 (RSDT, XSDT), 5.2.9 (FADT), 4.8.3 (power management),
// 7.4.2.6 (\_S5).

#include "core/base/integers.h"

namespace drydock::guest {

struct SoftOff {
    u16 control_port = 0;  // PM1a_CNT.
    u16 value = 0;         // What is written there.
    // Hands power management over from the firmware; 0: there is nothing to do.
    u16 command_port = 0;
    u8 enable_command = 0;
};

// Looks it up from the root pointer at this physical address. False, with `result` unchanged, if
// anything is missing, damaged or out of reach. Precondition: as for guest/boot_info.h.
bool find_soft_off(u64 root_pointer, SoftOff& result);

}  // namespace drydock::guest
