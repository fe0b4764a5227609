#include "hwmodel/x87_wide.h"

#include <bit>
#include <utility>

namespace drydock::hwmodel {
namespace {

int leading_zeros(u128 value)
{
    u64 const high = static_cast<u64>(value >> 64);
    return high != 0 ? std::countl_zero(high) : 64 + std::countl_zero(static_cast<u64>(value));
}

Wide normalized(bool negative, i32 exponent, u128 mantissa)
{
    if (mantissa == 0) return {negative, 0, 0};
    int const shift = leading_zeros(mantissa);
    return {negative, exponent - shift, mantissa << shift};
}

// The high half of the product.
u128 multiply_high(u128 a, u128 b)
{
    u64 const a_low = static_cast<u64>(a);
    u64 const a_high = static_cast<u64>(a >> 64);
    u64 const b_low = static_cast<u64>(b);
    u64 const b_high = static_cast<u64>(b >> 64);
    u128 const low = u128{a_low} * b_low;
    u128 const middle_a = u128{a_high} * b_low + (low >> 64);
    u128 const middle_b = u128{a_low} * b_high + static_cast<u64>(middle_a);
    return u128{a_high} * b_high + (middle_a >> 64) + (middle_b >> 64);
}

}  // namespace

Wide wide_of(u64 integer) { return normalized(false, 127, integer); }

Wide wide_negate(Wide value) { return {!value.negative, value.exponent, value.mantissa}; }

Wide wide_abs(Wide value) { return {false, value.exponent, value.mantissa}; }

Wide wide_scale(Wide value, i32 power_of_two)
{
    return {value.negative, value.exponent + power_of_two, value.mantissa};
}

bool wide_is_less(Wide a, Wide b)
{
    if (a.is_zero() || b.is_zero()) return !b.is_zero();
    if (a.exponent != b.exponent) return a.exponent < b.exponent;
    return a.mantissa < b.mantissa;
}

Wide wide_add(Wide a, Wide b)
{
    if (wide_is_less(a, b)) std::swap(a, b);
    if (b.is_zero()) return a;
    int const distance = a.exponent - b.exponent;
    u128 const shifted = distance < 128 ? b.mantissa >> distance : 0;
    if (a.negative == b.negative) {
        u128 const sum = a.mantissa + shifted;
        if (sum >= a.mantissa) return {a.negative, a.exponent, sum};
        return {a.negative, a.exponent + 1, sum >> 1 | u128{1} << 127};
    }
    // What was shifted out makes the difference smaller: directed rounding of the final result
    // needs to see on which side of a representable number it lies.
    bool const is_exact = distance < 128 && (shifted << distance) == b.mantissa;
    return normalized(a.negative, a.exponent, a.mantissa - shifted - (is_exact ? 0 : 1));
}

Wide wide_subtract(Wide a, Wide b) { return wide_add(a, wide_negate(b)); }

Wide wide_multiply(Wide a, Wide b)
{
    bool const negative = a.negative != b.negative;
    if (a.is_zero() || b.is_zero()) return {negative, 0, 0};
    return normalized(negative, a.exponent + b.exponent + 1, multiply_high(a.mantissa, b.mantissa));
}

Wide wide_divide(Wide a, Wide b)
{
    bool const negative = a.negative != b.negative;
    if (a.is_zero()) return {negative, 0, 0};
    // Long division, bit by bit; the remainder stays below the divisor.
    i32 exponent = a.exponent - b.exponent;
    u128 remainder = a.mantissa;
    u128 quotient = 0;
    bool carry = false;
    if (remainder < b.mantissa) {
        --exponent;
        carry = (remainder >> 127) != 0;
        remainder <<= 1;
    }
    for (int bit = 0; bit < 128; ++bit) {
        quotient <<= 1;
        if (carry || remainder >= b.mantissa) {
            remainder -= b.mantissa;
            quotient |= 1;
        }
        carry = (remainder >> 127) != 0;
        remainder <<= 1;
    }
    return {negative, exponent, quotient};
}

Wide wide_divide_small(Wide a, u32 b)
{
    // Loses as many low bits as b has; by the time a series divides by much, its terms are small.
    return normalized(a.negative, a.exponent, a.mantissa / b);
}

}  // namespace drydock::hwmodel
