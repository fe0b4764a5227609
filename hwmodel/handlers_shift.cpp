// Shifts and rotates.

#include "hwmodel/handler.h"
#include "hwmodel/handlers.h"

namespace drydock::hwmodel {

namespace {

constexpr u8 kRcxSlot = 8;

template <typename Word>
constexpr unsigned kBits = 8 * sizeof(Word);

template <typename Word>
bool top_bit(Word value)
{
    return (value >> (kBits<Word> - 1)) != 0;
}

// Intel SDM vol. 2, SAL/SAR/SHL/SHR: the count is masked to 5 or 6 bits; 0 changes no flag.
template <Shift kKind, typename Word>
Word shift(LazyFlags& flags, Word value, unsigned count)
{
    bool carry = false;
    bool overflow = false;
    Word result{};
    if constexpr (kKind == Shift::Shl) {
        carry = count <= kBits<Word> && ((value >> (kBits<Word> - count)) & 1) != 0;
        result = count < kBits<Word> ? static_cast<Word>(value << count) : Word{0};
        overflow = top_bit(result) != carry;
    } else if constexpr (kKind == Shift::Shr) {
        carry = count <= kBits<Word> && ((value >> (count - 1)) & 1) != 0;
        result = count < kBits<Word> ? static_cast<Word>(value >> count) : Word{0};
        overflow = top_bit(value);
    } else {
        i64 const wide = static_cast<std::make_signed_t<Word>>(value);
        carry = ((wide >> (count - 1)) & 1) != 0;
        result = static_cast<Word>(wide >> count);
    }
    flags.set_result(result);
    flags.carries = 0;
    flags.set_carry_overflow(carry, overflow);
    return result;
}

template <Shift kKind, typename Word>
Word rotate(LazyFlags& flags, Word value, unsigned masked)
{
    unsigned const count = masked % kBits<Word>;
    Word result = value;
    bool carry = false;
    bool overflow = false;
    if constexpr (kKind == Shift::Rol) {
        result = std::rotl(value, static_cast<int>(count));
        carry = (result & 1) != 0;
        overflow = top_bit(result) != carry;
    } else {
        result = std::rotr(value, static_cast<int>(count));
        carry = top_bit(result);
        overflow = carry != top_bit(static_cast<Word>(result << 1));
    }
    flags.set_carry_overflow(carry, overflow);
    return result;
}

// Rotates the value and CF together, one bit at a time.
template <Shift kKind, typename Word>
Word rotate_through_carry(LazyFlags& flags, Word value, unsigned masked)
{
    unsigned const count = masked % (kBits<Word> + 1);
    bool carry = flags.carry();
    for (unsigned i = 0; i < count; ++i) {
        bool const in = carry;
        if constexpr (kKind == Shift::Rcl) {
            carry = top_bit(value);
            value = static_cast<Word>((value << 1) | (in ? 1 : 0));
        } else {
            carry = (value & 1) != 0;
            value = static_cast<Word>((value >> 1) | (Word{in} << (kBits<Word> - 1)));
        }
    }
    bool const overflow = kKind == Shift::Rcl
                              ? top_bit(value) != carry
                              : top_bit(value) != top_bit(static_cast<Word>(value << 1));
    flags.set_carry_overflow(carry, overflow);
    return value;
}

template <Shift kKind, typename Word>
Word apply(LazyFlags& flags, Word value, unsigned count)
{
    if (count == 0) return value;
    if constexpr (kKind == Shift::Rol || kKind == Shift::Ror)
        return rotate<kKind>(flags, value, count);
    if constexpr (kKind == Shift::Rcl || kKind == Shift::Rcr)
        return rotate_through_carry<kKind>(flags, value, count);
    return shift<kKind>(flags, value, count);
}

template <typename Word, bool kByRegister>
unsigned masked_count(Operation const* op, X86State const* state)
{
    u8 const count = kByRegister ? get<u8>(state, kRcxSlot) : static_cast<u8>(op->immediate);
    return count & (sizeof(Word) == 8 ? 63u : 31u);
}

template <Shift kKind, typename Word, bool kByRegister>
Operation const* shift_register(Operation const* op, X86State* state, Interpreter* cpu)
{
    unsigned const count = masked_count<Word, kByRegister>(op, state);
    set<Word>(state, op->target, apply<kKind>(cpu->flags, get<Word>(state, op->target), count));
    DRYDOCK_CONTINUE(op + 1);
}

template <Shift kKind, typename Word, bool kByRegister, bool kSlow>
Operation const* shift_memory(Operation const* op, X86State* state, Interpreter* cpu)
{
    std::byte* const bytes = writing<kSlow, sizeof(Word)>(cpu, op, effective_address(op, state));
    if (bytes == nullptr) [[unlikely]]
        return missed<kSlow>(&shift_memory<kKind, Word, kByRegister, true>, op, state, cpu);
    unsigned const count = masked_count<Word, kByRegister>(op, state);
    store_bytes<Word>(bytes, apply<kKind>(cpu->flags, load_bytes<Word>(bytes), count));
    written<kSlow>(cpu, op);
    DRYDOCK_CONTINUE(op + 1);
}

template <Shift kKind, typename Word>
Handler shift_form(bool is_memory, bool by_register)
{
    if (is_memory) {
        return by_register ? &shift_memory<kKind, Word, true, false>
                           : &shift_memory<kKind, Word, false, false>;
    }
    return by_register ? &shift_register<kKind, Word, true> : &shift_register<kKind, Word, false>;
}

template <Shift kKind>
Handler shift_sized(bool is_memory, bool by_register, unsigned size)
{
    switch (size) {
    case 1: return shift_form<kKind, u8>(is_memory, by_register);
    case 2: return shift_form<kKind, u16>(is_memory, by_register);
    case 4: return shift_form<kKind, u32>(is_memory, by_register);
    case 8: return shift_form<kKind, u64>(is_memory, by_register);
    default: return nullptr;
    }
}

// SHLD, SHRD. A 16-bit one with a count over 16 shifts as if the target followed the source again.
template <typename Word, bool kLeft>
Word double_shift(LazyFlags& flags, Word target, Word source, unsigned count)
{
    if (count == 0) return target;
    Word result = target;
    bool carry = false;
    for (unsigned i = 0; i < count; ++i) {
        if constexpr (kLeft) {
            carry = top_bit(result);
            result = static_cast<Word>((result << 1) | (source >> (kBits<Word> - 1)));
            source = std::rotl(source, 1);
        } else {
            carry = (result & 1) != 0;
            result = static_cast<Word>((result >> 1) | (source << (kBits<Word> - 1)));
            source = std::rotr(source, 1);
        }
    }
    flags.set_result(result);
    flags.carries = 0;
    flags.set_carry_overflow(carry, top_bit(result) != top_bit(target));
    return result;
}

template <typename Word, bool kLeft, bool kByRegister>
Operation const* double_register(Operation const* op, X86State* state, Interpreter* cpu)
{
    unsigned const count = masked_count<Word, kByRegister>(op, state);
    set<Word>(state,
              op->target,
              double_shift<Word, kLeft>(
                  cpu->flags, get<Word>(state, op->target), get<Word>(state, op->source), count));
    DRYDOCK_CONTINUE(op + 1);
}

template <typename Word, bool kLeft, bool kByRegister>
Operation const* double_memory(Operation const* op, X86State* state, Interpreter* cpu)
{
    std::byte* const bytes = cpu->begin_write(*op, effective_address(op, state), sizeof(Word));
    if (bytes == nullptr) return cpu->fault(op);
    unsigned const count = masked_count<Word, kByRegister>(op, state);
    store_bytes<Word>(
        bytes,
        double_shift<Word, kLeft>(
            cpu->flags, load_bytes<Word>(bytes), get<Word>(state, op->source), count));
    cpu->finish_write(*op);
    return op + 1;
}

template <typename Word, bool kLeft>
Handler double_form(bool is_memory, bool by_register)
{
    if (is_memory)
        return by_register ? &double_memory<Word, kLeft, true> : &double_memory<Word, kLeft, false>;
    return by_register ? &double_register<Word, kLeft, true> : &double_register<Word, kLeft, false>;
}

template <bool kLeft>
Handler double_sized(bool is_memory, bool by_register, unsigned size)
{
    switch (size) {
    case 2: return double_form<u16, kLeft>(is_memory, by_register);
    case 4: return double_form<u32, kLeft>(is_memory, by_register);
    case 8: return double_form<u64, kLeft>(is_memory, by_register);
    default: return nullptr;
    }
}

}  // namespace

Handler shift_handler(Shift kind, bool is_memory, bool by_register, unsigned size)
{
    switch (kind) {
    case Shift::Rol: return shift_sized<Shift::Rol>(is_memory, by_register, size);
    case Shift::Ror: return shift_sized<Shift::Ror>(is_memory, by_register, size);
    case Shift::Rcl: return shift_sized<Shift::Rcl>(is_memory, by_register, size);
    case Shift::Rcr: return shift_sized<Shift::Rcr>(is_memory, by_register, size);
    case Shift::Shl: return shift_sized<Shift::Shl>(is_memory, by_register, size);
    case Shift::Shr: return shift_sized<Shift::Shr>(is_memory, by_register, size);
    case Shift::Sar: return shift_sized<Shift::Sar>(is_memory, by_register, size);
    }
    return nullptr;
}

Handler double_shift_handler(bool is_left, bool is_memory, bool by_register, unsigned size)
{
    return is_left ? double_sized<true>(is_memory, by_register, size)
                   : double_sized<false>(is_memory, by_register, size);
}

}  // namespace drydock::hwmodel
