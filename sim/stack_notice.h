#pragma once

// What a memory sanitizer must be told about stacks; nothing in other builds. One of two files
// defines it, chosen by the build.

#include "core/base/integers.h"

namespace drydock::sim {

// More room below each guarded stack's nominal base: instrumented frames are several times larger.
#if defined(__SANITIZE_ADDRESS__) || defined(DRYDOCK_CORE_SANITIZED)
inline constexpr u64 kSanitizerStackBytes = 240 * 1024;
#else
inline constexpr u64 kSanitizerStackBytes = 0;
#endif

// Control is about to go to the stack [bottom, bottom + size) for good or until it comes back.
void leaving_for_stack(void** saved, void const* bottom, u64 size);
// Control has arrived on this stack again (or for the first time: saved is null).
void arrived_on_stack(void* saved, void const** previous_bottom, u64* previous_size);
// Everything on this range of stack is dead.
void forget_stack(u64 from, u64 to);

}  // namespace drydock::sim
