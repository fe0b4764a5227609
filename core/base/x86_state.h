#pragma once

// The registers of one x86-64 user thread, laid out so that the modelled CPU works on them in place
// and so that the metal can save and restore them with FXSAVE and plain stores.

#include "core/base/integers.h"

namespace drydock {

// The memory image of FXSAVE64 (Intel SDM vol. 1, table 10-2).
struct alignas(16) FxState {
    u16 fcw = 0x037f;
    u16 fsw = 0;
    u8 ftw = 0;  // Abridged tag word: bit i set means physical register i is in use.
    u8 reserved_0 = 0;
    u16 fop = 0;
    u64 fip = 0;
    u64 fdp = 0;
    u32 mxcsr = 0x1f80;
    u32 mxcsr_mask = 0xffff;
    alignas(16) u8 st[8][16] = {};  // ST(0) first: relative to TOP, 10 bytes used of each.
    alignas(16) u8 xmm[16][16] = {};
    u8 reserved_1[96] = {};
};
static_assert(sizeof(FxState) == 512);

// Index of each general register in X86State::gpr: the hardware's own encoding.
enum class Gpr : u8 {
    // clang-format off
    Rax, Rcx, Rdx, Rbx, Rsp, Rbp, Rsi, Rdi, R8, R9, R10, R11, R12, R13, R14, R15,
    // clang-format on
};

struct alignas(16) X86State {
    u64 gpr[16] = {};
    u64 rip = 0;
    u64 rflags = 0x202;  // Bit 1 always reads 1; interrupts enabled.
    u64 fs_base = 0;
    u64 gs_base = 0;
    FxState fx{};
    // What the user has loaded into the data-segment registers. CS and SS are constants.
    u16 ds = 0;
    u16 es = 0;
    u16 fs = 0;
    u16 gs = 0;
    // Counts what the kernel has set fs_base and gs_base to: the hardware's may be others by then,
    // for loading a null selector clears them on some processors.
    u64 base_changes = 0;

    u64& reg(Gpr name) { return gpr[static_cast<u8>(name)]; }
    u64 reg(Gpr name) const { return gpr[static_cast<u8>(name)]; }
};

namespace rflags {
inline constexpr u64 kCarry = 1u << 0;
inline constexpr u64 kReserved1 = 1u << 1;
inline constexpr u64 kParity = 1u << 2;
inline constexpr u64 kAdjust = 1u << 4;
inline constexpr u64 kZero = 1u << 6;
inline constexpr u64 kSign = 1u << 7;
inline constexpr u64 kTrap = 1u << 8;
inline constexpr u64 kInterrupt = 1u << 9;
inline constexpr u64 kDirection = 1u << 10;
inline constexpr u64 kOverflow = 1u << 11;
inline constexpr u64 kResume = 1u << 16;
inline constexpr u64 kAlignmentCheck = 1u << 18;
inline constexpr u64 kId = 1u << 21;
inline constexpr u64 kStatus = kCarry | kParity | kAdjust | kZero | kSign | kOverflow;
// What user code may change with POPF at CPL 3 with IOPL 0 (Intel SDM vol. 2, POPF).
inline constexpr u64 kUserWritable =
    kStatus | kTrap | kDirection | kAlignmentCheck | kId | (1u << 14);
}  // namespace rflags

}  // namespace drydock
