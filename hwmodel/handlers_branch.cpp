// Jumps, calls and returns: the operations that end a block.

#include "hwmodel/arithmetic.h"
#include "hwmodel/handler.h"
#include "hwmodel/handlers.h"

namespace drydock::hwmodel {

namespace {

constexpr u8 kRcxSlot = 8;
constexpr u8 kRspSlot = 32;

u64 relative_target(Operation const* op, X86State const* state)
{
    return next_rip(op, state) + static_cast<u64>(i64{op->displacement});
}

Operation const* jump(Operation const* op, X86State* state, Interpreter* cpu)
{
    DRYDOCK_FOLLOW(block_link(op, 0), relative_target(op, state));
}

template <unsigned kCode>
Operation const* jump_condition(Operation const* op, X86State* state, Interpreter* cpu)
{
    if (test_condition<kCode>(cpu->flags)) {
        DRYDOCK_FOLLOW(block_link(op, 0), relative_target(op, state));
    }
    DRYDOCK_FOLLOW(block_link(op, 1), next_rip(op, state));
}

// A compare and the conditional jump behind it in one step. The jump's own operation follows.
template <Binary kKind, typename Word, Form kForm, unsigned kCode, bool kSlow>
Operation const* compare_jump(Operation const* op, X86State* state, Interpreter* cpu)
{
    Word a{};
    Word b{};
    if constexpr (kForm == Form::RegReg || kForm == Form::RegImm) {
        a = get<Word>(state, op->target);
    } else {
        std::byte const* const bytes =
            reading<kSlow, sizeof(Word)>(cpu, op, effective_address(op, state));
        if (bytes == nullptr) [[unlikely]]
            return missed<kSlow>(&compare_jump<kKind, Word, kForm, kCode, true>, op, state, cpu);
        (kForm == Form::RegMem ? b : a) = load_bytes<Word>(bytes);
    }
    if constexpr (kForm == Form::RegMem) a = get<Word>(state, op->target);
    if constexpr (kForm == Form::RegImm || kForm == Form::MemImm)
        b = static_cast<Word>(op->immediate);
    if constexpr (kForm == Form::RegReg || kForm == Form::MemReg) b = get<Word>(state, op->source);
    (void)compute<kKind>(cpu->flags, a, b);
    Operation const* const next = op + 1;
    if (test_condition<kCode>(cpu->flags)) {
        DRYDOCK_FOLLOW(block_link(next, 0), relative_target(next, state));
    }
    DRYDOCK_FOLLOW(block_link(next, 1), next_rip(next, state));
}

// Intel SDM vol. 2, JMP, CALL, RET: a non-canonical target faults at the branch, before any change.
Operation const* jump_register(Operation const* op, X86State* state, Interpreter* cpu)
{
    u64 const target = get<u64>(state, op->source);
    if (!is_canonical(target)) [[unlikely]]
        return cpu->raise(op, vector::kGeneralProtection);
    DRYDOCK_FOLLOW(jump_entry(cpu, target), target);
}

template <bool kSlow>
Operation const* jump_memory(Operation const* op, X86State* state, Interpreter* cpu)
{
    std::byte const* const bytes = reading<kSlow, 8>(cpu, op, effective_address(op, state));
    if (bytes == nullptr) [[unlikely]]
        return missed<kSlow>(&jump_memory<true>, op, state, cpu);
    u64 const target = load_bytes<u64>(bytes);
    if (!is_canonical(target)) [[unlikely]]
        return cpu->raise(op, vector::kGeneralProtection);
    DRYDOCK_FOLLOW(jump_entry(cpu, target), target);
}

template <bool kSlow>
bool push_return(Operation const* op, X86State* state, Interpreter* cpu)
{
    u64 const rsp = get<u64>(state, kRspSlot) - 8;
    std::byte* const bytes = writing<kSlow, 8>(cpu, op, rsp);
    if (bytes == nullptr) [[unlikely]]
        return false;
    store_bytes<u64>(bytes, next_rip(op, state));
    written<kSlow>(cpu, op);
    set<u64>(state, kRspSlot, rsp);
    return true;
}

template <bool kSlow>
Operation const* call(Operation const* op, X86State* state, Interpreter* cpu)
{
    if (!push_return<kSlow>(op, state, cpu)) [[unlikely]]
        return missed<kSlow>(&call<true>, op, state, cpu);
    DRYDOCK_FOLLOW(block_link(op, 0), relative_target(op, state));
}

template <bool kSlow>
Operation const* call_register(Operation const* op, X86State* state, Interpreter* cpu)
{
    u64 const target = get<u64>(state, op->source);
    if (!is_canonical(target)) [[unlikely]]
        return cpu->raise(op, vector::kGeneralProtection);
    if (!push_return<kSlow>(op, state, cpu)) [[unlikely]]
        return missed<kSlow>(&call_register<true>, op, state, cpu);
    DRYDOCK_FOLLOW(jump_entry(cpu, target), target);
}

template <bool kSlow>
Operation const* call_memory(Operation const* op, X86State* state, Interpreter* cpu)
{
    std::byte const* const bytes = reading<kSlow, 8>(cpu, op, effective_address(op, state));
    if (bytes == nullptr) [[unlikely]]
        return missed<kSlow>(&call_memory<true>, op, state, cpu);
    u64 const target = load_bytes<u64>(bytes);
    if (!is_canonical(target)) [[unlikely]]
        return cpu->raise(op, vector::kGeneralProtection);
    if (!push_return<kSlow>(op, state, cpu)) [[unlikely]]
        return missed<kSlow>(&call_memory<true>, op, state, cpu);
    DRYDOCK_FOLLOW(jump_entry(cpu, target), target);
}

// RET; the displacement is the count of bytes that RET imm16 drops.
template <bool kSlow>
Operation const* return_near(Operation const* op, X86State* state, Interpreter* cpu)
{
    u64 const rsp = get<u64>(state, kRspSlot);
    std::byte const* const bytes = reading<kSlow, 8>(cpu, op, rsp);
    if (bytes == nullptr) [[unlikely]]
        return missed<kSlow>(&return_near<true>, op, state, cpu);
    u64 const target = load_bytes<u64>(bytes);
    if (!is_canonical(target)) [[unlikely]]
        return cpu->raise(op, vector::kGeneralProtection);
    set<u64>(state, kRspSlot, rsp + 8 + static_cast<u64>(i64{op->displacement}));
    DRYDOCK_FOLLOW(jump_entry(cpu, target), target);
}

Operation const* loop_or_jrcxz(Operation const* op, X86State* state, Interpreter* cpu)
{
    bool const is_32 = (op->flags & operation_flag::kAddress32) != 0;
    u64 count = is_32 ? get<u32>(state, kRcxSlot) : get<u64>(state, kRcxSlot);
    bool taken = count == 0;
    if (op->extra != 0) {
        --count;
        if (is_32) {
            count = static_cast<u32>(count);
            set<u32>(state, kRcxSlot, static_cast<u32>(count));
        } else {
            set<u64>(state, kRcxSlot, count);
        }
        taken = count != 0;
        if (op->extra == 2) taken = taken && cpu->flags.is_zero();
        if (op->extra == 3) taken = taken && !cpu->flags.is_zero();
    }
    if (taken) {
        DRYDOCK_FOLLOW(block_link(op, 0), relative_target(op, state));
    }
    DRYDOCK_FOLLOW(block_link(op, 1), next_rip(op, state));
}

// Not an instruction: the block was cut here and goes on in the next one. Its length is 0.
Operation const* block_end(Operation const* op, X86State* state, Interpreter* cpu)
{
    DRYDOCK_FOLLOW(block_link(op, 0), next_rip(op, state));
}

Operation const* resync(Operation const* op, X86State*, Interpreter* cpu)
{
    return cpu->resync(op);
}

template <unsigned kCode>
Handler jump_coded(unsigned condition)
{
    if (condition == kCode) return &jump_condition<kCode>;
    if constexpr (kCode < 15) return jump_coded<kCode + 1>(condition);
    return nullptr;
}

template <Binary kKind, typename Word, Form kForm, unsigned kCode>
Handler compare_jump_coded(unsigned condition)
{
    // OF, NO, P and NP after a comparison are too rare to fuse.
    constexpr bool kUseful = kCode >= 2 && kCode != 10 && kCode != 11;
    if constexpr (kUseful) {
        if (condition == kCode) return &compare_jump<kKind, Word, kForm, kCode, false>;
    }
    if constexpr (kCode < 15) return compare_jump_coded<kKind, Word, kForm, kCode + 1>(condition);
    return nullptr;
}

template <Binary kKind, typename Word>
Handler compare_jump_form(Form form, unsigned condition)
{
    if (form == Form::RegReg) return compare_jump_coded<kKind, Word, Form::RegReg, 0>(condition);
    if (form == Form::RegImm) return compare_jump_coded<kKind, Word, Form::RegImm, 0>(condition);
    if (form == Form::MemImm) return compare_jump_coded<kKind, Word, Form::MemImm, 0>(condition);
    if constexpr (kKind == Binary::Cmp) {
        if (form == Form::RegMem)
            return compare_jump_coded<kKind, Word, Form::RegMem, 0>(condition);
        if (form == Form::MemReg)
            return compare_jump_coded<kKind, Word, Form::MemReg, 0>(condition);
    }
    return nullptr;
}

// Out of line: the way past it needs no frame.
[[gnu::noinline]] Operation const* look_up_block(Operation const*,
                                                 X86State* state,
                                                 Interpreter* cpu)
{
    Operation const* const first = cpu->enter(state->rip, cpu->link_to_fill);
    if (first == nullptr) return nullptr;
    DRYDOCK_CONTINUE(first);
}

}  // namespace

// Links of the last run are followed here. None has the map stamp while single steps are due, or
// after a block has been dropped.
Operation const* enter_block(Operation const* op, X86State* state, Interpreter* cpu)
{
    Link* const link = cpu->link_to_fill;
    if (link->rip == state->rip && link->map_stamp == cpu->map_stamp) [[likely]] {
        Block& next = *link->block;
        if (next.count <= cpu->remaining && cpu->is_short_and_unchanged(next)) [[likely]] {
            link->stamp = cpu->stamp;
            cpu->remaining -= next.count;
            cpu->block = &next;
            DRYDOCK_CONTINUE(next.first);
        }
    }
    DRYDOCK_TAIL_CALL(look_up_block, op);
}

Handler jump_handler() { return &jump; }
Handler jump_condition_handler(unsigned condition) { return jump_coded<0>(condition); }
Handler jump_register_handler() { return &jump_register; }
Handler jump_memory_handler() { return &jump_memory<false>; }
Handler call_handler() { return &call<false>; }
Handler call_register_handler() { return &call_register<false>; }
Handler call_memory_handler() { return &call_memory<false>; }
Handler return_handler() { return &return_near<false>; }
Handler loop_handler() { return &loop_or_jrcxz; }
Handler block_end_handler() { return &block_end; }
Handler resync_handler() { return &resync; }

Handler compare_jump_handler(Binary kind, Form form, unsigned size, unsigned condition)
{
    if (kind == Binary::Cmp) {
        if (size == 1) return compare_jump_form<Binary::Cmp, u8>(form, condition);
        if (size == 4) return compare_jump_form<Binary::Cmp, u32>(form, condition);
        if (size == 8) return compare_jump_form<Binary::Cmp, u64>(form, condition);
    }
    if (kind == Binary::Test) {
        if (size == 1) return compare_jump_form<Binary::Test, u8>(form, condition);
        if (size == 4) return compare_jump_form<Binary::Test, u32>(form, condition);
        if (size == 8) return compare_jump_form<Binary::Test, u64>(form, condition);
    }
    return nullptr;
}

}  // namespace drydock::hwmodel
