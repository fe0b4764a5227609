#pragma once

// SSE floating-point operations run on the host's own unit under the guest's MXCSR. All exceptions
// are masked while they do; whether the guest wanted one is decided afterwards from the flags.

#include "hwmodel/simd_support.h"

namespace drydock::hwmodel {

inline constexpr u32 kMxcsrFlags = 0x3f;
inline constexpr u32 kMxcsrMasks = 0x1f80;
inline constexpr u32 kMxcsrFlushToZero = 1u << 15;
inline constexpr u32 kMxcsrUnderflowMask = 1u << 11;
inline constexpr u32 kMxcsrUnderflow = 1u << 4;
// Invalid, denormal, divide by zero: known before the operation is carried out.
inline constexpr u32 kMxcsrEarlyFlags = 0x07;
// What the ABI promises to compiled code, and so what the host runs with.
inline constexpr u32 kMxcsrHost = 0x1f80;

inline void load_host_mxcsr(u32 value) { asm volatile("ldmxcsr %0" : : "m"(value)); }

inline u32 read_host_mxcsr()
{
    u32 value = 0;
    asm volatile("stmxcsr %0" : "=m"(value));
    return value;
}

// The flags that `body` raises under the given control bits.
template <typename Body>
u32 flags_raised_by(Body const& body, u32 control)
{
    load_host_mxcsr((control & ~kMxcsrFlags) | kMxcsrMasks);
    body();
    u32 const flags = read_host_mxcsr() & kMxcsrFlags;
    load_host_mxcsr(kMxcsrHost);
    return flags;
}

// The guest has unmasked something. Intel SDM vol. 1, 11.5.3: an early exception keeps the
// operation from being carried out, so no later flag is set. 4.9.1.5: unmasked underflow means
// "tiny", exact or not, which the masked operation reports only when it flushes to zero.
template <typename Body>
ExtensionResult run_unmasked(X86State& state, Body const& body)
{
    u32 const guest = state.fx.mxcsr;
    u32 const wanted = ~(guest >> 7) & kMxcsrFlags;
    u32 control = guest;
    u32 raised = 0;
    if ((guest & kMxcsrUnderflowMask) == 0) {
        raised = flags_raised_by(body, guest | kMxcsrFlushToZero) & kMxcsrUnderflow;
        control &= ~kMxcsrFlushToZero;
    }
    raised |= flags_raised_by(body, control);
    if ((raised & wanted & kMxcsrEarlyFlags) != 0) raised &= kMxcsrEarlyFlags;
    state.fx.mxcsr = guest | raised;
    return (raised & wanted) != 0 ? ExtensionResult::Simd : ExtensionResult::Done;
}

// Runs `body`, a function object that holds one floating-point instruction as volatile assembly
// (which the compiler keeps between the two changes of MXCSR). It may run twice and must not depend
// on what it did before; its result counts only if the answer is Done.
template <typename Body>
ExtensionResult run_under_guest_mxcsr(X86State& state, Body const& body)
{
    u32 const guest = state.fx.mxcsr;
    if ((guest & kMxcsrMasks) != kMxcsrMasks) [[unlikely]]
        return run_unmasked(state, body);
    load_host_mxcsr(guest);
    body();
    state.fx.mxcsr = read_host_mxcsr();
    // The sticky flags are nobody's on the host; only control bits need to go back.
    if ((guest & ~kMxcsrFlags) != kMxcsrHost) load_host_mxcsr(kMxcsrHost);
    return ExtensionResult::Done;
}

// Handlers of instructions with a vector result. An operation is a captureless function object
// (Vector& target, Vector source), kBytes the size of its memory operand.
template <typename Operation>
ExtensionResult finish_float(X86State& state, Extension const& operation, Vector source)
{
    Vector const target = load_xmm(state, operation.target);
    Vector value = target;
    ExtensionResult const result = run_under_guest_mxcsr(state, [&] {
        value = target;
        Operation{}(value, source);
    });
    if (result == ExtensionResult::Done) store_xmm(state, operation.target, value);
    return result;
}

template <typename Operation>
ExtensionResult float_xmm_xmm(X86State& state, UserMemoryPort&, Extension const& operation, u64)
{
    return finish_float<Operation>(state, operation, load_xmm(state, operation.source));
}

template <typename Operation, usize kBytes>
ExtensionResult float_xmm_memory(X86State& state,
                                 UserMemoryPort& memory,
                                 Extension const& operation,
                                 u64 address)
{
    Vector source;
    ExtensionResult const loaded =
        load_vector<kBytes, kOperandAlignment<kBytes>>(memory, address, source);
    if (loaded != ExtensionResult::Done) return loaded;
    return finish_float<Operation>(state, operation, source);
}

template <usize kBytes, typename Operation>
constexpr Forms floating(Operation)
{
    Forms forms;
    forms.xmm_xmm = float_xmm_xmm<Operation>;
    forms.xmm_memory = float_xmm_memory<Operation, kBytes>;
    return forms;
}

}  // namespace drydock::hwmodel
