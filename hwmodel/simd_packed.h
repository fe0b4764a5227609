#pragma once

// Handlers of the integer and logical operations: value from two vectors, no flags, no MXCSR. An
// operation is a captureless function object (Vector, Vector) -> Vector; the 64-bit MMX form of
// most operations is the low half of the 128-bit one.

#include "hwmodel/mmx.h"

namespace drydock::hwmodel {

template <typename Operation>
ExtensionResult packed_xmm_xmm(X86State& state, UserMemoryPort&, Extension const& operation, u64)
{
    Vector const target = load_xmm(state, operation.target);
    Vector const source = load_xmm(state, operation.source);
    store_xmm(state, operation.target, Operation{}(target, source));
    return ExtensionResult::Done;
}

template <typename Operation>
ExtensionResult packed_xmm_memory(X86State& state,
                                  UserMemoryPort& memory,
                                  Extension const& operation,
                                  u64 address)
{
    Vector source;
    ExtensionResult const loaded = load_vector<16, Alignment::Required>(memory, address, source);
    if (loaded != ExtensionResult::Done) return loaded;
    Vector const target = load_xmm(state, operation.target);
    store_xmm(state, operation.target, Operation{}(target, source));
    return ExtensionResult::Done;
}

// A shift by an immediate count: the count is the source.
template <typename Operation>
ExtensionResult packed_xmm_immediate(X86State& state,
                                     UserMemoryPort&,
                                     Extension const& operation,
                                     u64)
{
    Vector const target = load_xmm(state, operation.target);
    store_xmm(state, operation.target, Operation{}(target, vector_of(operation.immediate)));
    return ExtensionResult::Done;
}

template <typename Operation>
ExtensionResult packed_mm_mm(X86State& state, UserMemoryPort&, Extension const& operation, u64)
{
    if (x87_exception_is_pending(state)) return ExtensionResult::FloatingPoint;
    enter_mmx(state);
    Vector const target = vector_of(load_mm(state, operation.target));
    Vector const source = vector_of(load_mm(state, operation.source));
    store_mm(state, operation.target, low_half(Operation{}(target, source)));
    return ExtensionResult::Done;
}

template <typename Operation, usize kBytes>
ExtensionResult packed_mm_memory(X86State& state,
                                 UserMemoryPort& memory,
                                 Extension const& operation,
                                 u64 address)
{
    if (x87_exception_is_pending(state)) return ExtensionResult::FloatingPoint;
    Vector source;
    ExtensionResult const loaded = load_vector<kBytes>(memory, address, source);
    if (loaded != ExtensionResult::Done) return loaded;
    enter_mmx(state);
    Vector const target = vector_of(load_mm(state, operation.target));
    store_mm(state, operation.target, low_half(Operation{}(target, source)));
    return ExtensionResult::Done;
}

template <typename Operation>
ExtensionResult packed_mm_immediate(X86State& state,
                                    UserMemoryPort&,
                                    Extension const& operation,
                                    u64)
{
    if (x87_exception_is_pending(state)) return ExtensionResult::FloatingPoint;
    enter_mmx(state);
    Vector const target = vector_of(load_mm(state, operation.target));
    Vector const count = vector_of(operation.immediate);
    store_mm(state, operation.target, low_half(Operation{}(target, count)));
    return ExtensionResult::Done;
}

template <typename Operation>
constexpr Forms packed_xmm(Operation)
{
    Forms forms;
    forms.xmm_xmm = packed_xmm_xmm<Operation>;
    forms.xmm_memory = packed_xmm_memory<Operation>;
    return forms;
}

// Where the 64-bit form is not the low half of the 128-bit one, it has an operation of its own.
template <usize kMmxBytes = 8, typename Operation, typename MmxOperation>
constexpr Forms packed(Operation operation, MmxOperation)
{
    Forms forms = packed_xmm(operation);
    forms.mm_mm = packed_mm_mm<MmxOperation>;
    forms.mm_memory = packed_mm_memory<MmxOperation, kMmxBytes>;
    return forms;
}

template <usize kMmxBytes = 8, typename Operation>
constexpr Forms packed(Operation operation)
{
    return packed<kMmxBytes>(operation, operation);
}

template <typename Operation>
constexpr Forms packed_shift(Operation operation)
{
    Forms forms = packed(operation);
    forms.xmm_immediate = packed_xmm_immediate<Operation>;
    forms.mm_immediate = packed_mm_immediate<Operation>;
    return forms;
}

}  // namespace drydock::hwmodel
