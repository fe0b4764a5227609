// MOV and the two-operand arithmetic, in each operand form and size.

#include "hwmodel/arithmetic.h"
#include "hwmodel/handler.h"

namespace drydock::hwmodel {

namespace {

constexpr bool writes_target(Binary kind) { return kind != Binary::Cmp && kind != Binary::Test; }

constexpr bool reads_target(Binary kind) { return kind != Binary::Mov; }

template <Binary kKind, typename Word, bool kImmediate>
Operation const* register_target(Operation const* op, X86State* state, Interpreter* cpu)
{
    Word const b = kImmediate ? static_cast<Word>(op->immediate) : get<Word>(state, op->source);
    Word const a = reads_target(kKind) ? get<Word>(state, op->target) : Word{};
    Word const result = compute<kKind>(cpu->flags, a, b);
    if constexpr (writes_target(kKind)) set<Word>(state, op->target, result);
    DRYDOCK_CONTINUE(op + 1);
}

template <Binary kKind, typename Word, bool kSlow>
Operation const* register_memory(Operation const* op, X86State* state, Interpreter* cpu)
{
    u64 const address = effective_address(op, state);
    std::byte const* const bytes = reading<kSlow, sizeof(Word)>(cpu, op, address);
    if (bytes == nullptr) [[unlikely]]
        return missed<kSlow>(&register_memory<kKind, Word, true>, op, state, cpu);
    Word const b = load_bytes<Word>(bytes);
    Word const a = reads_target(kKind) ? get<Word>(state, op->target) : Word{};
    Word const result = compute<kKind>(cpu->flags, a, b);
    if constexpr (writes_target(kKind)) set<Word>(state, op->target, result);
    DRYDOCK_CONTINUE(op + 1);
}

template <Binary kKind, typename Word, bool kImmediate, bool kSlow>
Operation const* memory_target(Operation const* op, X86State* state, Interpreter* cpu)
{
    u64 const address = effective_address(op, state);
    std::byte* const bytes = writing<kSlow, sizeof(Word)>(cpu, op, address);
    if (bytes == nullptr) [[unlikely]]
        return missed<kSlow>(&memory_target<kKind, Word, kImmediate, true>, op, state, cpu);
    Word const b = kImmediate ? static_cast<Word>(op->immediate) : get<Word>(state, op->source);
    Word const a = reads_target(kKind) ? load_bytes<Word>(bytes) : Word{};
    store_bytes<Word>(bytes, compute<kKind>(cpu->flags, a, b));
    written<kSlow>(cpu, op);
    DRYDOCK_CONTINUE(op + 1);
}

// CMP and TEST with a memory operand first read it only.
template <Binary kKind, typename Word, bool kImmediate, bool kSlow>
Operation const* memory_compared(Operation const* op, X86State* state, Interpreter* cpu)
{
    u64 const address = effective_address(op, state);
    std::byte const* const bytes = reading<kSlow, sizeof(Word)>(cpu, op, address);
    if (bytes == nullptr) [[unlikely]]
        return missed<kSlow>(&memory_compared<kKind, Word, kImmediate, true>, op, state, cpu);
    Word const b = kImmediate ? static_cast<Word>(op->immediate) : get<Word>(state, op->source);
    (void)compute<kKind>(cpu->flags, load_bytes<Word>(bytes), b);
    DRYDOCK_CONTINUE(op + 1);
}

template <Binary kKind, typename Word>
Handler form_handler(Form form)
{
    constexpr bool kWrites = writes_target(kKind);
    switch (form) {
    case Form::RegReg: return &register_target<kKind, Word, false>;
    case Form::RegImm: return &register_target<kKind, Word, true>;
    case Form::RegMem: return &register_memory<kKind, Word, false>;
    case Form::MemReg:
        if constexpr (kWrites) return &memory_target<kKind, Word, false, false>;
        return &memory_compared<kKind, Word, false, false>;
    case Form::MemImm:
        if constexpr (kWrites) return &memory_target<kKind, Word, true, false>;
        return &memory_compared<kKind, Word, true, false>;
    }
    return nullptr;
}

template <Binary kKind>
Handler sized_handler(Form form, unsigned size)
{
    switch (size) {
    case 1: return form_handler<kKind, u8>(form);
    case 2: return form_handler<kKind, u16>(form);
    case 4: return form_handler<kKind, u32>(form);
    case 8: return form_handler<kKind, u64>(form);
    default: return nullptr;
    }
}

}  // namespace

Handler binary_handler(Binary kind, Form form, unsigned size)
{
    switch (kind) {
    case Binary::Mov: return sized_handler<Binary::Mov>(form, size);
    case Binary::Add: return sized_handler<Binary::Add>(form, size);
    case Binary::Or: return sized_handler<Binary::Or>(form, size);
    case Binary::Adc: return sized_handler<Binary::Adc>(form, size);
    case Binary::Sbb: return sized_handler<Binary::Sbb>(form, size);
    case Binary::And: return sized_handler<Binary::And>(form, size);
    case Binary::Sub: return sized_handler<Binary::Sub>(form, size);
    case Binary::Xor: return sized_handler<Binary::Xor>(form, size);
    case Binary::Cmp: return sized_handler<Binary::Cmp>(form, size);
    case Binary::Test: return sized_handler<Binary::Test>(form, size);
    case Binary::Xchg:
    case Binary::Xadd:
    case Binary::Cmpxchg: return exchange_handler(kind, form, size);
    }
    return nullptr;
}

}  // namespace drydock::hwmodel
