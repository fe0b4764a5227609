#pragma once

// The two-operand arithmetic as pure functions on a value and the flags.

#include "hwmodel/flags.h"
#include "hwmodel/handlers.h"

namespace drydock::hwmodel {

// DEST <- DEST + SRC + CF. A carry leaves a bit where both have it, or one has it and the sum has
// not.
template <std::unsigned_integral Word>
inline Word add(LazyFlags& flags, Word a, Word b, bool carry_in)
{
    Word const sum = static_cast<Word>(a + b + (carry_in ? 1 : 0));
    flags.set_carries(static_cast<Word>((a & b) | ((a | b) & ~sum)));
    flags.set_result(sum);
    return sum;
}

// DEST <- DEST - (SRC + CF)
template <std::unsigned_integral Word>
inline Word subtract(LazyFlags& flags, Word a, Word b, bool borrow_in)
{
    Word const difference = static_cast<Word>(a - b - (borrow_in ? 1 : 0));
    flags.set_carries(static_cast<Word>((~a & b) | (~(a ^ b) & difference)));
    flags.set_result(difference);
    return difference;
}

template <std::unsigned_integral Word>
inline Word logic_result(LazyFlags& flags, Word value)
{
    flags.carries = 0;
    flags.set_result(value);
    return value;
}

// The new value of the target; Cmp and Test do not write it.
template <Binary kKind, std::unsigned_integral Word>
inline Word compute(LazyFlags& flags, Word a, Word b)
{
    if constexpr (kKind == Binary::Mov) return b;
    if constexpr (kKind == Binary::Add) return add(flags, a, b, false);
    if constexpr (kKind == Binary::Adc) return add(flags, a, b, flags.carry());
    if constexpr (kKind == Binary::Sub || kKind == Binary::Cmp) return subtract(flags, a, b, false);
    if constexpr (kKind == Binary::Sbb) return subtract(flags, a, b, flags.carry());
    if constexpr (kKind == Binary::And || kKind == Binary::Test)
        return logic_result(flags, static_cast<Word>(a & b));
    if constexpr (kKind == Binary::Or) return logic_result(flags, static_cast<Word>(a | b));
    if constexpr (kKind == Binary::Xor) return logic_result(flags, static_cast<Word>(a ^ b));
}

// INC and DEC keep CF: flips the new CF and, to keep OF, the bit below it.
inline void keep_carry(LazyFlags& flags, u64 old_carries)
{
    u64 const changed = (flags.carries ^ old_carries) & kTopBit;
    flags.carries ^= changed | (changed >> 1);
}

template <Unary kKind, std::unsigned_integral Word>
inline Word compute(LazyFlags& flags, Word a)
{
    u64 const old_carries = flags.carries;
    Word result{};
    if constexpr (kKind == Unary::Not) result = static_cast<Word>(~a);
    if constexpr (kKind == Unary::Neg) result = subtract(flags, Word{0}, a, false);
    if constexpr (kKind == Unary::Inc) result = add(flags, a, Word{1}, false);
    if constexpr (kKind == Unary::Dec) result = subtract(flags, a, Word{1}, false);
    if constexpr (kKind == Unary::Inc || kKind == Unary::Dec) keep_carry(flags, old_carries);
    return result;
}

}  // namespace drydock::hwmodel
