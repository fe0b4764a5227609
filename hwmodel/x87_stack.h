#pragma once

// The register stack in the FXSAVE image, for the instructions that the model computes itself.

#include "hwmodel/x87_native.h"
#include "hwmodel/x87_wide.h"

namespace drydock::hwmodel {

enum class ExtendedClass : u8 { Empty, Zero, Denormal, Normal, Infinity, Nan, Unsupported };

struct Extended {
    bool negative = false;
    u16 exponent = 0;
    u64 significand = 0;
};

inline constexpr Extended kExtendedIndefinite{true, 0x7fff, u64{3} << 62};
inline constexpr Extended kExtendedOne{false, 0x3fff, u64{1} << 63};

constexpr Extended extended_infinity(bool negative) { return {negative, 0x7fff, u64{1} << 63}; }
constexpr Extended extended_zero(bool negative) { return {negative, 0, 0}; }

Extended read_st(FxState const& fx, unsigned index);
// Also marks the register as in use.
void write_st(FxState& fx, unsigned index, Extended value);
ExtendedClass classify_st(FxState const& fx, unsigned index);
// Whether a push would find its register empty.
bool can_push(FxState const& fx);
void pop_st(FxState& fx);
void push_st(FxState& fx, Extended value);

// Sets the exception flags, and the error summary if the guest has unmasked one of them; true then.
bool raise_x87(FxState& fx, u16 flags);

// The exact value of a finite operand.
Wide wide_of_extended(Extended value);

struct RoundedExtended {
    Extended value{};
    u16 flags = 0;  // Exceptions, and C1 if the magnitude was rounded up.
};

// Rounds under the guest's rounding control, always to 64 bits. With `is_truncated` the true
// magnitude lies above that of `value`, by less than its last bit.
RoundedExtended round_to_extended(FxState const& fx, Wide value, bool is_truncated);

}  // namespace drydock::hwmodel
