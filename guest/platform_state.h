#pragma once

// What the assembly of platform_thunk.S shares with the machine: the first members of the object
// behind Platform::implementation(). Offsets are part of the contract with that file.

#include "core/base/integers.h"

#include <cstddef>

namespace drydock::guest {

class Machine;

struct PlatformState {
    // Where the platform's own calls run.
    u64 platform_stack_top = 0;
    // The kernel's stack pointer at the last call through the door.
    u64 kernel_stack_pointer = 0;
    // Of the kernel stack that runs: its lowest usable address and the number of its place.
    u64 current_stack_base = 0;
    u64 current_stack_private = 0;
    // Not used by the assembly.
    Machine* machine = nullptr;
};
static_assert(offsetof(PlatformState, platform_stack_top) == 0);
static_assert(offsetof(PlatformState, kernel_stack_pointer) == 8);
static_assert(offsetof(PlatformState, current_stack_base) == 16);
static_assert(offsetof(PlatformState, current_stack_private) == 24);

}  // namespace drydock::guest
