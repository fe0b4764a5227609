#pragma once

// Addresses that cannot be mixed up: physical ones, user ones. Both are plain 64-bit numbers
// inside.

#include "core/base/integers.h"

#include <compare>

namespace drydock {

// A physical address. Frames are named by the address of their first byte.
struct PhysAddr {
    u64 value = 0;
    constexpr auto operator<=>(PhysAddr const&) const = default;
    constexpr PhysAddr operator+(u64 bytes) const { return {value + bytes}; }
};

// A virtual address in user space; not checked until it is used.
struct UserAddr {
    u64 value = 0;
    constexpr auto operator<=>(UserAddr const&) const = default;
    constexpr UserAddr operator+(u64 bytes) const { return {value + bytes}; }
    constexpr bool is_null() const { return value == 0; }
    constexpr UserAddr page() const { return {page_floor(value)}; }
};

// One past the last byte that user space may map (Linux TASK_SIZE with four-level tables).
inline constexpr u64 kUserEnd = 0x7ffffffff000;

}  // namespace drydock
