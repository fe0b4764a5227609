// Single bits, bit scans and counts.

#include "hwmodel/handler.h"
#include "hwmodel/handlers.h"

namespace drydock::hwmodel {

namespace {

template <typename Word>
constexpr unsigned kBits = 8 * sizeof(Word);

template <BitOperation kKind, typename Word>
Word change_bit(LazyFlags& flags, Word value, unsigned index)
{
    Word const bit = static_cast<Word>(Word{1} << index);
    flags.set_carry((value & bit) != 0);
    if constexpr (kKind == BitOperation::Set) return static_cast<Word>(value | bit);
    if constexpr (kKind == BitOperation::Reset) return static_cast<Word>(value & ~bit);
    if constexpr (kKind == BitOperation::Complement) return static_cast<Word>(value ^ bit);
    return value;
}

template <BitOperation kKind, typename Word, bool kByRegister>
Operation const* bit_register(Operation const* op, X86State* state, Interpreter* cpu)
{
    u64 const index = kByRegister ? get<Word>(state, op->source) : op->immediate;
    Word const result = change_bit<kKind>(
        cpu->flags, get<Word>(state, op->target), static_cast<unsigned>(index % kBits<Word>));
    if constexpr (kKind != BitOperation::Test) set<Word>(state, op->target, result);
    DRYDOCK_CONTINUE(op + 1);
}

// A register index selects a bit of the string that starts at the operand, up to 2^63 bits either
// way (Intel SDM vol. 2, BT).
template <BitOperation kKind, typename Word, bool kByRegister>
Operation const* bit_memory(Operation const* op, X86State* state, Interpreter* cpu)
{
    u64 address = effective_address(op, state);
    u64 index = op->immediate;
    if constexpr (kByRegister) {
        i64 const bit = static_cast<std::make_signed_t<Word>>(get<Word>(state, op->source));
        index = static_cast<u64>(bit);
        address += static_cast<u64>((bit >> std::countr_zero(kBits<Word>)) * i64{sizeof(Word)});
        // The displacement belongs to the 32-bit sum under a 67h prefix.
        if ((op->flags & operation_flag::kAddress32) != 0) address = static_cast<u32>(address);
    }
    unsigned const position = static_cast<unsigned>(index % kBits<Word>);
    if constexpr (kKind == BitOperation::Test) {
        std::byte const* const bytes = cpu->begin_read(*op, address, sizeof(Word));
        if (bytes == nullptr) return cpu->fault(op);
        (void)change_bit<kKind>(cpu->flags, load_bytes<Word>(bytes), position);
    } else {
        std::byte* const bytes = cpu->begin_write(*op, address, sizeof(Word));
        if (bytes == nullptr) return cpu->fault(op);
        store_bytes<Word>(bytes, change_bit<kKind>(cpu->flags, load_bytes<Word>(bytes), position));
        cpu->finish_write(*op);
    }
    return op + 1;
}

template <BitOperation kKind, typename Word>
Handler bit_form(bool is_memory, bool by_register)
{
    if (is_memory)
        return by_register ? &bit_memory<kKind, Word, true> : &bit_memory<kKind, Word, false>;
    return by_register ? &bit_register<kKind, Word, true> : &bit_register<kKind, Word, false>;
}

template <BitOperation kKind>
Handler bit_sized(bool is_memory, bool by_register, unsigned size)
{
    switch (size) {
    case 2: return bit_form<kKind, u16>(is_memory, by_register);
    case 4: return bit_form<kKind, u32>(is_memory, by_register);
    case 8: return bit_form<kKind, u64>(is_memory, by_register);
    default: return nullptr;
    }
}

template <Scan kKind, typename Word>
void scan(Operation const* op, X86State* state, LazyFlags& flags, Word source)
{
    flags.carries = 0;
    if constexpr (kKind == Scan::Popcnt) {
        // Intel SDM vol. 2, POPCNT: ZF says whether the source is 0, the others are cleared.
        flags.zero = source;
        flags.sign = 1;
        set<Word>(state, op->target, static_cast<Word>(std::popcount(source)));
        return;
    }
    flags.zero = source;
    flags.sign = 1;
    // Both vendors leave the target alone, also its upper half (AMD manual vol. 3, BSF).
    if (source == 0) return;
    int const index = kKind == Scan::Forward
                          ? std::countr_zero(source)
                          : static_cast<int>(kBits<Word>) - 1 - std::countl_zero(source);
    set<Word>(state, op->target, static_cast<Word>(index));
}

template <Scan kKind, typename Word>
Operation const* scan_register(Operation const* op, X86State* state, Interpreter* cpu)
{
    scan<kKind>(op, state, cpu->flags, get<Word>(state, op->source));
    DRYDOCK_CONTINUE(op + 1);
}

template <Scan kKind, typename Word>
Operation const* scan_memory(Operation const* op, X86State* state, Interpreter* cpu)
{
    std::byte const* const bytes = cpu->begin_read(*op, effective_address(op, state), sizeof(Word));
    if (bytes == nullptr) return cpu->fault(op);
    scan<kKind>(op, state, cpu->flags, load_bytes<Word>(bytes));
    return op + 1;
}

template <Scan kKind>
Handler scan_sized(bool is_memory, unsigned size)
{
    switch (size) {
    case 2: return is_memory ? &scan_memory<kKind, u16> : &scan_register<kKind, u16>;
    case 4: return is_memory ? &scan_memory<kKind, u32> : &scan_register<kKind, u32>;
    case 8: return is_memory ? &scan_memory<kKind, u64> : &scan_register<kKind, u64>;
    default: return nullptr;
    }
}

}  // namespace

Handler bit_handler(BitOperation kind, bool is_memory, bool by_register, unsigned size)
{
    switch (kind) {
    case BitOperation::Test: return bit_sized<BitOperation::Test>(is_memory, by_register, size);
    case BitOperation::Set: return bit_sized<BitOperation::Set>(is_memory, by_register, size);
    case BitOperation::Reset: return bit_sized<BitOperation::Reset>(is_memory, by_register, size);
    case BitOperation::Complement:
        return bit_sized<BitOperation::Complement>(is_memory, by_register, size);
    }
    return nullptr;
}

Handler scan_handler(Scan kind, bool is_memory, unsigned size)
{
    switch (kind) {
    case Scan::Forward: return scan_sized<Scan::Forward>(is_memory, size);
    case Scan::Reverse: return scan_sized<Scan::Reverse>(is_memory, size);
    case Scan::Popcnt: return scan_sized<Scan::Popcnt>(is_memory, size);
    }
    return nullptr;
}

}  // namespace drydock::hwmodel
