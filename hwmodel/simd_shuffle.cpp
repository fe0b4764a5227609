// Instructions that rearrange elements (Intel SDM vol. 2, PACKSSWB, PINSRW, PSHUFD, PUNPCKLBW,
// SHUFPS).

#include "hwmodel/simd_packed.h"

namespace drydock::hwmodel {
namespace {

// A MMX pack takes four words (two doublewords) of each operand: put them side by side first.
Vector side_by_side(Vector a, Vector b) { return _mm_unpacklo_epi64(a, b); }

Vector upper_half(Vector value) { return _mm_unpackhi_epi64(value, value); }

// The element of `value` that the two immediate bits at `position` name.
int pick_doubleword(Vector value, u8 selector, int position)
{
    alignas(16) int elements[4];
    _mm_store_si128(reinterpret_cast<Vector*>(elements), value);
    return elements[(selector >> (2 * position)) & 3];
}

// Each word of the result is the word of `value` that two bits of the immediate name.
u64 shuffle_words(u64 value, u8 selector)
{
    u64 result = 0;
    for (int position = 0; position < 4; ++position) {
        int const from = (selector >> (2 * position)) & 3;
        result |= ((value >> (16 * from)) & 0xffff) << (16 * position);
    }
    return result;
}

Vector shuffle_doublewords(Vector, Vector source, u8 selector)
{
    return _mm_set_epi32(pick_doubleword(source, selector, 3),
                         pick_doubleword(source, selector, 2),
                         pick_doubleword(source, selector, 1),
                         pick_doubleword(source, selector, 0));
}

Vector shuffle_low_words(Vector, Vector source, u8 selector)
{
    return vector_of(shuffle_words(low_half(source), selector), high_half(source));
}

Vector shuffle_high_words(Vector, Vector source, u8 selector)
{
    return vector_of(low_half(source), shuffle_words(high_half(source), selector));
}

// The low two results come from the target, the high two from the source.
Vector shuffle_singles(Vector target, Vector source, u8 selector)
{
    return _mm_set_epi32(pick_doubleword(source, selector, 3),
                         pick_doubleword(source, selector, 2),
                         pick_doubleword(target, selector, 1),
                         pick_doubleword(target, selector, 0));
}

Vector shuffle_doubles(Vector target, Vector source, u8 selector)
{
    return vector_of((selector & 1) != 0 ? high_half(target) : low_half(target),
                     (selector & 2) != 0 ? high_half(source) : low_half(source));
}

using Shuffle = Vector (*)(Vector target, Vector source, u8 selector);

template <Shuffle kShuffle>
ExtensionResult shuffle_register(X86State& state, UserMemoryPort&, Extension const& operation, u64)
{
    Vector const target = load_xmm(state, operation.target);
    Vector const source = load_xmm(state, operation.source);
    store_xmm(state, operation.target, kShuffle(target, source, operation.immediate));
    return ExtensionResult::Done;
}

template <Shuffle kShuffle>
ExtensionResult shuffle_memory(X86State& state,
                               UserMemoryPort& memory,
                               Extension const& operation,
                               u64 address)
{
    Vector source;
    ExtensionResult const loaded = load_vector<16, Alignment::Required>(memory, address, source);
    if (loaded != ExtensionResult::Done) return loaded;
    Vector const target = load_xmm(state, operation.target);
    store_xmm(state, operation.target, kShuffle(target, source, operation.immediate));
    return ExtensionResult::Done;
}

template <Shuffle kShuffle>
constexpr Forms shuffle()
{
    return {.xmm_xmm = shuffle_register<kShuffle>, .xmm_memory = shuffle_memory<kShuffle>};
}

ExtensionResult shuffle_mm_mm(X86State& state, UserMemoryPort&, Extension const& operation, u64)
{
    if (x87_exception_is_pending(state)) return ExtensionResult::FloatingPoint;
    enter_mmx(state);
    u64 const source = load_mm(state, operation.source);
    store_mm(state, operation.target, shuffle_words(source, operation.immediate));
    return ExtensionResult::Done;
}

ExtensionResult shuffle_mm_memory(X86State& state,
                                  UserMemoryPort& memory,
                                  Extension const& operation,
                                  u64 address)
{
    if (x87_exception_is_pending(state)) return ExtensionResult::FloatingPoint;
    u64 source = 0;
    if (!memory.load(address, &source, sizeof source)) return ExtensionResult::Fault;
    enter_mmx(state);
    store_mm(state, operation.target, shuffle_words(source, operation.immediate));
    return ExtensionResult::Done;
}

// PINSRW, PEXTRW: one word, its position taken modulo the number of words.
void insert_xmm_word(X86State& state, Extension const& operation, u16 word)
{
    usize const position = operation.immediate & 7u;
    std::memcpy(state.fx.xmm[operation.target] + 2 * position, &word, sizeof word);
}

void insert_mm_word(X86State& state, Extension const& operation, u16 word)
{
    enter_mmx(state);
    int const shift = 16 * (operation.immediate & 3);
    u64 const others = load_mm(state, operation.target) & ~(u64{0xffff} << shift);
    store_mm(state, operation.target, others | (u64{word} << shift));
}

ExtensionResult insert_xmm_gpr(X86State& state, UserMemoryPort&, Extension const& operation, u64)
{
    insert_xmm_word(state, operation, static_cast<u16>(state.gpr[operation.source]));
    return ExtensionResult::Done;
}

ExtensionResult insert_xmm_memory(X86State& state,
                                  UserMemoryPort& memory,
                                  Extension const& operation,
                                  u64 address)
{
    u16 word = 0;
    if (!memory.load(address, &word, sizeof word)) return ExtensionResult::Fault;
    insert_xmm_word(state, operation, word);
    return ExtensionResult::Done;
}

ExtensionResult insert_mm_gpr(X86State& state, UserMemoryPort&, Extension const& operation, u64)
{
    if (x87_exception_is_pending(state)) return ExtensionResult::FloatingPoint;
    insert_mm_word(state, operation, static_cast<u16>(state.gpr[operation.source]));
    return ExtensionResult::Done;
}

ExtensionResult insert_mm_memory(X86State& state,
                                 UserMemoryPort& memory,
                                 Extension const& operation,
                                 u64 address)
{
    if (x87_exception_is_pending(state)) return ExtensionResult::FloatingPoint;
    u16 word = 0;
    if (!memory.load(address, &word, sizeof word)) return ExtensionResult::Fault;
    insert_mm_word(state, operation, word);
    return ExtensionResult::Done;
}

ExtensionResult extract_xmm(X86State& state, UserMemoryPort&, Extension const& operation, u64)
{
    u16 word = 0;
    usize const position = operation.immediate & 7u;
    std::memcpy(&word, state.fx.xmm[operation.source] + 2 * position, sizeof word);
    state.gpr[operation.target] = word;
    return ExtensionResult::Done;
}

ExtensionResult extract_mm(X86State& state, UserMemoryPort&, Extension const& operation, u64)
{
    if (x87_exception_is_pending(state)) return ExtensionResult::FloatingPoint;
    enter_mmx(state);
    u64 const source = load_mm(state, operation.source);
    state.gpr[operation.target] = static_cast<u16>(source >> (16 * (operation.immediate & 3)));
    return ExtensionResult::Done;
}

// MOVDDUP is the one of the SSE3 duplications that reads only half of a memory operand.
Vector duplicate_low(Vector source) { return _mm_unpacklo_epi64(source, source); }

ExtensionResult duplicate_register(X86State& state,
                                   UserMemoryPort&,
                                   Extension const& operation,
                                   u64)
{
    store_xmm(state, operation.target, duplicate_low(load_xmm(state, operation.source)));
    return ExtensionResult::Done;
}

ExtensionResult duplicate_memory(X86State& state,
                                 UserMemoryPort& memory,
                                 Extension const& operation,
                                 u64 address)
{
    Vector source;
    ExtensionResult const loaded = load_vector<8>(memory, address, source);
    if (loaded == ExtensionResult::Done) store_xmm(state, operation.target, duplicate_low(source));
    return loaded;
}

constexpr TableEntry kTable[] = {
    {ZYDIS_MNEMONIC_PACKSSWB,
     packed([](Vector a, Vector b) { return _mm_packs_epi16(a, b); },
            [](Vector a, Vector b) {
                return _mm_packs_epi16(side_by_side(a, b), _mm_setzero_si128());
            })},
    {ZYDIS_MNEMONIC_PACKSSDW,
     packed([](Vector a, Vector b) { return _mm_packs_epi32(a, b); },
            [](Vector a, Vector b) {
                return _mm_packs_epi32(side_by_side(a, b), _mm_setzero_si128());
            })},
    {ZYDIS_MNEMONIC_PACKUSWB,
     packed([](Vector a, Vector b) { return _mm_packus_epi16(a, b); },
            [](Vector a, Vector b) {
                return _mm_packus_epi16(side_by_side(a, b), _mm_setzero_si128());
            })},
    {ZYDIS_MNEMONIC_PUNPCKLBW,
     packed<4>([](Vector a, Vector b) { return _mm_unpacklo_epi8(a, b); })},
    {ZYDIS_MNEMONIC_PUNPCKLWD,
     packed<4>([](Vector a, Vector b) { return _mm_unpacklo_epi16(a, b); })},
    {ZYDIS_MNEMONIC_PUNPCKLDQ,
     packed<4>([](Vector a, Vector b) { return _mm_unpacklo_epi32(a, b); })},
    {ZYDIS_MNEMONIC_PUNPCKHBW,
     packed([](Vector a, Vector b) { return _mm_unpackhi_epi8(a, b); },
            [](Vector a, Vector b) { return upper_half(_mm_unpacklo_epi8(a, b)); })},
    {ZYDIS_MNEMONIC_PUNPCKHWD,
     packed([](Vector a, Vector b) { return _mm_unpackhi_epi16(a, b); },
            [](Vector a, Vector b) { return upper_half(_mm_unpacklo_epi16(a, b)); })},
    {ZYDIS_MNEMONIC_PUNPCKHDQ,
     packed([](Vector a, Vector b) { return _mm_unpackhi_epi32(a, b); },
            [](Vector a, Vector b) { return upper_half(_mm_unpacklo_epi32(a, b)); })},
    {ZYDIS_MNEMONIC_PUNPCKLQDQ,
     packed_xmm([](Vector a, Vector b) { return _mm_unpacklo_epi64(a, b); })},
    {ZYDIS_MNEMONIC_PUNPCKHQDQ,
     packed_xmm([](Vector a, Vector b) { return _mm_unpackhi_epi64(a, b); })},
    {ZYDIS_MNEMONIC_UNPCKLPS,
     packed_xmm([](Vector a, Vector b) { return _mm_unpacklo_epi32(a, b); })},
    {ZYDIS_MNEMONIC_UNPCKHPS,
     packed_xmm([](Vector a, Vector b) { return _mm_unpackhi_epi32(a, b); })},
    {ZYDIS_MNEMONIC_UNPCKLPD,
     packed_xmm([](Vector a, Vector b) { return _mm_unpacklo_epi64(a, b); })},
    {ZYDIS_MNEMONIC_UNPCKHPD,
     packed_xmm([](Vector a, Vector b) { return _mm_unpackhi_epi64(a, b); })},
    {ZYDIS_MNEMONIC_MOVSLDUP,
     packed_xmm([](Vector, Vector b) { return _mm_shuffle_epi32(b, 0xa0); })},
    {ZYDIS_MNEMONIC_MOVSHDUP,
     packed_xmm([](Vector, Vector b) { return _mm_shuffle_epi32(b, 0xf5); })},
    {ZYDIS_MNEMONIC_MOVDDUP, {.xmm_xmm = duplicate_register, .xmm_memory = duplicate_memory}},
    {ZYDIS_MNEMONIC_PSHUFD, shuffle<shuffle_doublewords>()},
    {ZYDIS_MNEMONIC_PSHUFLW, shuffle<shuffle_low_words>()},
    {ZYDIS_MNEMONIC_PSHUFHW, shuffle<shuffle_high_words>()},
    {ZYDIS_MNEMONIC_SHUFPS, shuffle<shuffle_singles>()},
    {ZYDIS_MNEMONIC_SHUFPD, shuffle<shuffle_doubles>()},
    {ZYDIS_MNEMONIC_PSHUFW, {.mm_mm = shuffle_mm_mm, .mm_memory = shuffle_mm_memory}},
    {ZYDIS_MNEMONIC_PINSRW,
     {.xmm_memory = insert_xmm_memory,
      .xmm_gpr = insert_xmm_gpr,
      .mm_memory = insert_mm_memory,
      .mm_gpr = insert_mm_gpr}},
    {ZYDIS_MNEMONIC_PEXTRW, {.gpr_xmm = extract_xmm, .gpr_mm = extract_mm}},
};

}  // namespace

std::span<TableEntry const> shuffle_table() { return kTable; }

}  // namespace drydock::hwmodel
