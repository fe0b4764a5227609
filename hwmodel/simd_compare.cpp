// Floating-point comparisons to flags and to masks (Intel SDM vol. 2, CMPPD, COMISD, UCOMISD).

#include "hwmodel/simd_mxcsr.h"

namespace drydock::hwmodel {
namespace {

struct ScalarOrder {
    bool zero = false;
    bool parity = false;
    bool carry = false;
};

// COMISS and relatives: operation (Vector a, Vector b, ScalarOrder& order).
template <typename Operation>
ExtensionResult finish_ordering(X86State& state, Extension const& operation, Vector source)
{
    Vector const target = load_xmm(state, operation.target);
    ScalarOrder order;
    ExtensionResult const result =
        run_under_guest_mxcsr(state, [&] { Operation{}(target, source, order); });
    if (result != ExtensionResult::Done) return result;
    // OF, SF and AF are cleared.
    u64 flags = state.rflags & ~rflags::kStatus;
    if (order.zero) flags |= rflags::kZero;
    if (order.parity) flags |= rflags::kParity;
    if (order.carry) flags |= rflags::kCarry;
    state.rflags = flags;
    return result;
}

template <typename Operation>
ExtensionResult ordering_register(X86State& state, UserMemoryPort&, Extension const& operation, u64)
{
    return finish_ordering<Operation>(state, operation, load_xmm(state, operation.source));
}

template <typename Operation, usize kBytes>
ExtensionResult ordering_memory(X86State& state,
                                UserMemoryPort& memory,
                                Extension const& operation,
                                u64 address)
{
    Vector source;
    ExtensionResult const loaded = load_vector<kBytes>(memory, address, source);
    if (loaded != ExtensionResult::Done) return loaded;
    return finish_ordering<Operation>(state, operation, source);
}

template <usize kBytes, typename Operation>
constexpr Forms ordering(Operation)
{
    return {.xmm_xmm = ordering_register<Operation>,
            .xmm_memory = ordering_memory<Operation, kBytes>};
}

// CMPPS and relatives: the predicate is part of the instruction, so there is one operation for
// each.
template <typename Operation>
void compare(Vector& target, Vector source, u8 predicate)
{
    // The legacy encodings look at three bits only.
    switch (predicate & 7) {
    case 0: Operation{}.template operator()<0>(target, source); break;
    case 1: Operation{}.template operator()<1>(target, source); break;
    case 2: Operation{}.template operator()<2>(target, source); break;
    case 3: Operation{}.template operator()<3>(target, source); break;
    case 4: Operation{}.template operator()<4>(target, source); break;
    case 5: Operation{}.template operator()<5>(target, source); break;
    case 6: Operation{}.template operator()<6>(target, source); break;
    case 7: Operation{}.template operator()<7>(target, source); break;
    }
}

template <typename Operation>
ExtensionResult finish_comparison(X86State& state, Extension const& operation, Vector source)
{
    Vector const target = load_xmm(state, operation.target);
    Vector value = target;
    ExtensionResult const result = run_under_guest_mxcsr(state, [&] {
        value = target;
        compare<Operation>(value, source, operation.immediate);
    });
    if (result == ExtensionResult::Done) store_xmm(state, operation.target, value);
    return result;
}

template <typename Operation>
ExtensionResult comparison_register(X86State& state,
                                    UserMemoryPort&,
                                    Extension const& operation,
                                    u64)
{
    return finish_comparison<Operation>(state, operation, load_xmm(state, operation.source));
}

template <typename Operation, usize kBytes>
ExtensionResult comparison_memory(X86State& state,
                                  UserMemoryPort& memory,
                                  Extension const& operation,
                                  u64 address)
{
    Vector source;
    ExtensionResult const loaded =
        load_vector<kBytes, kOperandAlignment<kBytes>>(memory, address, source);
    if (loaded != ExtensionResult::Done) return loaded;
    return finish_comparison<Operation>(state, operation, source);
}

template <usize kBytes, typename Operation>
constexpr Forms comparison(Operation)
{
    return {.xmm_xmm = comparison_register<Operation>,
            .xmm_memory = comparison_memory<Operation, kBytes>};
}

constexpr TableEntry kTable[] = {
    {ZYDIS_MNEMONIC_UCOMISS, ordering<4>([](Vector a, Vector b, ScalarOrder& order) {
         asm volatile("ucomiss %4, %3"
                      : "=@ccz"(order.zero), "=@ccp"(order.parity), "=@ccc"(order.carry)
                      : "x"(a), "x"(b));
     })},
    {ZYDIS_MNEMONIC_UCOMISD, ordering<8>([](Vector a, Vector b, ScalarOrder& order) {
         asm volatile("ucomisd %4, %3"
                      : "=@ccz"(order.zero), "=@ccp"(order.parity), "=@ccc"(order.carry)
                      : "x"(a), "x"(b));
     })},
    {ZYDIS_MNEMONIC_COMISS, ordering<4>([](Vector a, Vector b, ScalarOrder& order) {
         asm volatile("comiss %4, %3"
                      : "=@ccz"(order.zero), "=@ccp"(order.parity), "=@ccc"(order.carry)
                      : "x"(a), "x"(b));
     })},
    {ZYDIS_MNEMONIC_COMISD, ordering<8>([](Vector a, Vector b, ScalarOrder& order) {
         asm volatile("comisd %4, %3"
                      : "=@ccz"(order.zero), "=@ccp"(order.parity), "=@ccc"(order.carry)
                      : "x"(a), "x"(b));
     })},
    {ZYDIS_MNEMONIC_CMPPS, comparison<16>([]<int kPredicate>(Vector& a, Vector b) {
         asm volatile("cmpps %2, %1, %0" : "+x"(a) : "x"(b), "i"(kPredicate));
     })},
    {ZYDIS_MNEMONIC_CMPPD, comparison<16>([]<int kPredicate>(Vector& a, Vector b) {
         asm volatile("cmppd %2, %1, %0" : "+x"(a) : "x"(b), "i"(kPredicate));
     })},
    {ZYDIS_MNEMONIC_CMPSS, comparison<4>([]<int kPredicate>(Vector& a, Vector b) {
         asm volatile("cmpss %2, %1, %0" : "+x"(a) : "x"(b), "i"(kPredicate));
     })},
    {ZYDIS_MNEMONIC_CMPSD, comparison<8>([]<int kPredicate>(Vector& a, Vector b) {
         asm volatile("cmpsd %2, %1, %0" : "+x"(a) : "x"(b), "i"(kPredicate));
     })},
};

}  // namespace

std::span<TableEntry const> compare_table() { return kTable; }

}  // namespace drydock::hwmodel
