#pragma once

// The global descriptor table as ring 3 sees it: Linux's layout (arch/x86/include/asm/segment.h),
// which the image has too. Only descriptors of privilege 3 matter: user code may neither load nor
// ask about others.
//
//   0x28 data   0x30 64-bit code   0x78 read-only data, its limit the number of the processor
//
// There is no 32-bit user code (Linux: 0x20) and no local table.

#include "core/base/integers.h"

namespace drydock::hwmodel {

struct SegmentDescriptor {
    bool is_user = false;  // Present, of privilege 3.
    bool is_code = false;
    bool is_writable = false;
    u32 rights = 0;  // What LAR tells: the descriptor's upper half under 00ffff00.
    u32 limit = 0;   // In bytes.
};

namespace selector {
inline constexpr u16 kUserData = 0x2b;
inline constexpr u16 kUserCode = 0x33;
inline constexpr u16 kTaskState = 0x40;
inline constexpr u16 kTableMask = 4;
inline constexpr u16 kPrivilegeMask = 3;

constexpr bool is_null(u16 value) { return (value & ~kPrivilegeMask) == 0; }
// As an error code: index and table (Intel SDM vol. 3, 6.13).
constexpr u32 error_code(u16 value) { return value & ~u32{kPrivilegeMask}; }
}  // namespace selector

constexpr SegmentDescriptor descriptor_of(u16 value)
{
    if ((value & selector::kTableMask) != 0) return {};
    switch (value >> 3) {
    case 5: return {true, false, true, 0x00cf'f300, ~u32{0}};
    case 6: return {true, true, false, 0x00af'fb00, ~u32{0}};
    case 15: return {true, false, false, 0x0040'f500, 0};
    default: return {};
    }
}

}  // namespace drydock::hwmodel
