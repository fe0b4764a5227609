// Direct handlers for the SSE2 integer instructions that C libraries' string functions live on. The
// others go by way of Extension. All are exact by definition: no rounding, no flags, no exceptions
// but #GP for a misaligned operand.

#include "hwmodel/handler.h"
#include "hwmodel/handlers.h"

#include <emmintrin.h>

namespace drydock::hwmodel {

namespace {

__m128i get_vector(X86State const* state, u8 number)
{
    return _mm_load_si128(reinterpret_cast<__m128i const*>(state->fx.xmm[number]));
}

void set_vector(X86State* state, u8 number, __m128i value)
{
    _mm_store_si128(reinterpret_cast<__m128i*>(state->fx.xmm[number]), value);
}

template <Vector kKind>
__m128i combine(__m128i a, __m128i b)
{
    switch (kKind) {
    case Vector::Move: return b;
    case Vector::Xor: return _mm_xor_si128(a, b);
    case Vector::Or: return _mm_or_si128(a, b);
    case Vector::And: return _mm_and_si128(a, b);
    case Vector::AndNot: return _mm_andnot_si128(a, b);
    case Vector::EqualBytes: return _mm_cmpeq_epi8(a, b);
    case Vector::EqualDwords: return _mm_cmpeq_epi32(a, b);
    case Vector::GreaterBytes: return _mm_cmpgt_epi8(a, b);
    case Vector::MinimumBytes: return _mm_min_epu8(a, b);
    case Vector::MaximumBytes: return _mm_max_epu8(a, b);
    case Vector::AddBytes: return _mm_add_epi8(a, b);
    case Vector::AddDwords: return _mm_add_epi32(a, b);
    case Vector::AddQwords: return _mm_add_epi64(a, b);
    case Vector::SubtractBytes: return _mm_sub_epi8(a, b);
    case Vector::SubtractSaturating: return _mm_subs_epu8(a, b);
    case Vector::InterleaveBytes: return _mm_unpacklo_epi8(a, b);
    case Vector::InterleaveWords: return _mm_unpacklo_epi16(a, b);
    case Vector::InterleaveDwords: return _mm_unpacklo_epi32(a, b);
    case Vector::InterleaveQwords: return _mm_unpacklo_epi64(a, b);
    }
    return a;
}

template <Vector kKind>
Operation const* vector_register(Operation const* op, X86State* state, Interpreter* cpu)
{
    set_vector(state,
               op->target,
               combine<kKind>(get_vector(state, op->target), get_vector(state, op->source)));
    DRYDOCK_CONTINUE(op + 1);
}

template <Vector kKind, bool kAligned, bool kSlow>
Operation const* vector_memory(Operation const* op, X86State* state, Interpreter* cpu)
{
    u64 const address = effective_address(op, state);
    if (kAligned && address % 16 != 0) [[unlikely]]
        return cpu->raise(op, vector::kGeneralProtection);
    std::byte const* const bytes = reading<kSlow, 16>(cpu, op, address);
    if (bytes == nullptr) [[unlikely]]
        return missed<kSlow>(&vector_memory<kKind, kAligned, true>, op, state, cpu);
    __m128i const value = _mm_loadu_si128(reinterpret_cast<__m128i const*>(bytes));
    set_vector(state, op->target, combine<kKind>(get_vector(state, op->target), value));
    DRYDOCK_CONTINUE(op + 1);
}

template <bool kAligned, bool kSlow>
Operation const* vector_store(Operation const* op, X86State* state, Interpreter* cpu)
{
    u64 const address = effective_address(op, state);
    if (kAligned && address % 16 != 0) [[unlikely]]
        return cpu->raise(op, vector::kGeneralProtection);
    std::byte* const bytes = writing<kSlow, 16>(cpu, op, address);
    if (bytes == nullptr) [[unlikely]]
        return missed<kSlow>(&vector_store<kAligned, true>, op, state, cpu);
    _mm_storeu_si128(reinterpret_cast<__m128i*>(bytes), get_vector(state, op->source));
    written<kSlow>(cpu, op);
    DRYDOCK_CONTINUE(op + 1);
}

Operation const* byte_mask(Operation const* op, X86State* state, Interpreter* cpu)
{
    set<u32>(state, op->target, static_cast<u32>(_mm_movemask_epi8(get_vector(state, op->source))));
    DRYDOCK_CONTINUE(op + 1);
}

// MOVD and MOVQ between a general and a vector register, and MOVQ from memory: the rest is cleared.
template <typename Word>
Operation const* from_general(Operation const* op, X86State* state, Interpreter* cpu)
{
    u64 const halves[2] = {get<Word>(state, op->source), 0};
    std::memcpy(state->fx.xmm[op->target], halves, 16);
    DRYDOCK_CONTINUE(op + 1);
}

template <typename Word>
Operation const* to_general(Operation const* op, X86State* state, Interpreter* cpu)
{
    set<Word>(state, op->target, load_bytes<Word>(state->fx.xmm[op->source]));
    DRYDOCK_CONTINUE(op + 1);
}

template <bool kSlow>
Operation const* load_low(Operation const* op, X86State* state, Interpreter* cpu)
{
    std::byte const* const bytes = reading<kSlow, 8>(cpu, op, effective_address(op, state));
    if (bytes == nullptr) [[unlikely]]
        return missed<kSlow>(&load_low<true>, op, state, cpu);
    u64 const halves[2] = {load_bytes<u64>(bytes), 0};
    std::memcpy(state->fx.xmm[op->target], halves, 16);
    DRYDOCK_CONTINUE(op + 1);
}

// MOVQ, MOVLPS and MOVHPS to memory: `extra` is the half.
template <bool kSlow>
Operation const* store_half(Operation const* op, X86State* state, Interpreter* cpu)
{
    std::byte* const bytes = writing<kSlow, 8>(cpu, op, effective_address(op, state));
    if (bytes == nullptr) [[unlikely]]
        return missed<kSlow>(&store_half<true>, op, state, cpu);
    std::memcpy(bytes, state->fx.xmm[op->source] + 8 * op->extra, 8);
    written<kSlow>(cpu, op);
    DRYDOCK_CONTINUE(op + 1);
}

// MOVLPS and MOVHPS from memory keep the other half.
template <bool kSlow>
Operation const* load_half(Operation const* op, X86State* state, Interpreter* cpu)
{
    std::byte const* const bytes = reading<kSlow, 8>(cpu, op, effective_address(op, state));
    if (bytes == nullptr) [[unlikely]]
        return missed<kSlow>(&load_half<true>, op, state, cpu);
    std::memcpy(state->fx.xmm[op->target] + 8 * op->extra, bytes, 8);
    DRYDOCK_CONTINUE(op + 1);
}

Operation const* shuffle_dwords(Operation const* op, X86State* state, Interpreter* cpu)
{
    u32 source[4];
    u32 result[4];
    std::memcpy(source, state->fx.xmm[op->source], 16);
    for (unsigned i = 0; i < 4; ++i) result[i] = source[(op->immediate >> (2 * i)) & 3];
    std::memcpy(state->fx.xmm[op->target], result, 16);
    DRYDOCK_CONTINUE(op + 1);
}

template <Vector kKind>
Handler vector_form(bool is_memory, bool is_aligned)
{
    if (!is_memory) return &vector_register<kKind>;
    return is_aligned ? &vector_memory<kKind, true, false> : &vector_memory<kKind, false, false>;
}

}  // namespace

Handler vector_handler(Vector kind, bool is_memory, bool is_aligned)
{
    switch (kind) {
    case Vector::Move: return vector_form<Vector::Move>(is_memory, is_aligned);
    case Vector::Xor: return vector_form<Vector::Xor>(is_memory, is_aligned);
    case Vector::Or: return vector_form<Vector::Or>(is_memory, is_aligned);
    case Vector::And: return vector_form<Vector::And>(is_memory, is_aligned);
    case Vector::AndNot: return vector_form<Vector::AndNot>(is_memory, is_aligned);
    case Vector::EqualBytes: return vector_form<Vector::EqualBytes>(is_memory, is_aligned);
    case Vector::EqualDwords: return vector_form<Vector::EqualDwords>(is_memory, is_aligned);
    case Vector::GreaterBytes: return vector_form<Vector::GreaterBytes>(is_memory, is_aligned);
    case Vector::MinimumBytes: return vector_form<Vector::MinimumBytes>(is_memory, is_aligned);
    case Vector::MaximumBytes: return vector_form<Vector::MaximumBytes>(is_memory, is_aligned);
    case Vector::AddBytes: return vector_form<Vector::AddBytes>(is_memory, is_aligned);
    case Vector::AddDwords: return vector_form<Vector::AddDwords>(is_memory, is_aligned);
    case Vector::AddQwords: return vector_form<Vector::AddQwords>(is_memory, is_aligned);
    case Vector::SubtractBytes: return vector_form<Vector::SubtractBytes>(is_memory, is_aligned);
    case Vector::SubtractSaturating:
        return vector_form<Vector::SubtractSaturating>(is_memory, is_aligned);
    case Vector::InterleaveBytes:
        return vector_form<Vector::InterleaveBytes>(is_memory, is_aligned);
    case Vector::InterleaveWords:
        return vector_form<Vector::InterleaveWords>(is_memory, is_aligned);
    case Vector::InterleaveDwords:
        return vector_form<Vector::InterleaveDwords>(is_memory, is_aligned);
    case Vector::InterleaveQwords:
        return vector_form<Vector::InterleaveQwords>(is_memory, is_aligned);
    }
    return nullptr;
}

Handler vector_store_handler(bool is_aligned)
{
    return is_aligned ? &vector_store<true, false> : &vector_store<false, false>;
}

Handler vector_mask_handler() { return &byte_mask; }
Handler vector_from_general_handler(unsigned size)
{
    return size == 8 ? &from_general<u64> : &from_general<u32>;
}
Handler vector_to_general_handler(unsigned size)
{
    return size == 8 ? &to_general<u64> : &to_general<u32>;
}
Handler vector_load_low_handler() { return &load_low<false>; }
Handler vector_load_half_handler() { return &load_half<false>; }
Handler vector_store_half_handler() { return &store_half<false>; }
Handler vector_shuffle_handler() { return &shuffle_dwords; }

}  // namespace drydock::hwmodel
