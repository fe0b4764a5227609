// Moves that are more than MOV: extensions, addresses, the stack, conditional moves.

#include "hwmodel/handler.h"
#include "hwmodel/handlers.h"

namespace drydock::hwmodel {

namespace {

constexpr u8 kRaxSlot = 0;
constexpr u8 kRdxSlot = 16;
constexpr u8 kRbxSlot = 24;
constexpr u8 kRspSlot = 32;
constexpr u8 kRbpSlot = 40;

template <typename Target, typename Source>
Target extended(Source value)
{
    return static_cast<Target>(value);  // Source is signed for MOVSX.
}

template <typename Target, typename Source>
Operation const* extend_register(Operation const* op, X86State* state, Interpreter* cpu)
{
    set<Target>(state, op->target, extended<Target>(get<Source>(state, op->source)));
    DRYDOCK_CONTINUE(op + 1);
}

template <typename Target, typename Source, bool kSlow>
Operation const* extend_memory(Operation const* op, X86State* state, Interpreter* cpu)
{
    std::byte const* const bytes =
        reading<kSlow, sizeof(Source)>(cpu, op, effective_address(op, state));
    if (bytes == nullptr) [[unlikely]]
        return missed<kSlow>(&extend_memory<Target, Source, true>, op, state, cpu);
    set<Target>(state, op->target, extended<Target>(load_bytes<Source>(bytes)));
    DRYDOCK_CONTINUE(op + 1);
}

template <typename Source>
Handler extend_sized(bool is_memory, unsigned target_size)
{
    switch (target_size) {
    case 2: return is_memory ? &extend_memory<u16, Source, false> : &extend_register<u16, Source>;
    case 4: return is_memory ? &extend_memory<u32, Source, false> : &extend_register<u32, Source>;
    case 8: return is_memory ? &extend_memory<u64, Source, false> : &extend_register<u64, Source>;
    default: return nullptr;
    }
}

template <typename Word>
Operation const* lea(Operation const* op, X86State* state, Interpreter* cpu)
{
    set<Word>(state, op->target, static_cast<Word>(effective_address(op, state)));
    DRYDOCK_CONTINUE(op + 1);
}

Operation const* rare_address(Operation const* op, X86State* state, Interpreter*)
{
    u64 address = get<u64>(state, op->base) +
                  get<u64>(state, op->index) * static_cast<u64>(i64{op->factor}) + op->immediate;
    // With a 67h prefix the sum is cut before the segment base is added (Intel SDM vol. 1, 3.3.7).
    if ((op->flags & operation_flag::kAddress32) != 0) address = static_cast<u32>(address);
    if (op->extra != kNoSlot) address += get<u64>(state, op->extra);
    set<u64>(state, kScratchSlot, address);
    return op + 1;
}

template <bool kSlow, typename Word>
bool push(Operation const* op, X86State* state, Interpreter* cpu, Word value)
{
    u64 const rsp = get<u64>(state, kRspSlot) - sizeof(Word);
    std::byte* const bytes = writing<kSlow, sizeof(Word)>(cpu, op, rsp);
    if (bytes == nullptr) [[unlikely]]
        return false;
    store_bytes<Word>(bytes, value);
    written<kSlow>(cpu, op);
    set<u64>(state, kRspSlot, rsp);
    return true;
}

template <typename Word, bool kImmediate, bool kSlow>
Operation const* push_value(Operation const* op, X86State* state, Interpreter* cpu)
{
    Word const value = kImmediate ? static_cast<Word>(op->immediate) : get<Word>(state, op->source);
    if (!push<kSlow>(op, state, cpu, value)) [[unlikely]]
        return missed<kSlow>(&push_value<Word, kImmediate, true>, op, state, cpu);
    DRYDOCK_CONTINUE(op + 1);
}

template <typename Word>
Operation const* push_memory(Operation const* op, X86State* state, Interpreter* cpu)
{
    std::byte const* const bytes = cpu->begin_read(*op, effective_address(op, state), sizeof(Word));
    if (bytes == nullptr) return cpu->fault(op);
    Word const value = load_bytes<Word>(bytes);
    if (!push<true>(op, state, cpu, value)) return cpu->fault(op);
    return op + 1;
}

template <typename Word, bool kSlow>
Operation const* pop_register(Operation const* op, X86State* state, Interpreter* cpu)
{
    u64 const rsp = get<u64>(state, kRspSlot);
    std::byte const* const bytes = reading<kSlow, sizeof(Word)>(cpu, op, rsp);
    if (bytes == nullptr) [[unlikely]]
        return missed<kSlow>(&pop_register<Word, true>, op, state, cpu);
    set<u64>(state, kRspSlot, rsp + sizeof(Word));
    set<Word>(state, op->target, load_bytes<Word>(bytes));  // POP RSP keeps what was popped.
    DRYDOCK_CONTINUE(op + 1);
}

// An address that uses RSP sees it already incremented (Intel SDM vol. 2, POP).
template <typename Word>
Operation const* pop_memory(Operation const* op, X86State* state, Interpreter* cpu)
{
    u64 const rsp = get<u64>(state, kRspSlot);
    std::byte const* const source = cpu->begin_read(*op, rsp, sizeof(Word));
    if (source == nullptr) return cpu->fault(op);
    Word const value = load_bytes<Word>(source);
    set<u64>(state, kRspSlot, rsp + sizeof(Word));
    std::byte* const target = cpu->begin_write(*op, effective_address(op, state), sizeof(Word));
    if (target == nullptr) {
        set<u64>(state, kRspSlot, rsp);
        return cpu->fault(op);
    }
    store_bytes<Word>(target, value);
    cpu->finish_write(*op);
    return op + 1;
}

template <typename Word, bool kSlow>
Operation const* leave(Operation const* op, X86State* state, Interpreter* cpu)
{
    u64 const rbp = get<u64>(state, kRbpSlot);
    std::byte const* const bytes = reading<kSlow, sizeof(Word)>(cpu, op, rbp);
    if (bytes == nullptr) [[unlikely]]
        return missed<kSlow>(&leave<Word, true>, op, state, cpu);
    set<u64>(state, kRspSlot, rbp + sizeof(Word));
    set<Word>(state, kRbpSlot, load_bytes<Word>(bytes));
    DRYDOCK_CONTINUE(op + 1);
}

// Intel SDM vol. 2, ENTER: pushes RBP; with a nesting level, level - 1 frame pointers of the frame
// that RBP names, and the new one. All that faults does so before anything has changed; the frame
// that it makes room for must be writable at its end.
template <typename Word>
Operation const* enter_frame(Operation const* op, X86State* state, Interpreter* cpu)
{
    constexpr u64 kSize = sizeof(Word);
    u64 const level = op->extra;
    u64 const top = get<u64>(state, kRspSlot);
    u64 const display = get<u64>(state, kRbpSlot);
    u64 const frame = top - kSize;
    u64 const new_rsp = frame - level * kSize - op->immediate;
    for (u64 i = 0; i <= level; ++i) {
        if (cpu->begin_write(*op, frame - i * kSize, kSize) == nullptr) return cpu->fault(op);
        bool const copies = i > 0 && i < level;
        if (copies && cpu->begin_read(*op, display - i * kSize, kSize) == nullptr)
            return cpu->fault(op);
    }
    if (cpu->begin_write(*op, new_rsp, kSize) == nullptr) return cpu->fault(op);
    for (u64 i = 0; i <= level; ++i) {
        Word value = static_cast<Word>(i == 0 ? display : frame);
        if (i > 0 && i < level)
            value = load_bytes<Word>(cpu->begin_read(*op, display - i * kSize, kSize));
        store_bytes<Word>(cpu->begin_write(*op, frame - i * kSize, kSize), value);
        cpu->finish_write(*op);
    }
    set<Word>(state, kRbpSlot, static_cast<Word>(frame));
    set<u64>(state, kRspSlot, new_rsp);
    return op + 1;
}

template <typename Word>
Operation const* bswap(Operation const* op, X86State* state, Interpreter* cpu)
{
    Word const value = get<Word>(state, op->target);
    if constexpr (sizeof(Word) == 8) {
        set<Word>(state, op->target, __builtin_bswap64(value));
    } else if constexpr (sizeof(Word) == 2) {
        set<Word>(state, op->target, 0);
    } else {
        set<Word>(state, op->target, __builtin_bswap32(value));
    }
    DRYDOCK_CONTINUE(op + 1);
}

template <typename Word, typename Half>
Operation const* widen_accumulator(Operation const* op, X86State* state, Interpreter* cpu)
{
    set<Word>(state, kRaxSlot, extended<Word>(get<Half>(state, kRaxSlot)));
    DRYDOCK_CONTINUE(op + 1);
}

template <typename Word>
Operation const* widen_to_pair(Operation const* op, X86State* state, Interpreter* cpu)
{
    bool const is_negative = (get<Word>(state, kRaxSlot) >> (8 * sizeof(Word) - 1)) != 0;
    set<Word>(state, kRdxSlot, is_negative ? static_cast<Word>(~Word{0}) : Word{0});
    DRYDOCK_CONTINUE(op + 1);
}

template <typename Word, unsigned kCode>
Operation const* cmov_register(Operation const* op, X86State* state, Interpreter* cpu)
{
    // A 32-bit CMOV clears the upper half even if it does not move (Intel SDM vol. 2, CMOVcc).
    u8 const slot = test_condition<kCode>(cpu->flags) ? op->source : op->target;
    set<Word>(state, op->target, get<Word>(state, slot));
    DRYDOCK_CONTINUE(op + 1);
}

template <typename Word, unsigned kCode, bool kSlow>
Operation const* cmov_memory(Operation const* op, X86State* state, Interpreter* cpu)
{
    std::byte const* const bytes =
        reading<kSlow, sizeof(Word)>(cpu, op, effective_address(op, state));
    if (bytes == nullptr) [[unlikely]]
        return missed<kSlow>(&cmov_memory<Word, kCode, true>, op, state, cpu);
    Word const old = get<Word>(state, op->target);
    Word const value = load_bytes<Word>(bytes);
    set<Word>(state, op->target, test_condition<kCode>(cpu->flags) ? value : old);
    DRYDOCK_CONTINUE(op + 1);
}

template <unsigned kCode>
Operation const* setcc_register(Operation const* op, X86State* state, Interpreter* cpu)
{
    set<u8>(state, op->target, test_condition<kCode>(cpu->flags) ? u8{1} : u8{0});
    DRYDOCK_CONTINUE(op + 1);
}

template <unsigned kCode, bool kSlow>
Operation const* setcc_memory(Operation const* op, X86State* state, Interpreter* cpu)
{
    std::byte* const bytes = writing<kSlow, 1>(cpu, op, effective_address(op, state));
    if (bytes == nullptr) [[unlikely]]
        return missed<kSlow>(&setcc_memory<kCode, true>, op, state, cpu);
    store_bytes<u8>(bytes, test_condition<kCode>(cpu->flags) ? u8{1} : u8{0});
    written<kSlow>(cpu, op);
    DRYDOCK_CONTINUE(op + 1);
}

template <unsigned kCode>
Handler cmov_sized(bool is_memory, unsigned size)
{
    switch (size) {
    case 2: return is_memory ? &cmov_memory<u16, kCode, false> : &cmov_register<u16, kCode>;
    case 4: return is_memory ? &cmov_memory<u32, kCode, false> : &cmov_register<u32, kCode>;
    case 8: return is_memory ? &cmov_memory<u64, kCode, false> : &cmov_register<u64, kCode>;
    default: return nullptr;
    }
}

template <unsigned kCode>
Handler cmov_coded(unsigned condition, bool is_memory, unsigned size)
{
    if (condition == kCode) return cmov_sized<kCode>(is_memory, size);
    if constexpr (kCode < 15) return cmov_coded<kCode + 1>(condition, is_memory, size);
    return nullptr;
}

template <unsigned kCode>
Handler setcc_coded(unsigned condition, bool is_memory)
{
    if (condition == kCode) return is_memory ? &setcc_memory<kCode, false> : &setcc_register<kCode>;
    if constexpr (kCode < 15) return setcc_coded<kCode + 1>(condition, is_memory);
    return nullptr;
}

// `extra` is a segment base's slot, or none.
Operation const* xlat(Operation const* op, X86State* state, Interpreter* cpu)
{
    u64 address = get<u64>(state, kRbxSlot) + get<u8>(state, kRaxSlot);
    if ((op->flags & operation_flag::kAddress32) != 0) address = static_cast<u32>(address);
    if (op->extra != kNoSlot) address += get<u64>(state, op->extra);
    std::byte const* const bytes = cpu->begin_read(*op, address, 1);
    if (bytes == nullptr) return cpu->fault(op);
    set<u8>(state, kRaxSlot, load_bytes<u8>(bytes));
    return op + 1;
}

template <typename Word>
Operation const* pushf(Operation const* op, X86State* state, Interpreter* cpu)
{
    // RF and VM are pushed as 0 (Intel SDM vol. 2, PUSHF).
    u64 const value = cpu->packed_flags() & 0xfcffff;
    if (!push<true>(op, state, cpu, static_cast<Word>(value))) return cpu->fault(op);
    return op + 1;
}

template <typename Word>
Operation const* popf(Operation const* op, X86State* state, Interpreter* cpu)
{
    u64 const rsp = get<u64>(state, kRspSlot);
    std::byte const* const bytes = cpu->begin_read(*op, rsp, sizeof(Word));
    if (bytes == nullptr) return cpu->fault(op);
    u64 const writable = rflags::kUserWritable & (sizeof(Word) == 2 ? 0xffff : ~u64{0});
    u64 const value = load_bytes<Word>(bytes);
    set<u64>(state, kRspSlot, rsp + sizeof(Word));
    cpu->set_packed_flags((cpu->packed_flags() & ~writable) | (value & writable));
    // Ends its block: the trap and alignment flags decide how the next instruction runs.
    return cpu->enter(next_rip(op, state), nullptr);
}

}  // namespace

Handler extend_handler(bool is_signed, bool is_memory, unsigned target_size, unsigned source_size)
{
    if (is_signed) {
        if (source_size == 1) return extend_sized<i8>(is_memory, target_size);
        if (source_size == 2) return extend_sized<i16>(is_memory, target_size);
        return extend_sized<i32>(is_memory, target_size);
    }
    if (source_size == 1) return extend_sized<u8>(is_memory, target_size);
    return extend_sized<u16>(is_memory, target_size);
}

Handler lea_handler(unsigned size)
{
    return size == 8 ? &lea<u64> : size == 4 ? &lea<u32> : &lea<u16>;
}

Handler rare_address_handler() { return &rare_address; }

Handler push_register_handler(unsigned size)
{
    return size == 8 ? &push_value<u64, false, false> : &push_value<u16, false, false>;
}

Handler push_immediate_handler(unsigned size)
{
    return size == 8 ? &push_value<u64, true, false> : &push_value<u16, true, false>;
}

Handler push_memory_handler(unsigned size)
{
    return size == 8 ? &push_memory<u64> : &push_memory<u16>;
}

Handler pop_register_handler(unsigned size)
{
    return size == 8 ? &pop_register<u64, false> : &pop_register<u16, false>;
}

Handler pop_memory_handler(unsigned size)
{
    return size == 8 ? &pop_memory<u64> : &pop_memory<u16>;
}

Handler leave_handler(unsigned size) { return size == 8 ? &leave<u64, false> : &leave<u16, false>; }

Handler enter_handler(unsigned size) { return size == 8 ? &enter_frame<u64> : &enter_frame<u16>; }

Handler bswap_handler(unsigned size)
{
    // The manual leaves a 16-bit BSWAP undefined; processors make it 0.
    return size == 8 ? &bswap<u64> : size == 4 ? &bswap<u32> : &bswap<u16>;
}

Handler widen_accumulator_handler(unsigned size)
{
    if (size == 8) return &widen_accumulator<u64, i32>;
    return size == 4 ? &widen_accumulator<u32, i16> : &widen_accumulator<u16, i8>;
}

Handler widen_to_pair_handler(unsigned size)
{
    return size == 8 ? &widen_to_pair<u64> : size == 4 ? &widen_to_pair<u32> : &widen_to_pair<u16>;
}

Handler cmov_handler(unsigned condition, bool is_memory, unsigned size)
{
    return cmov_coded<0>(condition, is_memory, size);
}

Handler setcc_handler(unsigned condition, bool is_memory)
{
    return setcc_coded<0>(condition, is_memory);
}

Handler xlat_handler() { return &xlat; }
Handler pushf_handler(unsigned size) { return size == 8 ? &pushf<u64> : &pushf<u16>; }
Handler popf_handler(unsigned size) { return size == 8 ? &popf<u64> : &popf<u16>; }

}  // namespace drydock::hwmodel
