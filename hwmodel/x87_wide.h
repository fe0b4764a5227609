#pragma once

// Numbers with 128 significant bits, in integers only: the arithmetic of the transcendental
// functions. Each operation truncates, so that its relative error is below 2^-126; the value is the
// same on every host and with every compiler.

#include "core/base/integers.h"

namespace drydock::hwmodel {

__extension__ typedef unsigned __int128 u128;

constexpr u128 make_u128(u64 high, u64 low) { return u128{high} << 64 | low; }

// mantissa * 2^(exponent - 127), the highest bit of the mantissa set; or zero.
struct Wide {
    bool negative = false;
    i32 exponent = 0;
    u128 mantissa = 0;

    constexpr bool is_zero() const { return mantissa == 0; }
};

Wide wide_of(u64 integer);
Wide wide_negate(Wide value);
Wide wide_abs(Wide value);
Wide wide_scale(Wide value, i32 power_of_two);
Wide wide_add(Wide a, Wide b);
Wide wide_subtract(Wide a, Wide b);
Wide wide_multiply(Wide a, Wide b);
Wide wide_divide(Wide a, Wide b);
Wide wide_divide_small(Wide a, u32 b);
// Compares magnitudes.
bool wide_is_less(Wide a, Wide b);

}  // namespace drydock::hwmodel
