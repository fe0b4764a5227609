// FPREM and FPREM1 (Intel SDM vol. 2). With exponents less than 64 apart one instruction finishes
// the reduction, and all processors agree. Beyond, how far it gets is the processor's own business:
//
//   N <- 32 + D mod 32, D the difference of the exponents
//   ST(0) <- ST(0) - ST(1) * TruncateTowardZero(ST(0) / ST(1) / 2^(D - N)) * 2^(D - N), C2 <- 1
//
// which is the complete remainder by ST(1) * 2^(D - N), a divisor that is close enough for the
// host.

#include "hwmodel/x87_software.h"
#include "hwmodel/x87_stack.h"

#include <bit>

namespace drydock::hwmodel {
namespace {

constexpr u16 kTruncatingRemainder = x87_code(0xd9, 0xf8);
// Headroom that keeps the scaled operands away from the denormals.
constexpr i32 kHeadroom = 0x1000;

struct Scaled {
    i32 exponent = 0;  // Biased, of a significand with its integer bit set.
    u64 significand = 0;
};

Scaled scaled(Extended value)
{
    int const shift = std::countl_zero(value.significand);
    i32 const exponent = value.exponent == 0 ? 1 : value.exponent;
    return {exponent - shift, value.significand << shift};
}

bool is_finite_nonzero(ExtendedClass operand)
{
    return operand == ExtendedClass::Normal || operand == ExtendedClass::Denormal;
}

// The remainder of scaled operands brought back; it is a multiple of the least denormal, so no bit
// is lost.
Extended unscaled(Extended value, i32 headroom)
{
    if (value.significand == 0) return value;
    i32 const exponent = value.exponent - headroom;
    if (exponent >= 1) return {value.negative, static_cast<u16>(exponent), value.significand};
    return {value.negative, 0, value.significand >> (1 - exponent)};
}

void reduce_partially(FxState& fx, Extended dividend, Extended divisor, i32 distance)
{
    i32 const step = distance - (32 + distance % 32);
    Scaled const a = scaled(dividend);
    Scaled const b = scaled(divisor);
    i32 const headroom = a.exponent < 0x7000 ? kHeadroom : 0;
    FxState copy = fx;
    // The exceptions of the original operands have been dealt with.
    copy.fcw = 0x037f;
    write_st(copy, 0, {dividend.negative, static_cast<u16>(a.exponent + headroom), a.significand});
    write_st(
        copy, 1, {divisor.negative, static_cast<u16>(b.exponent + step + headroom), b.significand});
    u64 flags = 0;
    run_x87_register(copy, kTruncatingRemainder, flags);
    write_st(fx, 0, unscaled(read_st(copy, 0), headroom));
    fx.fsw |= kFswC2;
}

}  // namespace

ExtensionResult x87_remainder(X86State& state, UserMemoryPort&, Extension const& operation, u64)
{
    FxState& fx = state.fx;
    if ((fx.fsw & kFswErrorSummary) != 0) return ExtensionResult::FloatingPoint;
    ExtendedClass const dividend_class = classify_st(fx, 0);
    ExtendedClass const divisor_class = classify_st(fx, 1);
    if (is_finite_nonzero(dividend_class) && is_finite_nonzero(divisor_class)) {
        Extended const dividend = read_st(fx, 0);
        Extended const divisor = read_st(fx, 1);
        i32 const distance = scaled(dividend).exponent - scaled(divisor).exponent;
        if (distance >= 64) {
            fx.fsw = static_cast<u16>(fx.fsw & ~(kFswOrder | kFswC1));
            bool const is_denormal = dividend_class == ExtendedClass::Denormal ||
                                     divisor_class == ExtendedClass::Denormal;
            if (is_denormal && raise_x87(fx, kFswDenormal)) return ExtensionResult::Done;
            reduce_partially(fx, dividend, divisor, distance);
            return ExtensionResult::Done;
        }
    }
    run_x87_register(fx, operation.variant, state.rflags);
    return ExtensionResult::Done;
}

}  // namespace drydock::hwmodel
