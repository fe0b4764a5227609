// Multiplication and division.

#include "hwmodel/handler.h"
#include "hwmodel/handlers.h"

namespace drydock::hwmodel {

namespace {

constexpr u8 kRaxSlot = 0;
constexpr u8 kRdxSlot = 16;

__extension__ using u128 = unsigned __int128;
__extension__ using i128 = __int128;

template <typename Word>
constexpr unsigned kBits = 8 * sizeof(Word);

template <typename Word>
void set_product_flags(LazyFlags& flags, Word low, bool is_wide)
{
    flags.set_result(low);
    flags.carries = is_wide ? kTopBit : 0;  // CF and OF together.
}

// rdx:rax (ah:al for bytes) <- rax * SRC
template <typename Word, bool kSigned>
void multiply_wide(X86State* state, LazyFlags& flags, Word source)
{
    using Signed = std::make_signed_t<Word>;
    Word const accumulator = get<Word>(state, kRaxSlot);
    u128 product = 0;
    if constexpr (kSigned) {
        product = static_cast<u128>(static_cast<i128>(static_cast<Signed>(accumulator)) *
                                    static_cast<i128>(static_cast<Signed>(source)));
    } else {
        product = static_cast<u128>(accumulator) * source;
    }
    Word const low = static_cast<Word>(product);
    Word const high = static_cast<Word>(product >> kBits<Word>);
    Word const expected =
        kSigned && (low >> (kBits<Word> - 1)) != 0 ? static_cast<Word>(~Word{0}) : Word{0};
    set<Word>(state, kRaxSlot, low);
    set<Word>(state, sizeof(Word) == 1 ? u8{kRaxSlot + 1} : kRdxSlot, high);
    set_product_flags(flags, low, high != expected);
}

template <typename Word, bool kSigned>
Operation const* multiply_register(Operation const* op, X86State* state, Interpreter* cpu)
{
    multiply_wide<Word, kSigned>(state, cpu->flags, get<Word>(state, op->source));
    DRYDOCK_CONTINUE(op + 1);
}

template <typename Word, bool kSigned>
Operation const* multiply_memory(Operation const* op, X86State* state, Interpreter* cpu)
{
    std::byte const* const bytes = cpu->begin_read(*op, effective_address(op, state), sizeof(Word));
    if (bytes == nullptr) return cpu->fault(op);
    multiply_wide<Word, kSigned>(state, cpu->flags, load_bytes<Word>(bytes));
    return op + 1;
}

// False for #DE: a divisor of 0, or a quotient that does not fit.
template <typename Word, bool kSigned>
bool divide(X86State* state, Word divisor)
{
    if (divisor == 0) return false;
    u8 const high_slot = sizeof(Word) == 1 ? u8{kRaxSlot + 1} : kRdxSlot;
    Word const high = get<Word>(state, high_slot);
    Word const low = get<Word>(state, kRaxSlot);
    u128 const dividend = (static_cast<u128>(high) << kBits<Word>) | low;
    Word quotient{};
    Word remainder{};
    if constexpr (kSigned) {
        using Signed = std::make_signed_t<Word>;
        constexpr unsigned kSpare = 128 - 2 * kBits<Word>;
        i128 const wide = static_cast<i128>(dividend << kSpare) >> kSpare;
        // The only 128-bit quotient that overflows the host's own division.
        if (static_cast<Signed>(divisor) == -1) {
            i128 const lowest = -(i128{1} << (kBits<Word> - 1));
            if (wide <= lowest || wide > -lowest) return false;
            quotient = static_cast<Word>(-wide);
            remainder = 0;
        } else {
            i128 const result = wide / static_cast<Signed>(divisor);
            quotient = static_cast<Word>(result);
            if (static_cast<i128>(static_cast<Signed>(quotient)) != result) return false;
            remainder = static_cast<Word>(wide % static_cast<Signed>(divisor));
        }
    } else {
        if (high >= divisor) return false;
        // Narrow divisions are common and 128-bit ones slow.
        if (high == 0) {
            quotient = static_cast<Word>(low / divisor);
            remainder = static_cast<Word>(low % divisor);
        } else {
            quotient = static_cast<Word>(dividend / divisor);
            remainder = static_cast<Word>(dividend % divisor);
        }
    }
    set<Word>(state, kRaxSlot, quotient);
    set<Word>(state, high_slot, remainder);
    return true;
}

template <typename Word, bool kSigned>
Operation const* divide_register(Operation const* op, X86State* state, Interpreter* cpu)
{
    if (!divide<Word, kSigned>(state, get<Word>(state, op->source)))
        return cpu->raise(op, vector::kDivideError);
    return op + 1;
}

template <typename Word, bool kSigned>
Operation const* divide_memory(Operation const* op, X86State* state, Interpreter* cpu)
{
    std::byte const* const bytes = cpu->begin_read(*op, effective_address(op, state), sizeof(Word));
    if (bytes == nullptr) return cpu->fault(op);
    if (!divide<Word, kSigned>(state, load_bytes<Word>(bytes)))
        return cpu->raise(op, vector::kDivideError);
    return op + 1;
}

template <typename Word>
Word multiply_narrow(LazyFlags& flags, Word a, Word b)
{
    using Signed = std::make_signed_t<Word>;
    Signed result{};
    bool const is_wide =
        __builtin_mul_overflow(static_cast<Signed>(a), static_cast<Signed>(b), &result);
    set_product_flags(flags, static_cast<Word>(result), is_wide);
    return static_cast<Word>(result);
}

template <typename Word, bool kImmediate>
Operation const* imul_register(Operation const* op, X86State* state, Interpreter* cpu)
{
    Word const other = kImmediate ? static_cast<Word>(op->immediate) : get<Word>(state, op->target);
    set<Word>(state, op->target, multiply_narrow(cpu->flags, get<Word>(state, op->source), other));
    DRYDOCK_CONTINUE(op + 1);
}

template <typename Word, bool kImmediate, bool kSlow>
Operation const* imul_memory(Operation const* op, X86State* state, Interpreter* cpu)
{
    std::byte const* const bytes =
        reading<kSlow, sizeof(Word)>(cpu, op, effective_address(op, state));
    if (bytes == nullptr) [[unlikely]]
        return missed<kSlow>(&imul_memory<Word, kImmediate, true>, op, state, cpu);
    Word const other = kImmediate ? static_cast<Word>(op->immediate) : get<Word>(state, op->target);
    set<Word>(state, op->target, multiply_narrow(cpu->flags, load_bytes<Word>(bytes), other));
    DRYDOCK_CONTINUE(op + 1);
}

template <typename Word, bool kSigned>
Handler multiply_form(bool is_memory)
{
    return is_memory ? &multiply_memory<Word, kSigned> : &multiply_register<Word, kSigned>;
}

template <bool kSigned>
Handler multiply_sized(bool is_memory, unsigned size)
{
    switch (size) {
    case 1: return multiply_form<u8, kSigned>(is_memory);
    case 2: return multiply_form<u16, kSigned>(is_memory);
    case 4: return multiply_form<u32, kSigned>(is_memory);
    case 8: return multiply_form<u64, kSigned>(is_memory);
    default: return nullptr;
    }
}

template <typename Word, bool kSigned>
Handler divide_form(bool is_memory)
{
    return is_memory ? &divide_memory<Word, kSigned> : &divide_register<Word, kSigned>;
}

template <bool kSigned>
Handler divide_sized(bool is_memory, unsigned size)
{
    switch (size) {
    case 1: return divide_form<u8, kSigned>(is_memory);
    case 2: return divide_form<u16, kSigned>(is_memory);
    case 4: return divide_form<u32, kSigned>(is_memory);
    case 8: return divide_form<u64, kSigned>(is_memory);
    default: return nullptr;
    }
}

template <typename Word>
Handler imul_form(bool by_immediate, bool is_memory)
{
    if (is_memory)
        return by_immediate ? &imul_memory<Word, true, false> : &imul_memory<Word, false, false>;
    return by_immediate ? &imul_register<Word, true> : &imul_register<Word, false>;
}

}  // namespace

Handler multiply_handler(bool is_signed, bool is_memory, unsigned size)
{
    return is_signed ? multiply_sized<true>(is_memory, size)
                     : multiply_sized<false>(is_memory, size);
}

Handler divide_handler(bool is_signed, bool is_memory, unsigned size)
{
    return is_signed ? divide_sized<true>(is_memory, size) : divide_sized<false>(is_memory, size);
}

Handler imul_handler(bool by_immediate, bool is_memory, unsigned size)
{
    switch (size) {
    case 2: return imul_form<u16>(by_immediate, is_memory);
    case 4: return imul_form<u32>(by_immediate, is_memory);
    case 8: return imul_form<u64>(by_immediate, is_memory);
    default: return nullptr;
    }
}

}  // namespace drydock::hwmodel
