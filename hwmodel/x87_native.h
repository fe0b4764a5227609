#pragma once

// One x87 instruction on the host's unit. The modelled state is loaded with FXRSTOR, the
// instruction runs under the guest's own control word, and the outcome is taken with FXSAVE, which
// never waits: an exception that the guest has unmasked becomes pending and is cleared by FNINIT
// before any waiting instruction of the host could report it. So results after unmasked exceptions
// are the hardware's too.

#include "hwmodel/extension.h"

namespace drydock::hwmodel {

inline constexpr u16 kFswInvalid = 1u << 0;
inline constexpr u16 kFswDenormal = 1u << 1;
inline constexpr u16 kFswZeroDivide = 1u << 2;
inline constexpr u16 kFswOverflow = 1u << 3;
inline constexpr u16 kFswUnderflow = 1u << 4;
inline constexpr u16 kFswPrecision = 1u << 5;
inline constexpr u16 kFswExceptions = 0x3f;
inline constexpr u16 kFswStackFault = 1u << 6;
inline constexpr u16 kFswErrorSummary = 1u << 7;
inline constexpr u16 kFswC0 = 1u << 8;
inline constexpr u16 kFswC1 = 1u << 9;
inline constexpr u16 kFswC2 = 1u << 10;
inline constexpr u16 kFswTopMask = 7u << 11;
inline constexpr u16 kFswC3 = 1u << 14;
inline constexpr u16 kFswBusy = 1u << 15;
inline constexpr u16 kFswOrder = kFswC0 | kFswC2 | kFswC3;

// An x87 opcode without its high five bits, which are always the same: the low three bits of the
// first byte, then the ModRM byte (register forms have mod = 3).
constexpr u16 x87_code(u8 opcode, u8 modrm) { return static_cast<u16>((opcode & 7) << 8 | modrm); }

// Register form. `flags` holds the arithmetic flags of rflags, which FCMOVcc reads and FCOMI
// changes.
void run_x87_register(FxState& fx, u16 code, u64& flags);

// Memory form; the operand is `buffer`, at least as large as the instruction needs. `short_format`
// selects the 16-bit layout of the environment instructions.
void run_x87_memory(FxState& fx, u16 code, void* buffer, bool short_format);

}  // namespace drydock::hwmodel
