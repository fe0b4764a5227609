// F2XM1, FCOS, FPATAN, FPTAN, FSIN, FSINCOS, FYL2X, FYL2XP1 (Intel SDM vol. 2): the special
// operands by the manual's tables, the rest by 128-bit arithmetic.

#include "hwmodel/x87_functions.h"
#include "hwmodel/x87_software.h"
#include "hwmodel/x87_stack.h"

namespace drydock::hwmodel {
namespace {

constexpr u16 kBias = 0x3fff;

void clear_codes(FxState& fx, u16 codes) { fx.fsw = static_cast<u16>(fx.fsw & ~codes); }

// Empty registers, NaNs and unsupported formats are answered alike by every arithmetic instruction,
// so one that all processors agree on stands in: FSQRT for one operand, FADDP for two.
bool needs_stand_in(ExtendedClass operand)
{
    return operand == ExtendedClass::Empty || operand == ExtendedClass::Nan ||
           operand == ExtendedClass::Unsupported;
}

void run_stand_in(FxState& fx, u16 code)
{
    u64 flags = 0;
    u16 const codes = fx.fsw & kFswOrder;
    run_x87_register(fx, code, flags);
    fx.fsw = static_cast<u16>((fx.fsw & ~kFswOrder) | codes);
}

constexpr u16 kSquareRoot = x87_code(0xd9, 0xfa);
constexpr u16 kAddAndPop = x87_code(0xde, 0xc1);

// An invalid operation with a masked response: the indefinite NaN.
void answer_invalid(FxState& fx, unsigned target, bool pops)
{
    if (raise_x87(fx, kFswInvalid)) return;
    write_st(fx, target, kExtendedIndefinite);
    if (pops) pop_st(fx);
}

void answer_exactly(FxState& fx, Extended value, unsigned target, bool pops)
{
    write_st(fx, target, value);
    if (pops) pop_st(fx);
}

void answer(FxState& fx, Wide value, bool is_truncated, unsigned target, bool pops)
{
    RoundedExtended const rounded = round_to_extended(fx, value, is_truncated);
    write_st(fx, target, rounded.value);
    raise_x87(fx, rounded.flags);
    if (pops) pop_st(fx);
}

enum class Trigonometric : u8 { Sine, Cosine, SineCosine, Tangent };

constexpr bool pushes(Trigonometric function)
{
    return function == Trigonometric::SineCosine || function == Trigonometric::Tangent;
}

// Intel SDM vol. 2, FPTAN, FSINCOS: both results are NaNs after a masked stack fault.
void answer_stack_fault(FxState& fx, bool is_overflow)
{
    u16 const code = is_overflow ? kFswC1 : u16{0};
    if (raise_x87(fx, static_cast<u16>(kFswInvalid | kFswStackFault | code))) return;
    write_st(fx, 0, kExtendedIndefinite);
    push_st(fx, kExtendedIndefinite);
}

void answer_trigonometric(FxState& fx, Trigonometric function, SineCosine result, bool is_exact)
{
    Wide const second = function == Trigonometric::Tangent ? wide_of(1) : result.cosine;
    Wide first = result.sine;
    if (function == Trigonometric::Cosine) first = result.cosine;
    if (function == Trigonometric::Tangent) first = wide_divide(result.sine, result.cosine);
    answer(fx, first, !is_exact, 0, false);
    if (!pushes(function)) return;
    // C1 speaks of the last result that was rounded.
    if (function == Trigonometric::SineCosine) clear_codes(fx, kFswC1);
    push_st(fx, kExtendedOne);
    if (function == Trigonometric::SineCosine) answer(fx, second, !is_exact, 0, false);
}

template <Trigonometric kFunction>
ExtensionResult trigonometric(X86State& state, UserMemoryPort&, Extension const&, u64)
{
    FxState& fx = state.fx;
    if ((fx.fsw & kFswErrorSummary) != 0) return ExtensionResult::FloatingPoint;
    clear_codes(fx, kFswC1 | kFswC2);
    ExtendedClass const operand = classify_st(fx, 0);
    if (pushes(kFunction) && (operand == ExtendedClass::Empty || !can_push(fx))) {
        answer_stack_fault(fx, operand != ExtendedClass::Empty);
        return ExtensionResult::Done;
    }
    bool const is_stood_in = needs_stand_in(operand);
    if (is_stood_in) run_stand_in(fx, kSquareRoot);
    if (operand == ExtendedClass::Infinity) answer_invalid(fx, 0, false);
    if (is_stood_in || operand == ExtendedClass::Infinity) {
        bool const is_masked = (fx.fsw & kFswErrorSummary) == 0;
        if (pushes(kFunction) && is_masked) push_st(fx, read_st(fx, 0));
        return ExtensionResult::Done;
    }
    Extended const value = read_st(fx, 0);
    if (value.exponent >= kBias + 63) {
        fx.fsw |= kFswC2;
        return ExtensionResult::Done;
    }
    if (operand == ExtendedClass::Denormal && raise_x87(fx, kFswDenormal))
        return ExtensionResult::Done;
    if (operand == ExtendedClass::Zero) {
        Wide const zero{value.negative, 0, 0};
        answer_trigonometric(fx, kFunction, {zero, wide_of(1)}, true);
        return ExtensionResult::Done;
    }
    i32 const power = (value.exponent == 0 ? 1 : value.exponent) - kBias - 63;
    SineCosine result = wide_sine_cosine(value.negative, value.significand, power);
    // tan(x) = x + x^3/3...: what lies above x is too little for 128 bits.
    bool const is_tiny = value.exponent < kBias - 64;
    if (kFunction == Trigonometric::Tangent && is_tiny)
        result = {wide_of_extended(value), wide_of(1)};
    answer_trigonometric(fx, kFunction, result, false);
    return ExtensionResult::Done;
}

ExtensionResult power_minus_one(X86State& state, UserMemoryPort&, Extension const&, u64)
{
    FxState& fx = state.fx;
    if ((fx.fsw & kFswErrorSummary) != 0) return ExtensionResult::FloatingPoint;
    clear_codes(fx, kFswC1);
    ExtendedClass const operand = classify_st(fx, 0);
    if (needs_stand_in(operand)) {
        run_stand_in(fx, kSquareRoot);
        return ExtensionResult::Done;
    }
    Extended const value = read_st(fx, 0);
    if (operand == ExtendedClass::Zero) return ExtensionResult::Done;
    if (operand == ExtendedClass::Infinity) {
        if (value.negative) write_st(fx, 0, {true, kBias, u64{1} << 63});
        return ExtensionResult::Done;
    }
    if (operand == ExtendedClass::Denormal && raise_x87(fx, kFswDenormal))
        return ExtensionResult::Done;
    Wide const x = wide_of_extended(value);
    Wide const one = wide_of(1);
    if (!wide_is_less(x, one)) {
        // 1 gives 1, -1 gives -1/2; outside [-1, 1] the result is undefined: the operand.
        if (!wide_is_less(one, x) && value.negative)
            write_st(fx, 0, {true, kBias - 1, u64{1} << 63});
        return ExtensionResult::Done;
    }
    answer(fx, wide_power_minus_one(x), true, 0, false);
    return ExtensionResult::Done;
}

// What FPATAN, FYL2X and FYL2XP1 do first: true if the instruction is over.
bool begin_binary(FxState& fx, ExtendedClass x, ExtendedClass y)
{
    clear_codes(fx, kFswC1);
    if (needs_stand_in(x) || needs_stand_in(y)) {
        run_stand_in(fx, kAddAndPop);
        return true;
    }
    return false;
}

bool raises_denormal(FxState& fx, ExtendedClass x, ExtendedClass y)
{
    bool const is_denormal = x == ExtendedClass::Denormal || y == ExtendedClass::Denormal;
    return is_denormal && raise_x87(fx, kFswDenormal);
}

ExtensionResult arctangent(X86State& state, UserMemoryPort&, Extension const&, u64)
{
    FxState& fx = state.fx;
    if ((fx.fsw & kFswErrorSummary) != 0) return ExtensionResult::FloatingPoint;
    ExtendedClass const x_class = classify_st(fx, 0);
    ExtendedClass const y_class = classify_st(fx, 1);
    if (begin_binary(fx, x_class, y_class) || raises_denormal(fx, x_class, y_class))
        return ExtensionResult::Done;
    Extended const x = read_st(fx, 0);
    Extended const y = read_st(fx, 1);
    bool const x_is_infinite = x_class == ExtendedClass::Infinity;
    bool const y_is_infinite = y_class == ExtendedClass::Infinity;
    bool const lies_on_axis = y_class == ExtendedClass::Zero || (x_is_infinite && !y_is_infinite);
    if (lies_on_axis && !x.negative) {
        answer_exactly(fx, extended_zero(y.negative), 1, true);
        return ExtensionResult::Done;
    }
    Wide angle;
    if (lies_on_axis) {
        angle = kWidePi;
    } else if (y_is_infinite && x_is_infinite) {
        angle = x.negative ? kWideThreeQuarterPi : kWideQuarterPi;
    } else if (y_is_infinite || x_class == ExtendedClass::Zero) {
        angle = kWideHalfPi;
    } else {
        Wide const height = wide_abs(wide_of_extended(y));
        Wide const width = wide_abs(wide_of_extended(x));
        angle = wide_arctangent(height, width);
        if (x.negative) angle = wide_subtract(kWidePi, angle);
    }
    angle.negative = y.negative;
    answer(fx, angle, true, 1, true);
    return ExtensionResult::Done;
}

// y * (a logarithm that is infinite with the given sign).
void multiply_infinity(FxState& fx, ExtendedClass y_class, Extended y, bool negative)
{
    if (y_class == ExtendedClass::Zero)
        answer_invalid(fx, 1, true);
    else
        answer_exactly(fx, extended_infinity(y.negative != negative), 1, true);
}

// y * (a finite logarithm), of which `is_exact` says whether it is exact.
void multiply_logarithm(
    FxState& fx, ExtendedClass y_class, Extended y, Wide logarithm, bool is_exact)
{
    bool const negative = y.negative != logarithm.negative;
    if (y_class == ExtendedClass::Infinity) {
        if (logarithm.is_zero())
            answer_invalid(fx, 1, true);
        else
            answer_exactly(fx, extended_infinity(negative), 1, true);
        return;
    }
    if (y_class == ExtendedClass::Zero || logarithm.is_zero()) {
        answer_exactly(fx, extended_zero(negative), 1, true);
        return;
    }
    answer(fx, wide_multiply(logarithm, wide_of_extended(y)), !is_exact, 1, true);
}

bool is_power_of_two(Wide value) { return (value.mantissa << 1) == 0; }

ExtensionResult logarithm(X86State& state, UserMemoryPort&, Extension const&, u64)
{
    FxState& fx = state.fx;
    if ((fx.fsw & kFswErrorSummary) != 0) return ExtensionResult::FloatingPoint;
    ExtendedClass const x_class = classify_st(fx, 0);
    ExtendedClass const y_class = classify_st(fx, 1);
    if (begin_binary(fx, x_class, y_class)) return ExtensionResult::Done;
    Extended const x = read_st(fx, 0);
    Extended const y = read_st(fx, 1);
    if (x.negative && x_class != ExtendedClass::Zero) {
        answer_invalid(fx, 1, true);
        return ExtensionResult::Done;
    }
    // A division by zero comes before a denormal operand.
    if (x_class != ExtendedClass::Zero && raises_denormal(fx, x_class, y_class))
        return ExtensionResult::Done;
    if (x_class == ExtendedClass::Zero) {
        bool const is_finite =
            y_class == ExtendedClass::Normal || y_class == ExtendedClass::Denormal;
        if (!is_finite || !raise_x87(fx, kFswZeroDivide)) multiply_infinity(fx, y_class, y, true);
    } else if (x_class == ExtendedClass::Infinity) {
        multiply_infinity(fx, y_class, y, false);
    } else {
        Wide const value = wide_of_extended(x);
        multiply_logarithm(fx, y_class, y, wide_logarithm(value), is_power_of_two(value));
    }
    return ExtensionResult::Done;
}

ExtensionResult logarithm_plus_one(X86State& state, UserMemoryPort&, Extension const&, u64)
{
    FxState& fx = state.fx;
    if ((fx.fsw & kFswErrorSummary) != 0) return ExtensionResult::FloatingPoint;
    ExtendedClass const x_class = classify_st(fx, 0);
    ExtendedClass const y_class = classify_st(fx, 1);
    if (begin_binary(fx, x_class, y_class)) return ExtensionResult::Done;
    Extended const x = read_st(fx, 0);
    Extended const y = read_st(fx, 1);
    Wide const one = wide_of(1);
    Wide const value = wide_of_extended(x);
    bool const is_finite = x_class != ExtendedClass::Infinity;
    // Outside 1 - sqrt(2)/2 the result is undefined: the logarithm, and an invalid operation at -1.
    if (x.negative && (!is_finite || !wide_is_less(value, one))) {
        answer_invalid(fx, 1, true);
        return ExtensionResult::Done;
    }
    if (raises_denormal(fx, x_class, y_class)) return ExtensionResult::Done;
    if (!is_finite) {
        multiply_infinity(fx, y_class, y, false);
    } else if (x_class == ExtendedClass::Zero) {
        multiply_logarithm(fx, y_class, y, Wide{x.negative, 0, 0}, true);
    } else if (value.exponent < -1) {
        multiply_logarithm(fx, y_class, y, wide_logarithm_plus_one(value), false);
    } else {
        Wide const sum = wide_add(one, value);
        multiply_logarithm(fx, y_class, y, wide_logarithm(sum), is_power_of_two(sum));
    }
    return ExtensionResult::Done;
}

}  // namespace

ExtensionHandler x87_software_handler(u16 code)
{
    switch (code) {
    case x87_code(0xd9, 0xf0): return power_minus_one;
    case x87_code(0xd9, 0xf1): return logarithm;
    case x87_code(0xd9, 0xf2): return trigonometric<Trigonometric::Tangent>;
    case x87_code(0xd9, 0xf3): return arctangent;
    case x87_code(0xd9, 0xf5):
    case x87_code(0xd9, 0xf8): return x87_remainder;
    case x87_code(0xd9, 0xf9): return logarithm_plus_one;
    case x87_code(0xd9, 0xfb): return trigonometric<Trigonometric::SineCosine>;
    case x87_code(0xd9, 0xfe): return trigonometric<Trigonometric::Sine>;
    case x87_code(0xd9, 0xff): return trigonometric<Trigonometric::Cosine>;
    default: return nullptr;
    }
}

}  // namespace drydock::hwmodel
