#pragma once

// What the assembly of platform_thunk.S shares with the simulation: the first members of the object
// behind Platform::implementation(). Offsets are part of the contract with that file.

#include "core/base/integers.h"

#include <cstddef>

namespace drydock::sim {

class Machine;

struct PlatformState {
    // Where the platform's own calls run.
    u64 platform_stack_top = 0;
    // The kernel's stack pointer at the last call through the door.
    u64 kernel_stack_pointer = 0;
    // Of the kernel stack that runs: its lowest usable address and the pool's number for it.
    u64 current_stack_base = 0;
    u64 current_stack_private = 0;
    // Not used by the assembly.
    Machine* machine = nullptr;
};
static_assert(offsetof(PlatformState, platform_stack_top) == 0);
static_assert(offsetof(PlatformState, kernel_stack_pointer) == 8);
static_assert(offsetof(PlatformState, current_stack_base) == 16);
static_assert(offsetof(PlatformState, current_stack_private) == 24);

// Bytes of a kernel stack that a call through the door costs: return address and frame pointer.
inline constexpr u64 kDoorCost = 16;
// What switch_stack() leaves on the stack that it stops.
inline constexpr u64 kSwitchCost = 56;

}  // namespace drydock::sim
