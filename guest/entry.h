#pragma once

// Out to user code and back (guest/entry.S).

#include "core/platform/platform.h"

extern "C" {

// Why user code was left: a vector, or kLeftBySyscall. Plain, because it crosses into assembly.
struct DrydockLeftUser {
    drydock::u64 why;
    drydock::u64 error_code;
};

DrydockLeftUser drydock_guest_enter_user(drydock::UserContext* context, bool by_sysret);
void drydock_guest_syscall_entry();
// Leaves the running stack for good.
[[noreturn]] void drydock_guest_enter_stack(drydock::u64 top, void (*entry)(void*), void* argument);
}

namespace drydock::guest {

inline constexpr u64 kLeftBySyscall = 256;

}  // namespace drydock::guest
