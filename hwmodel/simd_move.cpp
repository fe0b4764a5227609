// Moves between vector registers, general registers and memory (Intel SDM vol. 2, MOVAPS to
// MOVUPS).

#include "hwmodel/mmx.h"

namespace drydock::hwmodel {
namespace {

ExtensionResult move_register(X86State& state, UserMemoryPort&, Extension const& operation, u64)
{
    store_xmm(state, operation.target, load_xmm(state, operation.source));
    return ExtensionResult::Done;
}

// A load of less than 16 bytes clears the rest of the register (MOVD, MOVQ, MOVSS, MOVSD).
template <usize kBytes, Alignment kAlignment>
ExtensionResult move_load(X86State& state,
                          UserMemoryPort& memory,
                          Extension const& operation,
                          u64 address)
{
    Vector value;
    ExtensionResult const loaded = load_vector<kBytes, kAlignment>(memory, address, value);
    if (loaded == ExtensionResult::Done) store_xmm(state, operation.target, value);
    return loaded;
}

template <usize kBytes, Alignment kAlignment>
ExtensionResult move_store(X86State& state,
                           UserMemoryPort& memory,
                           Extension const& operation,
                           u64 address)
{
    return store_vector<kBytes, kAlignment>(memory, address, load_xmm(state, operation.source));
}

// MOVSS and MOVSD between registers keep the upper part of the target; MOVQ clears it.
ExtensionResult move_single(X86State& state, UserMemoryPort&, Extension const& operation, u64)
{
    std::memmove(state.fx.xmm[operation.target], state.fx.xmm[operation.source], 4);
    return ExtensionResult::Done;
}

ExtensionResult move_double(X86State& state, UserMemoryPort&, Extension const& operation, u64)
{
    std::memmove(state.fx.xmm[operation.target], state.fx.xmm[operation.source], 8);
    return ExtensionResult::Done;
}

ExtensionResult move_quadword(X86State& state, UserMemoryPort&, Extension const& operation, u64)
{
    store_xmm(state, operation.target, _mm_move_epi64(load_xmm(state, operation.source)));
    return ExtensionResult::Done;
}

// MOVLPS, MOVHPS and their relatives: one half of a register, the other unchanged.
template <usize kTargetOffset>
ExtensionResult load_half(X86State& state,
                          UserMemoryPort& memory,
                          Extension const& operation,
                          u64 address)
{
    u64 value = 0;
    if (!memory.load(address, &value, sizeof value)) return ExtensionResult::Fault;
    std::memcpy(state.fx.xmm[operation.target] + kTargetOffset, &value, sizeof value);
    return ExtensionResult::Done;
}

template <usize kSourceOffset>
ExtensionResult store_half(X86State& state,
                           UserMemoryPort& memory,
                           Extension const& operation,
                           u64 address)
{
    bool const stored = memory.store(address, state.fx.xmm[operation.source] + kSourceOffset, 8);
    return stored ? ExtensionResult::Done : ExtensionResult::Fault;
}

template <usize kTargetOffset, usize kSourceOffset>
ExtensionResult move_half(X86State& state, UserMemoryPort&, Extension const& operation, u64)
{
    u64 value = 0;
    std::memcpy(&value, state.fx.xmm[operation.source] + kSourceOffset, sizeof value);
    std::memcpy(state.fx.xmm[operation.target] + kTargetOffset, &value, sizeof value);
    return ExtensionResult::Done;
}

// MOVD and MOVQ to and from general registers.
ExtensionResult move_from_gpr(X86State& state, UserMemoryPort&, Extension const& operation, u64)
{
    u64 const value = state.gpr[operation.source];
    u64 const low = operation.operand_size == 8 ? value : static_cast<u32>(value);
    store_xmm(state, operation.target, vector_of(low));
    return ExtensionResult::Done;
}

ExtensionResult move_to_gpr(X86State& state, UserMemoryPort&, Extension const& operation, u64)
{
    store_gpr(state, operation, low_half(load_xmm(state, operation.source)));
    return ExtensionResult::Done;
}

// The sign bits of all elements.
ExtensionResult byte_mask(X86State& state, UserMemoryPort&, Extension const& operation, u64)
{
    int const mask = _mm_movemask_epi8(load_xmm(state, operation.source));
    state.gpr[operation.target] = static_cast<u32>(mask);
    return ExtensionResult::Done;
}

ExtensionResult single_mask(X86State& state, UserMemoryPort&, Extension const& operation, u64)
{
    int const mask = _mm_movemask_ps(_mm_castsi128_ps(load_xmm(state, operation.source)));
    state.gpr[operation.target] = static_cast<u32>(mask);
    return ExtensionResult::Done;
}

ExtensionResult double_mask(X86State& state, UserMemoryPort&, Extension const& operation, u64)
{
    int const mask = _mm_movemask_pd(_mm_castsi128_pd(load_xmm(state, operation.source)));
    state.gpr[operation.target] = static_cast<u32>(mask);
    return ExtensionResult::Done;
}

// MOVNTI: to this model a non-temporal store is a store.
ExtensionResult store_integer(X86State& state,
                              UserMemoryPort& memory,
                              Extension const& operation,
                              u64 address)
{
    u64 const value = state.gpr[operation.source];
    return memory.store(address, &value, operation.operand_size) ? ExtensionResult::Done
                                                                 : ExtensionResult::Fault;
}

constexpr Forms kAligned{.xmm_xmm = move_register,
                         .xmm_memory = move_load<16, Alignment::Required>,
                         .memory_xmm = move_store<16, Alignment::Required>};
constexpr Forms kUnaligned{.xmm_xmm = move_register,
                           .xmm_memory = move_load<16, Alignment::Any>,
                           .memory_xmm = move_store<16, Alignment::Any>};
constexpr Forms kNonTemporal{.memory_xmm = move_store<16, Alignment::Required>};
constexpr Forms kLowHalf{.xmm_memory = load_half<0>, .memory_xmm = store_half<0>};
constexpr Forms kHighHalf{.xmm_memory = load_half<8>, .memory_xmm = store_half<8>};

constexpr TableEntry kTable[] = {
    {ZYDIS_MNEMONIC_MOVAPS, kAligned},
    {ZYDIS_MNEMONIC_MOVAPD, kAligned},
    {ZYDIS_MNEMONIC_MOVDQA, kAligned},
    {ZYDIS_MNEMONIC_MOVUPS, kUnaligned},
    {ZYDIS_MNEMONIC_MOVUPD, kUnaligned},
    {ZYDIS_MNEMONIC_MOVDQU, kUnaligned},
    {ZYDIS_MNEMONIC_LDDQU, kUnaligned},
    {ZYDIS_MNEMONIC_MOVNTPS, kNonTemporal},
    {ZYDIS_MNEMONIC_MOVNTPD, kNonTemporal},
    {ZYDIS_MNEMONIC_MOVNTDQ, kNonTemporal},
    {ZYDIS_MNEMONIC_MOVSS,
     {.xmm_xmm = move_single,
      .xmm_memory = move_load<4, Alignment::Any>,
      .memory_xmm = move_store<4, Alignment::Any>}},
    {ZYDIS_MNEMONIC_MOVSD,
     {.xmm_xmm = move_double,
      .xmm_memory = move_load<8, Alignment::Any>,
      .memory_xmm = move_store<8, Alignment::Any>}},
    {ZYDIS_MNEMONIC_MOVD,
     {.xmm_memory = move_load<4, Alignment::Any>,
      .memory_xmm = move_store<4, Alignment::Any>,
      .xmm_gpr = move_from_gpr,
      .gpr_xmm = move_to_gpr}},
    {ZYDIS_MNEMONIC_MOVQ,
     {.xmm_xmm = move_quadword,
      .xmm_memory = move_load<8, Alignment::Any>,
      .memory_xmm = move_store<8, Alignment::Any>,
      .xmm_gpr = move_from_gpr,
      .gpr_xmm = move_to_gpr}},
    {ZYDIS_MNEMONIC_MOVLPS, kLowHalf},
    {ZYDIS_MNEMONIC_MOVLPD, kLowHalf},
    {ZYDIS_MNEMONIC_MOVHPS, kHighHalf},
    {ZYDIS_MNEMONIC_MOVHPD, kHighHalf},
    {ZYDIS_MNEMONIC_MOVHLPS, {.xmm_xmm = move_half<0, 8>}},
    {ZYDIS_MNEMONIC_MOVLHPS, {.xmm_xmm = move_half<8, 0>}},
    {ZYDIS_MNEMONIC_PMOVMSKB, {.gpr_xmm = byte_mask}},
    {ZYDIS_MNEMONIC_MOVMSKPS, {.gpr_xmm = single_mask}},
    {ZYDIS_MNEMONIC_MOVMSKPD, {.gpr_xmm = double_mask}},
    {ZYDIS_MNEMONIC_MOVNTI, {.memory_gpr = store_integer}},
};

}  // namespace

std::span<TableEntry const> move_table() { return kTable; }

}  // namespace drydock::hwmodel
