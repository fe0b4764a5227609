// One-operand arithmetic, and the instructions that read and write both operands.

#include "hwmodel/arithmetic.h"
#include "hwmodel/handler.h"

namespace drydock::hwmodel {

namespace {

constexpr u8 kRaxSlot = 0;

template <Unary kKind, typename Word>
Operation const* unary_register(Operation const* op, X86State* state, Interpreter* cpu)
{
    set<Word>(state, op->target, compute<kKind>(cpu->flags, get<Word>(state, op->target)));
    DRYDOCK_CONTINUE(op + 1);
}

template <Unary kKind, typename Word, bool kSlow>
Operation const* unary_memory(Operation const* op, X86State* state, Interpreter* cpu)
{
    u64 const address = effective_address(op, state);
    std::byte* const bytes = writing<kSlow, sizeof(Word)>(cpu, op, address);
    if (bytes == nullptr) [[unlikely]]
        return missed<kSlow>(&unary_memory<kKind, Word, true>, op, state, cpu);
    store_bytes<Word>(bytes, compute<kKind>(cpu->flags, load_bytes<Word>(bytes)));
    written<kSlow>(cpu, op);
    DRYDOCK_CONTINUE(op + 1);
}

template <Unary kKind, typename Word>
Handler unary_form(bool is_memory)
{
    return is_memory ? &unary_memory<kKind, Word, false> : &unary_register<kKind, Word>;
}

template <Unary kKind>
Handler unary_sized(bool is_memory, unsigned size)
{
    switch (size) {
    case 1: return unary_form<kKind, u8>(is_memory);
    case 2: return unary_form<kKind, u16>(is_memory);
    case 4: return unary_form<kKind, u32>(is_memory);
    case 8: return unary_form<kKind, u64>(is_memory);
    default: return nullptr;
    }
}

// The new value of the target, and of the source (XCHG, XADD) or accumulator (CMPXCHG). A 32-bit
// CMPXCHG that succeeds leaves RAX whole, and one that fails leaves a register target whole:
// silicon writes only the one (Intel SDM vol. 2, CMPXCHG; on the target, as measured).
template <Binary kKind, typename Word>
Word exchange(Operation const* op, X86State* state, Interpreter* cpu, Word old)
{
    if constexpr (kKind == Binary::Xchg) {
        Word const value = get<Word>(state, op->source);
        set<Word>(state, op->source, old);
        return value;
    }
    if constexpr (kKind == Binary::Xadd) {
        Word const sum = add(cpu->flags, old, get<Word>(state, op->source), false);
        set<Word>(state, op->source, old);
        return sum;
    }
    Word const accumulator = get<Word>(state, kRaxSlot);
    subtract(cpu->flags, accumulator, old, false);
    if (accumulator == old) return get<Word>(state, op->source);
    set<Word>(state, kRaxSlot, old);
    return old;
}

template <Binary kKind, typename Word>
Operation const* exchange_register(Operation const* op, X86State* state, Interpreter* cpu)
{
    Word const value = exchange<kKind>(op, state, cpu, get<Word>(state, op->target));
    if (kKind != Binary::Cmpxchg || cpu->flags.is_zero()) set<Word>(state, op->target, value);
    DRYDOCK_CONTINUE(op + 1);
}

template <Binary kKind, typename Word, bool kSlow>
Operation const* exchange_memory(Operation const* op, X86State* state, Interpreter* cpu)
{
    u64 const address = effective_address(op, state);
    std::byte* const bytes = writing<kSlow, sizeof(Word)>(cpu, op, address);
    if (bytes == nullptr) [[unlikely]]
        return missed<kSlow>(&exchange_memory<kKind, Word, true>, op, state, cpu);
    store_bytes<Word>(bytes, exchange<kKind>(op, state, cpu, load_bytes<Word>(bytes)));
    written<kSlow>(cpu, op);
    DRYDOCK_CONTINUE(op + 1);
}

template <Binary kKind, typename Word>
Handler exchange_form(Form form)
{
    if (form == Form::RegReg) return &exchange_register<kKind, Word>;
    if (form == Form::MemReg) return &exchange_memory<kKind, Word, false>;
    return nullptr;
}

template <Binary kKind>
Handler exchange_sized(Form form, unsigned size)
{
    switch (size) {
    case 1: return exchange_form<kKind, u8>(form);
    case 2: return exchange_form<kKind, u16>(form);
    case 4: return exchange_form<kKind, u32>(form);
    case 8: return exchange_form<kKind, u64>(form);
    default: return nullptr;
    }
}

// CMPXCHG8B and CMPXCHG16B: rdx:rax against memory; equal stores rcx:rbx, else loads rdx:rax.
template <typename Word, bool kSlow>
Operation const* cmpxchg_pair(Operation const* op, X86State* state, Interpreter* cpu)
{
    u64 const address = effective_address(op, state);
    if (sizeof(Word) == 8 && address % 16 != 0) return cpu->raise(op, vector::kGeneralProtection);
    std::byte* const bytes = writing<kSlow, 2 * sizeof(Word)>(cpu, op, address);
    if (bytes == nullptr) [[unlikely]]
        return missed<kSlow>(&cmpxchg_pair<Word, true>, op, state, cpu);
    constexpr u8 kRcx = 8;
    constexpr u8 kRdx = 16;
    constexpr u8 kRbx = 24;
    Word const low = load_bytes<Word>(bytes);
    Word const high = load_bytes<Word>(bytes + sizeof(Word));
    bool const is_equal = low == get<Word>(state, kRaxSlot) && high == get<Word>(state, kRdx);
    if (is_equal) {
        store_bytes<Word>(bytes, get<Word>(state, kRbx));
        store_bytes<Word>(bytes + sizeof(Word), get<Word>(state, kRcx));
    } else {
        set<Word>(state, kRaxSlot, low);
        set<Word>(state, kRdx, high);
    }
    written<kSlow>(cpu, op);
    u64 const others = cpu->flags.pack() & ~rflags::kZero;
    cpu->flags.unpack(others | (is_equal ? rflags::kZero : 0));
    return op + 1;
}

}  // namespace

Handler unary_handler(Unary kind, bool is_memory, unsigned size)
{
    switch (kind) {
    case Unary::Not: return unary_sized<Unary::Not>(is_memory, size);
    case Unary::Neg: return unary_sized<Unary::Neg>(is_memory, size);
    case Unary::Inc: return unary_sized<Unary::Inc>(is_memory, size);
    case Unary::Dec: return unary_sized<Unary::Dec>(is_memory, size);
    }
    return nullptr;
}

Handler exchange_handler(Binary kind, Form form, unsigned size)
{
    if (kind == Binary::Xchg) return exchange_sized<Binary::Xchg>(form, size);
    if (kind == Binary::Xadd) return exchange_sized<Binary::Xadd>(form, size);
    return exchange_sized<Binary::Cmpxchg>(form, size);
}

Handler cmpxchg_pair_handler(unsigned size)
{
    return size == 16 ? &cmpxchg_pair<u64, false> : &cmpxchg_pair<u32, false>;
}

}  // namespace drydock::hwmodel
