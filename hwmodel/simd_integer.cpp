// Packed integer arithmetic, comparison, logic and shifts (Intel SDM vol. 2, PADDB to PXOR).

#include "hwmodel/simd_packed.h"

namespace drydock::hwmodel {
namespace {

// PSLLDQ and PSRLDQ shift by whole bytes; a count above 15 clears the register.
Vector shift_bytes_left(Vector value, u8 count)
{
    if (count > 15) return _mm_setzero_si128();
    u8 bytes[32] = {};
    _mm_storeu_si128(reinterpret_cast<Vector*>(bytes + 16), value);
    return _mm_loadu_si128(reinterpret_cast<Vector const*>(bytes + 16 - count));
}

Vector shift_bytes_right(Vector value, u8 count)
{
    if (count > 15) return _mm_setzero_si128();
    u8 bytes[32] = {};
    _mm_storeu_si128(reinterpret_cast<Vector*>(bytes), value);
    return _mm_loadu_si128(reinterpret_cast<Vector const*>(bytes + count));
}

template <Vector (*kShift)(Vector, u8)>
ExtensionResult shift_bytes(X86State& state, UserMemoryPort&, Extension const& operation, u64)
{
    Vector const value = load_xmm(state, operation.target);
    store_xmm(state, operation.target, kShift(value, operation.immediate));
    return ExtensionResult::Done;
}

constexpr TableEntry kTable[] = {
    // Arithmetic: wrapping, signed and unsigned saturation.
    {ZYDIS_MNEMONIC_PADDB, packed([](Vector a, Vector b) { return _mm_add_epi8(a, b); })},
    {ZYDIS_MNEMONIC_PADDW, packed([](Vector a, Vector b) { return _mm_add_epi16(a, b); })},
    {ZYDIS_MNEMONIC_PADDD, packed([](Vector a, Vector b) { return _mm_add_epi32(a, b); })},
    {ZYDIS_MNEMONIC_PADDQ, packed([](Vector a, Vector b) { return _mm_add_epi64(a, b); })},
    {ZYDIS_MNEMONIC_PSUBB, packed([](Vector a, Vector b) { return _mm_sub_epi8(a, b); })},
    {ZYDIS_MNEMONIC_PSUBW, packed([](Vector a, Vector b) { return _mm_sub_epi16(a, b); })},
    {ZYDIS_MNEMONIC_PSUBD, packed([](Vector a, Vector b) { return _mm_sub_epi32(a, b); })},
    {ZYDIS_MNEMONIC_PSUBQ, packed([](Vector a, Vector b) { return _mm_sub_epi64(a, b); })},
    {ZYDIS_MNEMONIC_PADDSB, packed([](Vector a, Vector b) { return _mm_adds_epi8(a, b); })},
    {ZYDIS_MNEMONIC_PADDSW, packed([](Vector a, Vector b) { return _mm_adds_epi16(a, b); })},
    {ZYDIS_MNEMONIC_PADDUSB, packed([](Vector a, Vector b) { return _mm_adds_epu8(a, b); })},
    {ZYDIS_MNEMONIC_PADDUSW, packed([](Vector a, Vector b) { return _mm_adds_epu16(a, b); })},
    {ZYDIS_MNEMONIC_PSUBSB, packed([](Vector a, Vector b) { return _mm_subs_epi8(a, b); })},
    {ZYDIS_MNEMONIC_PSUBSW, packed([](Vector a, Vector b) { return _mm_subs_epi16(a, b); })},
    {ZYDIS_MNEMONIC_PSUBUSB, packed([](Vector a, Vector b) { return _mm_subs_epu8(a, b); })},
    {ZYDIS_MNEMONIC_PSUBUSW, packed([](Vector a, Vector b) { return _mm_subs_epu16(a, b); })},
    // Products, averages, sums.
    {ZYDIS_MNEMONIC_PMULLW, packed([](Vector a, Vector b) { return _mm_mullo_epi16(a, b); })},
    {ZYDIS_MNEMONIC_PMULHW, packed([](Vector a, Vector b) { return _mm_mulhi_epi16(a, b); })},
    {ZYDIS_MNEMONIC_PMULHUW, packed([](Vector a, Vector b) { return _mm_mulhi_epu16(a, b); })},
    {ZYDIS_MNEMONIC_PMULUDQ, packed([](Vector a, Vector b) { return _mm_mul_epu32(a, b); })},
    {ZYDIS_MNEMONIC_PMADDWD, packed([](Vector a, Vector b) { return _mm_madd_epi16(a, b); })},
    {ZYDIS_MNEMONIC_PSADBW, packed([](Vector a, Vector b) { return _mm_sad_epu8(a, b); })},
    {ZYDIS_MNEMONIC_PAVGB, packed([](Vector a, Vector b) { return _mm_avg_epu8(a, b); })},
    {ZYDIS_MNEMONIC_PAVGW, packed([](Vector a, Vector b) { return _mm_avg_epu16(a, b); })},
    // Comparisons and selections.
    {ZYDIS_MNEMONIC_PCMPEQB, packed([](Vector a, Vector b) { return _mm_cmpeq_epi8(a, b); })},
    {ZYDIS_MNEMONIC_PCMPEQW, packed([](Vector a, Vector b) { return _mm_cmpeq_epi16(a, b); })},
    {ZYDIS_MNEMONIC_PCMPEQD, packed([](Vector a, Vector b) { return _mm_cmpeq_epi32(a, b); })},
    {ZYDIS_MNEMONIC_PCMPGTB, packed([](Vector a, Vector b) { return _mm_cmpgt_epi8(a, b); })},
    {ZYDIS_MNEMONIC_PCMPGTW, packed([](Vector a, Vector b) { return _mm_cmpgt_epi16(a, b); })},
    {ZYDIS_MNEMONIC_PCMPGTD, packed([](Vector a, Vector b) { return _mm_cmpgt_epi32(a, b); })},
    {ZYDIS_MNEMONIC_PMINUB, packed([](Vector a, Vector b) { return _mm_min_epu8(a, b); })},
    {ZYDIS_MNEMONIC_PMAXUB, packed([](Vector a, Vector b) { return _mm_max_epu8(a, b); })},
    {ZYDIS_MNEMONIC_PMINSW, packed([](Vector a, Vector b) { return _mm_min_epi16(a, b); })},
    {ZYDIS_MNEMONIC_PMAXSW, packed([](Vector a, Vector b) { return _mm_max_epi16(a, b); })},
    // Logic. The floating-point names do the same to the same bits.
    {ZYDIS_MNEMONIC_PAND, packed([](Vector a, Vector b) { return _mm_and_si128(a, b); })},
    {ZYDIS_MNEMONIC_PANDN, packed([](Vector a, Vector b) { return _mm_andnot_si128(a, b); })},
    {ZYDIS_MNEMONIC_POR, packed([](Vector a, Vector b) { return _mm_or_si128(a, b); })},
    {ZYDIS_MNEMONIC_PXOR, packed([](Vector a, Vector b) { return _mm_xor_si128(a, b); })},
    {ZYDIS_MNEMONIC_ANDPS, packed_xmm([](Vector a, Vector b) { return _mm_and_si128(a, b); })},
    {ZYDIS_MNEMONIC_ANDNPS, packed_xmm([](Vector a, Vector b) { return _mm_andnot_si128(a, b); })},
    {ZYDIS_MNEMONIC_ORPS, packed_xmm([](Vector a, Vector b) { return _mm_or_si128(a, b); })},
    {ZYDIS_MNEMONIC_XORPS, packed_xmm([](Vector a, Vector b) { return _mm_xor_si128(a, b); })},
    {ZYDIS_MNEMONIC_ANDPD, packed_xmm([](Vector a, Vector b) { return _mm_and_si128(a, b); })},
    {ZYDIS_MNEMONIC_ANDNPD, packed_xmm([](Vector a, Vector b) { return _mm_andnot_si128(a, b); })},
    {ZYDIS_MNEMONIC_ORPD, packed_xmm([](Vector a, Vector b) { return _mm_or_si128(a, b); })},
    {ZYDIS_MNEMONIC_XORPD, packed_xmm([](Vector a, Vector b) { return _mm_xor_si128(a, b); })},
    // Shifts: the count is the low 64 bits of the source; too large a count gives zeros or signs.
    {ZYDIS_MNEMONIC_PSLLW, packed_shift([](Vector a, Vector b) { return _mm_sll_epi16(a, b); })},
    {ZYDIS_MNEMONIC_PSLLD, packed_shift([](Vector a, Vector b) { return _mm_sll_epi32(a, b); })},
    {ZYDIS_MNEMONIC_PSLLQ, packed_shift([](Vector a, Vector b) { return _mm_sll_epi64(a, b); })},
    {ZYDIS_MNEMONIC_PSRLW, packed_shift([](Vector a, Vector b) { return _mm_srl_epi16(a, b); })},
    {ZYDIS_MNEMONIC_PSRLD, packed_shift([](Vector a, Vector b) { return _mm_srl_epi32(a, b); })},
    {ZYDIS_MNEMONIC_PSRLQ, packed_shift([](Vector a, Vector b) { return _mm_srl_epi64(a, b); })},
    {ZYDIS_MNEMONIC_PSRAW, packed_shift([](Vector a, Vector b) { return _mm_sra_epi16(a, b); })},
    {ZYDIS_MNEMONIC_PSRAD, packed_shift([](Vector a, Vector b) { return _mm_sra_epi32(a, b); })},
    {ZYDIS_MNEMONIC_PSLLDQ, {.xmm_immediate = shift_bytes<shift_bytes_left>}},
    {ZYDIS_MNEMONIC_PSRLDQ, {.xmm_immediate = shift_bytes<shift_bytes_right>}},
};

}  // namespace

std::span<TableEntry const> integer_table() { return kTable; }

}  // namespace drydock::hwmodel
