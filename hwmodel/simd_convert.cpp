// Conversions between integers, singles and doubles (Intel SDM vol. 2, CVTDQ2PD to CVTTSS2SI).

#include "hwmodel/mmx.h"
#include "hwmodel/simd_mxcsr.h"

namespace drydock::hwmodel {
namespace {

// CVTSI2SS, CVTSI2SD: operation (Vector& target, u64 value, bool wide).
template <typename Operation>
ExtensionResult finish_from_integer(X86State& state, Extension const& operation, u64 integer)
{
    Vector const target = load_xmm(state, operation.target);
    Vector value = target;
    ExtensionResult const result = run_under_guest_mxcsr(state, [&] {
        value = target;
        Operation{}(value, integer, operation.operand_size == 8);
    });
    if (result == ExtensionResult::Done) store_xmm(state, operation.target, value);
    return result;
}

template <typename Operation>
ExtensionResult from_integer_gpr(X86State& state, UserMemoryPort&, Extension const& operation, u64)
{
    return finish_from_integer<Operation>(state, operation, state.gpr[operation.source]);
}

template <typename Operation>
ExtensionResult from_integer_memory(X86State& state,
                                    UserMemoryPort& memory,
                                    Extension const& operation,
                                    u64 address)
{
    u64 integer = 0;
    if (!memory.load(address, &integer, operation.operand_size)) return ExtensionResult::Fault;
    return finish_from_integer<Operation>(state, operation, integer);
}

template <typename Operation>
constexpr Forms from_integer(Operation)
{
    return {.xmm_memory = from_integer_memory<Operation>, .xmm_gpr = from_integer_gpr<Operation>};
}

// CVTSS2SI and relatives: operation (Vector source, bool wide) -> u64.
template <typename Operation>
ExtensionResult finish_to_integer(X86State& state, Extension const& operation, Vector source)
{
    u64 value = 0;
    ExtensionResult const result = run_under_guest_mxcsr(
        state, [&] { value = Operation{}(source, operation.operand_size == 8); });
    if (result == ExtensionResult::Done) store_gpr(state, operation, value);
    return result;
}

template <typename Operation>
ExtensionResult to_integer_xmm(X86State& state, UserMemoryPort&, Extension const& operation, u64)
{
    return finish_to_integer<Operation>(state, operation, load_xmm(state, operation.source));
}

template <typename Operation, usize kBytes>
ExtensionResult to_integer_memory(X86State& state,
                                  UserMemoryPort& memory,
                                  Extension const& operation,
                                  u64 address)
{
    Vector source;
    ExtensionResult const loaded = load_vector<kBytes>(memory, address, source);
    if (loaded != ExtensionResult::Done) return loaded;
    return finish_to_integer<Operation>(state, operation, source);
}

template <usize kBytes, typename Operation>
constexpr Forms to_integer(Operation)
{
    return {.gpr_xmm = to_integer_xmm<Operation>,
            .gpr_memory = to_integer_memory<Operation, kBytes>};
}

// CVTPI2PS, CVTPI2PD: operation (Vector& target, Vector source). Intel SDM vol. 2, CVTPI2PD: with a
// memory operand it is no MMX instruction. Hardware treats CVTPI2PS alike.
template <typename Operation>
ExtensionResult from_mmx_register(X86State& state, UserMemoryPort&, Extension const& operation, u64)
{
    if (x87_exception_is_pending(state)) return ExtensionResult::FloatingPoint;
    // Hardware changes to MMX first, even if the conversion then raises an exception.
    enter_mmx(state);
    Vector const source = vector_of(load_mm(state, operation.source));
    return finish_float<Operation>(state, operation, source);
}

template <typename Operation>
ExtensionResult from_mmx_memory(X86State& state,
                                UserMemoryPort& memory,
                                Extension const& operation,
                                u64 address)
{
    Vector source;
    ExtensionResult const loaded = load_vector<8>(memory, address, source);
    if (loaded != ExtensionResult::Done) return loaded;
    return finish_float<Operation>(state, operation, source);
}

template <typename Operation>
constexpr Forms from_mmx(Operation)
{
    return {.xmm_memory = from_mmx_memory<Operation>, .xmm_mm = from_mmx_register<Operation>};
}

// CVTPS2PI and relatives: operation (Vector source) -> u64.
template <typename Operation>
ExtensionResult finish_to_mmx(X86State& state, Extension const& operation, Vector source)
{
    u64 value = 0;
    enter_mmx(state);
    ExtensionResult const result =
        run_under_guest_mxcsr(state, [&] { value = Operation{}(source); });
    if (result == ExtensionResult::Done) store_mm(state, operation.target, value);
    return result;
}

// The conversion of two singles must not see the two others, which could raise flags.
template <typename Operation, usize kBytes>
ExtensionResult to_mmx_register(X86State& state, UserMemoryPort&, Extension const& operation, u64)
{
    if (x87_exception_is_pending(state)) return ExtensionResult::FloatingPoint;
    Vector const source = load_xmm(state, operation.source);
    return finish_to_mmx<Operation>(
        state, operation, kBytes == 8 ? _mm_move_epi64(source) : source);
}

template <typename Operation, usize kBytes>
ExtensionResult to_mmx_memory(X86State& state,
                              UserMemoryPort& memory,
                              Extension const& operation,
                              u64 address)
{
    if (x87_exception_is_pending(state)) return ExtensionResult::FloatingPoint;
    Vector source;
    ExtensionResult const loaded =
        load_vector<kBytes, kOperandAlignment<kBytes>>(memory, address, source);
    if (loaded != ExtensionResult::Done) return loaded;
    return finish_to_mmx<Operation>(state, operation, source);
}

template <usize kBytes, typename Operation>
constexpr Forms to_mmx(Operation)
{
    return {.mm_memory = to_mmx_memory<Operation, kBytes>,
            .mm_xmm = to_mmx_register<Operation, kBytes>};
}

constexpr TableEntry kTable[] = {
    {ZYDIS_MNEMONIC_CVTDQ2PS, floating<16>([](Vector& a, Vector b) {
         asm volatile("cvtdq2ps %1, %0" : "+x"(a) : "x"(b));
     })},
    {ZYDIS_MNEMONIC_CVTPS2DQ, floating<16>([](Vector& a, Vector b) {
         asm volatile("cvtps2dq %1, %0" : "+x"(a) : "x"(b));
     })},
    {ZYDIS_MNEMONIC_CVTTPS2DQ, floating<16>([](Vector& a, Vector b) {
         asm volatile("cvttps2dq %1, %0" : "+x"(a) : "x"(b));
     })},
    {ZYDIS_MNEMONIC_CVTDQ2PD, floating<8>([](Vector& a, Vector b) {
         asm volatile("cvtdq2pd %1, %0" : "+x"(a) : "x"(b));
     })},
    {ZYDIS_MNEMONIC_CVTPD2DQ, floating<16>([](Vector& a, Vector b) {
         asm volatile("cvtpd2dq %1, %0" : "+x"(a) : "x"(b));
     })},
    {ZYDIS_MNEMONIC_CVTTPD2DQ, floating<16>([](Vector& a, Vector b) {
         asm volatile("cvttpd2dq %1, %0" : "+x"(a) : "x"(b));
     })},
    {ZYDIS_MNEMONIC_CVTPS2PD, floating<8>([](Vector& a, Vector b) {
         asm volatile("cvtps2pd %1, %0" : "+x"(a) : "x"(b));
     })},
    {ZYDIS_MNEMONIC_CVTPD2PS, floating<16>([](Vector& a, Vector b) {
         asm volatile("cvtpd2ps %1, %0" : "+x"(a) : "x"(b));
     })},
    {ZYDIS_MNEMONIC_CVTSS2SD, floating<4>([](Vector& a, Vector b) {
         asm volatile("cvtss2sd %1, %0" : "+x"(a) : "x"(b));
     })},
    {ZYDIS_MNEMONIC_CVTSD2SS, floating<8>([](Vector& a, Vector b) {
         asm volatile("cvtsd2ss %1, %0" : "+x"(a) : "x"(b));
     })},
    {ZYDIS_MNEMONIC_CVTSI2SS, from_integer([](Vector& target, u64 value, bool wide) {
         if (wide)
             asm volatile("cvtsi2ssq %1, %0" : "+x"(target) : "r"(value));
         else
             asm volatile("cvtsi2ssl %1, %0" : "+x"(target) : "r"(static_cast<u32>(value)));
     })},
    {ZYDIS_MNEMONIC_CVTSI2SD, from_integer([](Vector& target, u64 value, bool wide) {
         if (wide)
             asm volatile("cvtsi2sdq %1, %0" : "+x"(target) : "r"(value));
         else
             asm volatile("cvtsi2sdl %1, %0" : "+x"(target) : "r"(static_cast<u32>(value)));
     })},
    {ZYDIS_MNEMONIC_CVTSS2SI, to_integer<4>([](Vector source, bool wide) {
         u64 value = 0;
         if (wide)
             asm volatile("cvtss2si %1, %q0" : "=r"(value) : "x"(source));
         else
             asm volatile("cvtss2si %1, %k0" : "=r"(value) : "x"(source));
         return value;
     })},
    {ZYDIS_MNEMONIC_CVTTSS2SI, to_integer<4>([](Vector source, bool wide) {
         u64 value = 0;
         if (wide)
             asm volatile("cvttss2si %1, %q0" : "=r"(value) : "x"(source));
         else
             asm volatile("cvttss2si %1, %k0" : "=r"(value) : "x"(source));
         return value;
     })},
    {ZYDIS_MNEMONIC_CVTSD2SI, to_integer<8>([](Vector source, bool wide) {
         u64 value = 0;
         if (wide)
             asm volatile("cvtsd2si %1, %q0" : "=r"(value) : "x"(source));
         else
             asm volatile("cvtsd2si %1, %k0" : "=r"(value) : "x"(source));
         return value;
     })},
    {ZYDIS_MNEMONIC_CVTTSD2SI, to_integer<8>([](Vector source, bool wide) {
         u64 value = 0;
         if (wide)
             asm volatile("cvttsd2si %1, %q0" : "=r"(value) : "x"(source));
         else
             asm volatile("cvttsd2si %1, %k0" : "=r"(value) : "x"(source));
         return value;
     })},
    // The MMX forms do what the 128-bit conversions do to the low half.
    {ZYDIS_MNEMONIC_CVTPI2PS, from_mmx([](Vector& target, Vector source) {
         Vector singles;
         asm volatile("cvtdq2ps %1, %0" : "=x"(singles) : "x"(source));
         target = vector_of(low_half(singles), high_half(target));
     })},
    {ZYDIS_MNEMONIC_CVTPI2PD, from_mmx([](Vector& target, Vector source) {
         asm volatile("cvtdq2pd %1, %0" : "=x"(target) : "x"(source));
     })},
    {ZYDIS_MNEMONIC_CVTPS2PI, to_mmx<8>([](Vector source) {
         Vector integers;
         asm volatile("cvtps2dq %1, %0" : "=x"(integers) : "x"(source));
         return low_half(integers);
     })},
    {ZYDIS_MNEMONIC_CVTTPS2PI, to_mmx<8>([](Vector source) {
         Vector integers;
         asm volatile("cvttps2dq %1, %0" : "=x"(integers) : "x"(source));
         return low_half(integers);
     })},
    {ZYDIS_MNEMONIC_CVTPD2PI, to_mmx<16>([](Vector source) {
         Vector integers;
         asm volatile("cvtpd2dq %1, %0" : "=x"(integers) : "x"(source));
         return low_half(integers);
     })},
    {ZYDIS_MNEMONIC_CVTTPD2PI, to_mmx<16>([](Vector source) {
         Vector integers;
         asm volatile("cvttpd2dq %1, %0" : "=x"(integers) : "x"(source));
         return low_half(integers);
     })},
};

}  // namespace

std::span<TableEntry const> convert_table() { return kTable; }

}  // namespace drydock::hwmodel
