#include "hwmodel/x87_stack.h"

#include <cstring>

namespace drydock::hwmodel {
namespace {

constexpr u64 kIntegerBit = u64{1} << 63;
constexpr i32 kBias = 0x3fff;

unsigned top_of(FxState const& fx) { return (fx.fsw & kFswTopMask) >> 11; }

void set_top(FxState& fx, unsigned top)
{
    fx.fsw = static_cast<u16>((fx.fsw & ~kFswTopMask) | (top & 7) << 11);
}

u8 tag_bit(FxState const& fx, unsigned index)
{
    return static_cast<u8>(1u << ((top_of(fx) + index) & 7));
}

enum class Rounding : u8 { Nearest, Down, Up, Zero };

// Whether the magnitude `kept` grows: `rest` is what lies behind its last bit, as a fraction of
// 2^64.
bool rounds_up(Rounding rounding, bool negative, u64 kept, u64 rest, bool is_truncated)
{
    constexpr u64 kHalf = u64{1} << 63;
    bool const is_inexact = rest != 0 || is_truncated;
    switch (rounding) {
    case Rounding::Nearest:
        return rest > kHalf || (rest == kHalf && (is_truncated || (kept & 1) != 0));
    case Rounding::Down: return negative && is_inexact;
    case Rounding::Up: return !negative && is_inexact;
    case Rounding::Zero: return false;
    }
    return false;
}

RoundedExtended overflowed(Rounding rounding, bool negative)
{
    bool const to_infinity =
        rounding == Rounding::Nearest || rounding == (negative ? Rounding::Down : Rounding::Up);
    RoundedExtended result;
    result.value = to_infinity ? extended_infinity(negative) : Extended{negative, 0x7ffe, ~u64{0}};
    result.flags = kFswOverflow | kFswPrecision;
    if (to_infinity) result.flags |= kFswC1;
    return result;
}

}  // namespace

Extended read_st(FxState const& fx, unsigned index)
{
    Extended value;
    u16 high = 0;
    std::memcpy(&value.significand, fx.st[index], 8);
    std::memcpy(&high, fx.st[index] + 8, 2);
    value.negative = (high & 0x8000) != 0;
    value.exponent = high & 0x7fff;
    return value;
}

void write_st(FxState& fx, unsigned index, Extended value)
{
    u16 const high = static_cast<u16>(value.exponent | (value.negative ? 0x8000 : 0));
    std::memcpy(fx.st[index], &value.significand, 8);
    std::memcpy(fx.st[index] + 8, &high, 2);
    fx.ftw |= tag_bit(fx, index);
}

ExtendedClass classify_st(FxState const& fx, unsigned index)
{
    if ((fx.ftw & tag_bit(fx, index)) == 0) return ExtendedClass::Empty;
    Extended const value = read_st(fx, index);
    if (value.exponent == 0)
        return value.significand == 0 ? ExtendedClass::Zero : ExtendedClass::Denormal;
    // Intel SDM vol. 1, 8.2.2: formats without the integer bit are invalid operands.
    if ((value.significand & kIntegerBit) == 0) return ExtendedClass::Unsupported;
    if (value.exponent != 0x7fff) return ExtendedClass::Normal;
    return value.significand == kIntegerBit ? ExtendedClass::Infinity : ExtendedClass::Nan;
}

bool can_push(FxState const& fx) { return (fx.ftw & tag_bit(fx, 7)) == 0; }

void pop_st(FxState& fx)
{
    fx.ftw = static_cast<u8>(fx.ftw & ~tag_bit(fx, 0));
    u8 old[16];
    std::memcpy(old, fx.st[0], 16);
    std::memmove(fx.st[0], fx.st[1], 7 * 16);
    std::memcpy(fx.st[7], old, 16);
    set_top(fx, top_of(fx) + 1);
}

void push_st(FxState& fx, Extended value)
{
    std::memmove(fx.st[1], fx.st[0], 7 * 16);
    std::memset(fx.st[0], 0, 16);
    set_top(fx, top_of(fx) - 1);
    write_st(fx, 0, value);
}

bool raise_x87(FxState& fx, u16 flags)
{
    fx.fsw |= flags;
    if ((flags & ~fx.fcw & kFswExceptions) == 0) return false;
    fx.fsw |= kFswErrorSummary | kFswBusy;
    return true;
}

Wide wide_of_extended(Extended value)
{
    i32 const exponent = (value.exponent == 0 ? 1 : value.exponent) - kBias - 63;
    Wide result = wide_scale(wide_of(value.significand), exponent);
    result.negative = value.negative;
    return result;
}

RoundedExtended round_to_extended(FxState const& fx, Wide value, bool is_truncated)
{
    Rounding const rounding = static_cast<Rounding>((fx.fcw >> 10) & 3);
    if (value.is_zero()) return {extended_zero(value.negative), 0};
    i32 exponent = value.exponent + kBias;
    u64 kept = static_cast<u64>(value.mantissa >> 64);
    u64 rest = static_cast<u64>(value.mantissa);
    bool is_tiny = exponent < 1;
    if (is_tiny) {
        // Tininess is detected after rounding to 64 bits with any exponent (Intel SDM vol.
        // 1, 4.9.1.5).
        bool const carries =
            kept == ~u64{0} && rounds_up(rounding, value.negative, kept, rest, is_truncated);
        is_tiny = exponent < 0 || !carries;
        i32 const shift = 1 - exponent;
        u128 const shifted = shift < 128 ? value.mantissa >> shift : 0;
        is_truncated |= shift >= 128 || (shifted << shift) != value.mantissa;
        kept = static_cast<u64>(shifted >> 64);
        rest = static_cast<u64>(shifted);
        exponent = 0;
    }
    RoundedExtended result;
    bool const is_inexact = rest != 0 || is_truncated;
    if (is_inexact) result.flags |= kFswPrecision;
    if (is_tiny && (is_inexact || (fx.fcw & kFswUnderflow) == 0)) result.flags |= kFswUnderflow;
    if (rounds_up(rounding, value.negative, kept, rest, is_truncated)) {
        result.flags |= kFswC1;
        if (++kept == 0) {
            kept = kIntegerBit;
            ++exponent;
        }
    }
    // A denormal that was rounded up to the least normal number, or was only not tiny.
    if (exponent == 0 && (kept & kIntegerBit) != 0) exponent = 1;
    if (exponent >= 0x7fff) return overflowed(rounding, value.negative);
    result.value = {value.negative, static_cast<u16>(exponent), kept};
    return result;
}

}  // namespace drydock::hwmodel
