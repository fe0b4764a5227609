#pragma once

// Out to user code and back (guest/entry.S).

#include "core/platform/platform.h"

extern "C" {

// Why user code was left: a vector, or kLeftBySyscall. Plain, because it crosses into assembly.
struct DrydockLeftUser {
    drydock::u64 why;
    drydock::u64 error_code;
};

// Not by the calling convention: see enter_user().
void drydock_guest_enter_user();
void drydock_guest_syscall_entry();
// Leaves the running stack for good.
[[noreturn]] void drydock_guest_enter_stack(drydock::u64 top, void (*entry)(void*), void* argument);
}

namespace drydock::guest {

inline constexpr u64 kLeftBySyscall = 256;

// Runs user code until it leaves. Every register comes back with the user's value but for the
// stack's and the frame's, so that the caller keeps only what it needs. Callers need a frame
// pointer.
[[gnu::always_inline]] inline DrydockLeftUser enter_user(UserContext& context, bool by_sysret)
{
    UserContext* place = &context;
    u64 flag = by_sysret;
    DrydockLeftUser left;
    asm volatile(
        "call drydock_guest_enter_user"
        : "=a"(left.why), "=d"(left.error_code), "+D"(place), "+S"(flag)
        :
        : "rbx", "rcx", "r8", "r9", "r10", "r11", "r12", "r13", "r14", "r15", "memory", "cc");
    return left;
}

}  // namespace drydock::guest
