#pragma once

// The status flags, kept as what they are computed from:
//   ZF = (zero == 0)
//   SF = bit 63 of sign, PF = even parity of the low byte of sign
//   CF = bit 63 of carries, OF = CF xor bit 62, AF = bit 3
// so that an arithmetic instruction stores three words and never branches.
//
// Flags that the manual leaves undefined are this model's own choice:
//   AND OR XOR TEST                  AF = 0
//   shifts, count > 1                OF as for a count of 1; AF unchanged if count is 0, else 0
//   shifts of 8 and 16 bits, count >= width: CF = the bit that a wide shift would carry out
//   SHLD SHRD                        AF = 0; 16-bit with count > 16: operand rotated in again
//   rotates, count > 1               OF as for a count of 1
//   MUL IMUL                         SF ZF PF from the low half, AF = 0
//   DIV IDIV                         unchanged
//   BT BTS BTR BTC                   OF SF AF PF unchanged
//   BSF BSR                          of 0: target unchanged; CF OF SF AF PF = 0

#include "core/base/integers.h"
#include "core/base/x86_state.h"

#include <bit>
#include <concepts>
#include <type_traits>

namespace drydock::hwmodel {

inline constexpr u64 kTopBit = u64{1} << 63;

struct LazyFlags {
    u64 zero = 1;
    u64 sign = 1;
    u64 carries = 0;

    bool carry() const { return (carries & kTopBit) != 0; }
    bool overflow() const { return ((carries ^ (carries << 1)) & kTopBit) != 0; }
    bool parity() const { return (std::popcount(static_cast<u8>(sign)) & 1) == 0; }
    bool is_zero() const { return zero == 0; }
    bool is_negative() const { return (sign & kTopBit) != 0; }
    bool adjust() const { return (carries & 8) != 0; }

    u64 pack() const
    {
        return (carry() ? rflags::kCarry : 0) | (parity() ? rflags::kParity : 0) |
               (adjust() ? rflags::kAdjust : 0) | (is_zero() ? rflags::kZero : 0) |
               (is_negative() ? rflags::kSign : 0) | (overflow() ? rflags::kOverflow : 0);
    }
    void unpack(u64 value)
    {
        zero = (value & rflags::kZero) != 0 ? 0 : 1;
        sign =
            ((value & rflags::kSign) != 0 ? kTopBit : 0) | ((value & rflags::kParity) != 0 ? 0 : 1);
        carries = (value & rflags::kAdjust) != 0 ? 8 : 0;
        set_carry_overflow((value & rflags::kCarry) != 0, (value & rflags::kOverflow) != 0);
    }
    // Keeps AF.
    void set_carry_overflow(bool carry_flag, bool overflow_flag)
    {
        carries =
            (carries & 8) | (u64{carry_flag} << 63) | (u64{carry_flag != overflow_flag} << 62);
    }
    void set_carry(bool carry_flag) { set_carry_overflow(carry_flag, overflow()); }

    template <std::unsigned_integral Word>
    void set_result(Word result)
    {
        zero = sign =
            static_cast<u64>(static_cast<i64>(static_cast<std::make_signed_t<Word>>(result)));
    }
    // `vector` has the carry (or borrow) out of each bit.
    template <std::unsigned_integral Word>
    void set_carries(Word vector)
    {
        if constexpr (sizeof(Word) == 8) {
            carries = vector;
        } else {
            carries = (u64{vector} << (64 - 8 * sizeof(Word))) | vector;
        }
    }
};

// Condition codes in the hardware's encoding (Intel SDM vol. 1, appendix B).
template <unsigned kCode>
bool test_condition(LazyFlags const& flags)
{
    static_assert(kCode < 16);
    constexpr unsigned kKind = kCode >> 1;
    bool result = false;
    if constexpr (kKind == 0) result = flags.overflow();
    if constexpr (kKind == 1) result = flags.carry();
    if constexpr (kKind == 2) result = flags.is_zero();
    if constexpr (kKind == 3) result = flags.carry() || flags.is_zero();
    if constexpr (kKind == 4) result = flags.is_negative();
    if constexpr (kKind == 5) result = flags.parity();
    u64 const less = flags.sign ^ flags.carries ^ (flags.carries << 1);
    if constexpr (kKind == 6) result = (less & kTopBit) != 0;
    if constexpr (kKind == 7) result = (less & kTopBit) != 0 || flags.is_zero();
    return (kCode & 1) != 0 ? !result : result;
}

}  // namespace drydock::hwmodel
