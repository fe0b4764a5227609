#pragma once

// Fixed-width integer names and the byte-size constants that the whole project shares.

#include <cstddef>
#include <cstdint>

namespace drydock {

using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;
using i8 = std::int8_t;
using i16 = std::int16_t;
using i32 = std::int32_t;
using i64 = std::int64_t;
using usize = std::size_t;
using isize = std::ptrdiff_t;

inline constexpr usize kKiB = 1024;
inline constexpr usize kMiB = 1024 * kKiB;
inline constexpr usize kGiB = 1024 * kMiB;

inline constexpr usize kPageShift = 12;
inline constexpr usize kPageSize = usize{1} << kPageShift;
inline constexpr usize kPageMask = kPageSize - 1;

constexpr u64 page_floor(u64 value) { return value & ~u64{kPageMask}; }
constexpr u64 page_ceil(u64 value) { return (value + kPageMask) & ~u64{kPageMask}; }

}  // namespace drydock
