#include "hwmodel/x87_functions.h"

namespace drydock::hwmodel {
namespace {

constexpr Wide kLn2{false, -1, make_u128(0xb17217f7d1cf79ab, 0xc9e3b39803f2f6af)};
constexpr Wide kTwoOverLn2{false, 1, make_u128(0xb8aa3b295c17f0bb, 0xbe87fed0691d3e88)};
// sqrt(2), to the few bits that a choice of interval needs.
constexpr Wide kRootOfTwo{false, 0, make_u128(0xb504'f333'f9de'6484, 0)};
constexpr int kSeriesLimit = 64;

// atan(k / 8) for k = 1 to 8.
constexpr Wide kArctangents[8] = {
    {false, -4, make_u128(0xfeadd4d5617b6e32, 0xc897989f3e888ef7)},
    {false, -3, make_u128(0xfadbafc96406eb15, 0x6dc79ef5f7a217e5)},
    {false, -2, make_u128(0xb7b0ca0f26f78473, 0x8aa32122dcfe4483)},
    {false, -2, make_u128(0xed63382b0dda7b45, 0x6fe445ecbc3a8d03)},
    {false, -1, make_u128(0x8f005d5ef7f59f9b, 0x5c835e1665c43747)},
    {false, -1, make_u128(0xa4bc7d1934f70924, 0x19a87f2a457dac9e)},
    {false, -1, make_u128(0xb8053e2bc2319e73, 0xcb2da55210a4443d)},
    {false, -1, make_u128(0xc90fdaa22168c234, 0xc4c6628b80dc1cd1)},
};

// 2 / pi, 320 bits behind the binary point, lowest word first.
constexpr u64 kTwoOverPi[5] = {
    0xb7246e3a424dd2e0,
    0xfe5163abdebbc561,
    0xdb6295993c439041,
    0xfc2757d1f534ddc0,
    0xa2f9836e4e441529,
};

// True when adding `term` can no longer change `sum`.
bool is_negligible(Wide term, Wide sum)
{
    return term.is_zero() || term.exponent < sum.exponent - 130;
}

// x - x^3/3! + x^5/5! ..., |x| <= pi/4; from 1 - x^2/2! ... for the cosine.
Wide alternating_series(Wide first, Wide x, u32 index)
{
    Wide const square = wide_negate(wide_multiply(x, x));
    Wide term = first;
    Wide sum = first;
    for (int step = 0; step < kSeriesLimit && !is_negligible(term, sum); ++step) {
        term = wide_divide_small(wide_multiply(term, square), (index + 1) * (index + 2));
        sum = wide_add(sum, term);
        index += 2;
    }
    return sum;
}

// z + z^3/3 + z^5/5 ... for atanh; with alternating signs for atan.
Wide odd_series(Wide z, bool alternates)
{
    Wide square = wide_multiply(z, z);
    square.negative = alternates;
    Wide power = z;
    Wide sum = z;
    for (u32 index = 3; index < 2 * kSeriesLimit && !is_negligible(power, sum); index += 2) {
        power = wide_multiply(power, square);
        sum = wide_add(sum, wide_divide_small(power, index));
    }
    return sum;
}

struct Reduced {
    Wide rest;
    u64 quadrant = 0;
};

// x mod pi/2, to a rest of at most pi/4 in magnitude. The product with 2/pi is exact to 2^-257, and
// no x with 64 significant bits below 2^63 comes closer than about 2^-130 to a multiple of pi/2.
Reduced reduce(u64 significand, i32 power)
{
    // Seven words: the integer part in the highest, six of fraction.
    u64 product[7] = {};
    u64 carry = 0;
    for (int i = 0; i < 5; ++i) {
        u128 const partial = u128{significand} * kTwoOverPi[i] + carry;
        product[i] = static_cast<u64>(partial);
        carry = static_cast<u64>(partial >> 64);
    }
    product[5] = carry;
    // The binary point is at bit 320 - power; bring it to bit 384.
    int const shift = 64 + power;
    if (shift > 0) {
        for (int i = 6; i > 0; --i)
            product[i] = product[i] << shift | product[i - 1] >> (64 - shift);
        product[0] <<= shift;
    }
    u64 quadrant = product[6];
    bool const negative = (product[5] >> 63) != 0;
    if (negative) {
        ++quadrant;
        for (int i = 0; i < 6; ++i) product[i] = ~product[i];
    }
    int top = 5;
    while (top > 2 && product[top] == 0) --top;
    Wide const high = wide_scale(wide_of(product[top]), -64 * (6 - top));
    Wide const middle = wide_scale(wide_of(product[top - 1]), -64 * (7 - top));
    Wide const low = wide_scale(wide_of(product[top - 2]), -64 * (8 - top));
    Wide fraction = wide_add(wide_add(high, middle), low);
    fraction.negative = negative;
    return {wide_multiply(fraction, kWideHalfPi), quadrant & 3};
}

}  // namespace

SineCosine wide_sine_cosine(bool negative, u64 significand, i32 power)
{
    Reduced reduced{wide_scale(wide_of(significand), power), 0};
    // Below pi/4 there is nothing to reduce, and the number is kept exactly.
    if (wide_is_less(kWideQuarterPi, reduced.rest)) reduced = reduce(significand, power);
    Wide const sine = alternating_series(reduced.rest, reduced.rest, 1);
    Wide const cosine = alternating_series(wide_of(1), reduced.rest, 0);
    SineCosine result;
    switch (reduced.quadrant) {
    case 0: result = {sine, cosine}; break;
    case 1: result = {cosine, wide_negate(sine)}; break;
    case 2: result = {wide_negate(sine), wide_negate(cosine)}; break;
    default: result = {wide_negate(cosine), sine}; break;
    }
    if (negative) result.sine = wide_negate(result.sine);
    return result;
}

Wide wide_arctangent(Wide y, Wide x)
{
    Wide const height = wide_abs(y);
    Wide const width = wide_abs(x);
    bool const is_steep = wide_is_less(width, height);
    Wide const ratio = is_steep ? wide_divide(width, height) : wide_divide(height, width);
    // atan(t) = atan(c) + atan((t - c) / (1 + t c)) with the nearest c = k / 8.
    u32 k = 0;
    while (k < 8 && wide_is_less(wide_scale(wide_of(2 * k + 1), -4), ratio)) ++k;
    Wide angle = ratio;
    if (k == 0) {
        angle = odd_series(ratio, true);
    } else {
        Wide const near = wide_scale(wide_of(k), -3);
        Wide const rest = wide_divide(wide_subtract(ratio, near),
                                      wide_add(wide_of(1), wide_multiply(ratio, near)));
        angle = wide_add(kArctangents[k - 1], odd_series(rest, true));
    }
    return is_steep ? wide_subtract(kWideHalfPi, angle) : angle;
}

Wide wide_logarithm(Wide x)
{
    i32 exponent = x.exponent;
    Wide fraction = wide_scale(x, -exponent);
    if (wide_is_less(kRootOfTwo, fraction)) {
        fraction = wide_scale(fraction, -1);
        ++exponent;
    }
    Wide const one = wide_of(1);
    Wide const z = wide_divide(wide_subtract(fraction, one), wide_add(fraction, one));
    Wide const logarithm = wide_multiply(odd_series(z, false), kTwoOverLn2);
    Wide whole = wide_of(static_cast<u64>(exponent < 0 ? -exponent : exponent));
    whole.negative = exponent < 0;
    return wide_add(whole, logarithm);
}

Wide wide_logarithm_plus_one(Wide x)
{
    Wide const z = wide_divide(x, wide_add(wide_of(2), x));
    return wide_multiply(odd_series(z, false), kTwoOverLn2);
}

Wide wide_power_minus_one(Wide x)
{
    Wide const exponent = wide_multiply(x, kLn2);
    Wide term = exponent;
    Wide sum = exponent;
    for (u32 index = 2; index < kSeriesLimit && !is_negligible(term, sum); ++index) {
        term = wide_divide_small(wide_multiply(term, exponent), index);
        sum = wide_add(sum, term);
    }
    return sum;
}

}  // namespace drydock::hwmodel
