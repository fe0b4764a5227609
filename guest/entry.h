#pragma once

// Out to user code and back: Platform::run_user() and where it ends are in guest/entry.S.

#include "core/platform/platform.h"

#include <cstddef>

extern "C" {
void drydock_guest_syscall_entry();
// Leaves the running stack for good.
[[noreturn]] void drydock_guest_enter_stack(drydock::u64 top, void (*entry)(void*), void* argument);
}

namespace drydock::guest {

// How user code is returned to. The assembly knows the numbers.
enum class WayOut : u32 { ByIret = 0, BySysret = 1, None = 2 };

// So it does what it says of a trap and of the context.
static_assert(static_cast<u8>(Trap::Kind::Syscall) == 0);
static_assert(sizeof(Trap) == 16);
static_assert(offsetof(UserContext, rip) == 128);
static_assert(offsetof(UserContext, rflags) == 136);
static_assert(offsetof(UserContext, fx) == 160);
static_assert(offsetof(UserContext, ds) == 672);
static_assert(offsetof(UserContext, base_changes) == 680);

}  // namespace drydock::guest
