// The MMX instructions that have no 128-bit twin in the other tables (Intel SDM vol. 2, EMMS,
// MASKMOVQ, MOVD, MOVDQ2Q, MOVNTQ, MOVQ, MOVQ2DQ, PMOVMSKB).

#include "hwmodel/mmx.h"

namespace drydock::hwmodel {

void rotate_x87_registers(X86State& state)
{
    int const top = (state.fx.fsw & kFswTopMask) >> 11;
    u8 turned[8][16];
    for (int i = 0; i < 8; ++i) std::memcpy(turned[(i + top) & 7], state.fx.st[i], 16);
    std::memcpy(state.fx.st, turned, sizeof turned);
    state.fx.fsw = static_cast<u16>(state.fx.fsw & ~kFswTopMask);
}

namespace {

ExtensionResult empty_mmx(X86State& state, UserMemoryPort&, Extension const&, u64)
{
    if (x87_exception_is_pending(state)) return ExtensionResult::FloatingPoint;
    enter_mmx(state);
    state.fx.ftw = 0;
    return ExtensionResult::Done;
}

ExtensionResult move_register(X86State& state, UserMemoryPort&, Extension const& operation, u64)
{
    if (x87_exception_is_pending(state)) return ExtensionResult::FloatingPoint;
    enter_mmx(state);
    store_mm(state, operation.target, load_mm(state, operation.source));
    return ExtensionResult::Done;
}

template <usize kBytes>
ExtensionResult move_load(X86State& state,
                          UserMemoryPort& memory,
                          Extension const& operation,
                          u64 address)
{
    if (x87_exception_is_pending(state)) return ExtensionResult::FloatingPoint;
    u64 value = 0;
    if (!memory.load(address, &value, kBytes)) return ExtensionResult::Fault;
    enter_mmx(state);
    store_mm(state, operation.target, value);
    return ExtensionResult::Done;
}

template <usize kBytes>
ExtensionResult move_store(X86State& state,
                           UserMemoryPort& memory,
                           Extension const& operation,
                           u64 address)
{
    if (x87_exception_is_pending(state)) return ExtensionResult::FloatingPoint;
    if (!memory.probe_store(address, kBytes)) return ExtensionResult::Fault;
    enter_mmx(state);
    u64 const value = load_mm(state, operation.source);
    return memory.store(address, &value, kBytes) ? ExtensionResult::Done : ExtensionResult::Fault;
}

ExtensionResult move_from_gpr(X86State& state, UserMemoryPort&, Extension const& operation, u64)
{
    if (x87_exception_is_pending(state)) return ExtensionResult::FloatingPoint;
    enter_mmx(state);
    u64 const value = state.gpr[operation.source];
    store_mm(
        state, operation.target, operation.operand_size == 8 ? value : static_cast<u32>(value));
    return ExtensionResult::Done;
}

ExtensionResult move_to_gpr(X86State& state, UserMemoryPort&, Extension const& operation, u64)
{
    if (x87_exception_is_pending(state)) return ExtensionResult::FloatingPoint;
    enter_mmx(state);
    store_gpr(state, operation, load_mm(state, operation.source));
    return ExtensionResult::Done;
}

ExtensionResult move_to_xmm(X86State& state, UserMemoryPort&, Extension const& operation, u64)
{
    if (x87_exception_is_pending(state)) return ExtensionResult::FloatingPoint;
    enter_mmx(state);
    store_xmm(state, operation.target, vector_of(load_mm(state, operation.source)));
    return ExtensionResult::Done;
}

ExtensionResult move_from_xmm(X86State& state, UserMemoryPort&, Extension const& operation, u64)
{
    if (x87_exception_is_pending(state)) return ExtensionResult::FloatingPoint;
    enter_mmx(state);
    store_mm(state, operation.target, low_half(load_xmm(state, operation.source)));
    return ExtensionResult::Done;
}

ExtensionResult byte_mask(X86State& state, UserMemoryPort&, Extension const& operation, u64)
{
    if (x87_exception_is_pending(state)) return ExtensionResult::FloatingPoint;
    enter_mmx(state);
    int const mask = _mm_movemask_epi8(vector_of(load_mm(state, operation.source)));
    state.gpr[operation.target] = static_cast<u32>(mask);
    return ExtensionResult::Done;
}

ExtensionResult store_masked(X86State& state,
                             UserMemoryPort& memory,
                             Extension const& operation,
                             u64)
{
    if (x87_exception_is_pending(state)) return ExtensionResult::FloatingPoint;
    X86State entered = state;
    enter_mmx(entered);
    std::span<u8 const> const data(entered.fx.st[operation.target], 8);
    std::span<u8 const> const mask(entered.fx.st[operation.source], 8);
    ExtensionResult const result = store_selected_bytes(state, memory, operation, data, mask);
    if (result == ExtensionResult::Done) enter_mmx(state);
    return result;
}

constexpr TableEntry kTable[] = {
    {ZYDIS_MNEMONIC_EMMS, {.none = empty_mmx}},
    {ZYDIS_MNEMONIC_MOVD,
     {.mm_memory = move_load<4>,
      .memory_mm = move_store<4>,
      .mm_gpr = move_from_gpr,
      .gpr_mm = move_to_gpr}},
    {ZYDIS_MNEMONIC_MOVQ,
     {.mm_mm = move_register,
      .mm_memory = move_load<8>,
      .memory_mm = move_store<8>,
      .mm_gpr = move_from_gpr,
      .gpr_mm = move_to_gpr}},
    {ZYDIS_MNEMONIC_MOVNTQ, {.memory_mm = move_store<8>}},
    {ZYDIS_MNEMONIC_MOVQ2DQ, {.xmm_mm = move_to_xmm}},
    {ZYDIS_MNEMONIC_MOVDQ2Q, {.mm_xmm = move_from_xmm}},
    {ZYDIS_MNEMONIC_PMOVMSKB, {.gpr_mm = byte_mask}},
    {ZYDIS_MNEMONIC_MASKMOVQ, {.mm_mm = store_masked}},
};

}  // namespace

std::span<TableEntry const> mmx_table() { return kTable; }

}  // namespace drydock::hwmodel
