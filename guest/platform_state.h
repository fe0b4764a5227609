#pragma once

// What the assembly of platform_thunk.S and entry.S shares with the machine: the first members of
// the object behind Platform::implementation(). Offsets are part of the contract with those files.

#include "core/platform/platform.h"

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
    Machine* machine = nullptr;
    // What user code may be returned to without the machine's looking at it, if the context asks
    // for nothing else itself: the registers of ring 3 that the kernel does not use are loaded,
    // this root is, and none of its selectors is known. Null: nothing.
    UserContext const* quick_context = nullptr;
    u64 quick_root = 0;
    u64 quick_base_changes = 0;
    // What set_timer() was told, and when the hardware's timer fires.
    Ticks deadline = kNever;
    Ticks armed = kNever;
    // Of the time-stamp counter, in user code.
    u64 user_counts = 0;
    // The kernel's rbx, r12 to r15 while user code runs.
    u64 callee_saved[5] = {};
    // Why run_user() ends, if not by SYSCALL.
    Trap trap{};
};
static_assert(offsetof(PlatformState, platform_stack_top) == 0);
static_assert(offsetof(PlatformState, kernel_stack_pointer) == 8);
static_assert(offsetof(PlatformState, current_stack_base) == 16);
static_assert(offsetof(PlatformState, current_stack_private) == 24);
static_assert(offsetof(PlatformState, quick_context) == 40);
static_assert(offsetof(PlatformState, quick_root) == 48);
static_assert(offsetof(PlatformState, quick_base_changes) == 56);
static_assert(offsetof(PlatformState, deadline) == 64);
static_assert(offsetof(PlatformState, armed) == 72);
static_assert(offsetof(PlatformState, user_counts) == 80);
static_assert(offsetof(PlatformState, callee_saved) == 88);
static_assert(offsetof(PlatformState, trap) == 128);

}  // namespace drydock::guest
