// Floating-point arithmetic (Intel SDM vol. 2, ADDPD to SUBSS).

#include "hwmodel/simd_mxcsr.h"

#include <bit>
#include <emmintrin.h>

namespace drydock::hwmodel {
namespace {

constexpr u32 kSignBit = 0x8000'0000;
constexpr u32 kInfinity = 0x7f80'0000;
constexpr u32 kQuietBit = 0x0040'0000;
constexpr u32 kDefaultNan = 0xffc0'0000;

bool is_nan(u32 bits) { return (bits & ~kSignBit) > kInfinity; }

// Denormals count as zeros in the approximations, whatever MXCSR says (Intel SDM vol. 2, RCPPS).
bool counts_as_zero(u32 bits) { return (bits & kInfinity) == 0; }

// The approximations differ between makers of processors, so the model has its own: the rounded
// value. They set no flags, and the host's default environment applies.
u32 reciprocal(u32 bits)
{
    if (is_nan(bits)) return bits | kQuietBit;
    if (counts_as_zero(bits)) return (bits & kSignBit) | kInfinity;
    u32 const result = std::bit_cast<u32>(1.0f / std::bit_cast<float>(bits));
    return counts_as_zero(result) ? result & kSignBit : result;
}

u32 reciprocal_root(u32 bits)
{
    if (is_nan(bits)) return bits | kQuietBit;
    if (counts_as_zero(bits)) return (bits & kSignBit) | kInfinity;
    if ((bits & kSignBit) != 0) return kDefaultNan;
    __m128d const value = _mm_set_sd(static_cast<double>(std::bit_cast<float>(bits)));
    double const root = _mm_cvtsd_f64(_mm_sqrt_sd(value, value));
    return std::bit_cast<u32>(static_cast<float>(1.0 / root));
}

using Approximation = u32 (*)(u32 bits);

template <Approximation kApproximation, usize kBytes>
ExtensionResult finish_approximation(X86State& state, Extension const& operation, Vector source)
{
    u32 elements[4];
    std::memcpy(elements, &source, sizeof elements);
    for (usize i = 0; i < kBytes / 4; ++i) elements[i] = kApproximation(elements[i]);
    std::memcpy(state.fx.xmm[operation.target], elements, kBytes);
    return ExtensionResult::Done;
}

template <Approximation kApproximation, usize kBytes>
ExtensionResult approximate_register(X86State& state,
                                     UserMemoryPort&,
                                     Extension const& operation,
                                     u64)
{
    Vector const source = load_xmm(state, operation.source);
    return finish_approximation<kApproximation, kBytes>(state, operation, source);
}

template <Approximation kApproximation, usize kBytes>
ExtensionResult approximate_memory(X86State& state,
                                   UserMemoryPort& memory,
                                   Extension const& operation,
                                   u64 address)
{
    Vector source;
    ExtensionResult const loaded =
        load_vector<kBytes, kOperandAlignment<kBytes>>(memory, address, source);
    if (loaded != ExtensionResult::Done) return loaded;
    return finish_approximation<kApproximation, kBytes>(state, operation, source);
}

template <Approximation kApproximation, usize kBytes>
constexpr Forms approximation()
{
    return {.xmm_xmm = approximate_register<kApproximation, kBytes>,
            .xmm_memory = approximate_memory<kApproximation, kBytes>};
}

constexpr TableEntry kTable[] = {
    {ZYDIS_MNEMONIC_ADDPS, floating<16>([](Vector& a, Vector b) {
         asm volatile("addps %1, %0" : "+x"(a) : "x"(b));
     })},
    {ZYDIS_MNEMONIC_ADDPD, floating<16>([](Vector& a, Vector b) {
         asm volatile("addpd %1, %0" : "+x"(a) : "x"(b));
     })},
    {ZYDIS_MNEMONIC_ADDSS, floating<4>([](Vector& a, Vector b) {
         asm volatile("addss %1, %0" : "+x"(a) : "x"(b));
     })},
    {ZYDIS_MNEMONIC_ADDSD, floating<8>([](Vector& a, Vector b) {
         asm volatile("addsd %1, %0" : "+x"(a) : "x"(b));
     })},
    {ZYDIS_MNEMONIC_SUBPS, floating<16>([](Vector& a, Vector b) {
         asm volatile("subps %1, %0" : "+x"(a) : "x"(b));
     })},
    {ZYDIS_MNEMONIC_SUBPD, floating<16>([](Vector& a, Vector b) {
         asm volatile("subpd %1, %0" : "+x"(a) : "x"(b));
     })},
    {ZYDIS_MNEMONIC_SUBSS, floating<4>([](Vector& a, Vector b) {
         asm volatile("subss %1, %0" : "+x"(a) : "x"(b));
     })},
    {ZYDIS_MNEMONIC_SUBSD, floating<8>([](Vector& a, Vector b) {
         asm volatile("subsd %1, %0" : "+x"(a) : "x"(b));
     })},
    {ZYDIS_MNEMONIC_MULPS, floating<16>([](Vector& a, Vector b) {
         asm volatile("mulps %1, %0" : "+x"(a) : "x"(b));
     })},
    {ZYDIS_MNEMONIC_MULPD, floating<16>([](Vector& a, Vector b) {
         asm volatile("mulpd %1, %0" : "+x"(a) : "x"(b));
     })},
    {ZYDIS_MNEMONIC_MULSS, floating<4>([](Vector& a, Vector b) {
         asm volatile("mulss %1, %0" : "+x"(a) : "x"(b));
     })},
    {ZYDIS_MNEMONIC_MULSD, floating<8>([](Vector& a, Vector b) {
         asm volatile("mulsd %1, %0" : "+x"(a) : "x"(b));
     })},
    {ZYDIS_MNEMONIC_DIVPS, floating<16>([](Vector& a, Vector b) {
         asm volatile("divps %1, %0" : "+x"(a) : "x"(b));
     })},
    {ZYDIS_MNEMONIC_DIVPD, floating<16>([](Vector& a, Vector b) {
         asm volatile("divpd %1, %0" : "+x"(a) : "x"(b));
     })},
    {ZYDIS_MNEMONIC_DIVSS, floating<4>([](Vector& a, Vector b) {
         asm volatile("divss %1, %0" : "+x"(a) : "x"(b));
     })},
    {ZYDIS_MNEMONIC_DIVSD, floating<8>([](Vector& a, Vector b) {
         asm volatile("divsd %1, %0" : "+x"(a) : "x"(b));
     })},
    {ZYDIS_MNEMONIC_MINPS, floating<16>([](Vector& a, Vector b) {
         asm volatile("minps %1, %0" : "+x"(a) : "x"(b));
     })},
    {ZYDIS_MNEMONIC_MINPD, floating<16>([](Vector& a, Vector b) {
         asm volatile("minpd %1, %0" : "+x"(a) : "x"(b));
     })},
    {ZYDIS_MNEMONIC_MINSS, floating<4>([](Vector& a, Vector b) {
         asm volatile("minss %1, %0" : "+x"(a) : "x"(b));
     })},
    {ZYDIS_MNEMONIC_MINSD, floating<8>([](Vector& a, Vector b) {
         asm volatile("minsd %1, %0" : "+x"(a) : "x"(b));
     })},
    {ZYDIS_MNEMONIC_MAXPS, floating<16>([](Vector& a, Vector b) {
         asm volatile("maxps %1, %0" : "+x"(a) : "x"(b));
     })},
    {ZYDIS_MNEMONIC_MAXPD, floating<16>([](Vector& a, Vector b) {
         asm volatile("maxpd %1, %0" : "+x"(a) : "x"(b));
     })},
    {ZYDIS_MNEMONIC_MAXSS, floating<4>([](Vector& a, Vector b) {
         asm volatile("maxss %1, %0" : "+x"(a) : "x"(b));
     })},
    {ZYDIS_MNEMONIC_MAXSD, floating<8>([](Vector& a, Vector b) {
         asm volatile("maxsd %1, %0" : "+x"(a) : "x"(b));
     })},
    {ZYDIS_MNEMONIC_SQRTPS, floating<16>([](Vector& a, Vector b) {
         asm volatile("sqrtps %1, %0" : "+x"(a) : "x"(b));
     })},
    {ZYDIS_MNEMONIC_SQRTPD, floating<16>([](Vector& a, Vector b) {
         asm volatile("sqrtpd %1, %0" : "+x"(a) : "x"(b));
     })},
    {ZYDIS_MNEMONIC_SQRTSS, floating<4>([](Vector& a, Vector b) {
         asm volatile("sqrtss %1, %0" : "+x"(a) : "x"(b));
     })},
    {ZYDIS_MNEMONIC_SQRTSD, floating<8>([](Vector& a, Vector b) {
         asm volatile("sqrtsd %1, %0" : "+x"(a) : "x"(b));
     })},
    // SSE3.
    {ZYDIS_MNEMONIC_ADDSUBPS, floating<16>([](Vector& a, Vector b) {
         asm volatile("addsubps %1, %0" : "+x"(a) : "x"(b));
     })},
    {ZYDIS_MNEMONIC_ADDSUBPD, floating<16>([](Vector& a, Vector b) {
         asm volatile("addsubpd %1, %0" : "+x"(a) : "x"(b));
     })},
    {ZYDIS_MNEMONIC_HADDPS, floating<16>([](Vector& a, Vector b) {
         asm volatile("haddps %1, %0" : "+x"(a) : "x"(b));
     })},
    {ZYDIS_MNEMONIC_HADDPD, floating<16>([](Vector& a, Vector b) {
         asm volatile("haddpd %1, %0" : "+x"(a) : "x"(b));
     })},
    {ZYDIS_MNEMONIC_HSUBPS, floating<16>([](Vector& a, Vector b) {
         asm volatile("hsubps %1, %0" : "+x"(a) : "x"(b));
     })},
    {ZYDIS_MNEMONIC_HSUBPD, floating<16>([](Vector& a, Vector b) {
         asm volatile("hsubpd %1, %0" : "+x"(a) : "x"(b));
     })},
    {ZYDIS_MNEMONIC_RCPPS, approximation<reciprocal, 16>()},
    {ZYDIS_MNEMONIC_RCPSS, approximation<reciprocal, 4>()},
    {ZYDIS_MNEMONIC_RSQRTPS, approximation<reciprocal_root, 16>()},
    {ZYDIS_MNEMONIC_RSQRTSS, approximation<reciprocal_root, 4>()},
};

}  // namespace

std::span<TableEntry const> float_table() { return kTable; }

}  // namespace drydock::hwmodel
