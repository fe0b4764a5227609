#pragma once

// The options of prctl(2) that are about capabilities(7).

#include "core/syscall/syscall.h"

namespace drydock {

inline constexpr i32 kGetKeepCapabilities = 7, kSetKeepCapabilities = 8;
inline constexpr i32 kReadBounding = 23, kDropBounding = 24;
inline constexpr i32 kGetSecureBits = 27, kSetSecureBits = 28;
inline constexpr i32 kAmbient = 47;

bool is_capability_option(i32 option);
// Errno::Inval, Perm.
Result<i64> capability_option(Call& call);

}  // namespace drydock
