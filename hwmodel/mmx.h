#pragma once

// The MMX registers as they lie in the x87 register file (Intel SDM vol. 3, 12.2): MM(i) is the
// significand of physical register i. The FXSAVE image numbers registers from TOP, so the change to
// MMX, which sets TOP to zero, turns the array.

#include "hwmodel/simd_support.h"
#include "hwmodel/x87_native.h"

namespace drydock::hwmodel {

// An MMX instruction is a waiting one: an unmasked x87 exception that is pending comes first.
inline bool x87_exception_is_pending(X86State const& state)
{
    return (state.fx.fsw & kFswErrorSummary) != 0;
}

void rotate_x87_registers(X86State& state);

// What each MMX instruction except EMMS does besides its work: TOP becomes 0, all tags valid.
inline void enter_mmx(X86State& state)
{
    if ((state.fx.fsw & kFswTopMask) != 0) rotate_x87_registers(state);
    state.fx.ftw = 0xff;
}

// Valid once the state has entered MMX.
inline u64 load_mm(X86State const& state, u8 number)
{
    u64 value = 0;
    std::memcpy(&value, state.fx.st[number], sizeof value);
    return value;
}

// A write fills sign and exponent with ones.
inline void store_mm(X86State& state, u8 number, u64 value)
{
    std::memcpy(state.fx.st[number], &value, sizeof value);
    state.fx.st[number][8] = 0xff;
    state.fx.st[number][9] = 0xff;
}

}  // namespace drydock::hwmodel
