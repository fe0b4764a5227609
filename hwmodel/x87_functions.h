#pragma once

// The transcendental functions on 128-bit numbers, good to about 118 bits: rounded to the 64 of an
// x87 register they are correct in all but about one of 2^50 cases.

#include "hwmodel/x87_wide.h"

namespace drydock::hwmodel {

struct SineCosine {
    Wide sine;
    Wide cosine;
};

inline constexpr Wide kWidePi{false, 1, make_u128(0xc90fdaa22168c234, 0xc4c6628b80dc1cd1)};
inline constexpr Wide kWideHalfPi{false, 0, make_u128(0xc90fdaa22168c234, 0xc4c6628b80dc1cd1)};
inline constexpr Wide kWideQuarterPi{false, -1, make_u128(0xc90fdaa22168c234, 0xc4c6628b80dc1cd1)};
inline constexpr Wide kWideThreeQuarterPi{
    false, 1, make_u128(0x96cbe3f9990e91a7, 0x9394c9e8a0a5159c)};

// |x| = significand * 2^power, power in [-2^14, -1] (that is, |x| < 2^63).
SineCosine wide_sine_cosine(bool negative, u64 significand, i32 power);
// The angle of the vector (|x|, |y|), both nonzero.
Wide wide_arctangent(Wide y, Wide x);
// log2(x) for x > 0.
Wide wide_logarithm(Wide x);
// log2(1 + x) for |x| < 1/2.
Wide wide_logarithm_plus_one(Wide x);
// 2^x - 1 for |x| <= 1.
Wide wide_power_minus_one(Wide x);

}  // namespace drydock::hwmodel
