#pragma once

// What the files of the SSE and MMX instructions share: access to the modelled vector registers,
// the operand shapes by which a handler is chosen, and the tables that list the handlers.

#include "hwmodel/extension.h"

#include <Zydis/Zydis.h>
#include <cstring>
#include <emmintrin.h>
#include <span>

namespace drydock::hwmodel {

using Vector = __m128i;

// The handlers of one mnemonic, by the kinds of its operands (target first); null where there is
// none.
struct Forms {
    ExtensionHandler none = nullptr;
    ExtensionHandler memory = nullptr;
    ExtensionHandler xmm_xmm = nullptr;
    ExtensionHandler xmm_memory = nullptr;
    ExtensionHandler memory_xmm = nullptr;
    ExtensionHandler xmm_immediate = nullptr;
    ExtensionHandler xmm_gpr = nullptr;
    ExtensionHandler gpr_xmm = nullptr;
    ExtensionHandler gpr_memory = nullptr;
    ExtensionHandler memory_gpr = nullptr;
    ExtensionHandler mm_mm = nullptr;
    ExtensionHandler mm_memory = nullptr;
    ExtensionHandler memory_mm = nullptr;
    ExtensionHandler mm_immediate = nullptr;
    ExtensionHandler mm_gpr = nullptr;
    ExtensionHandler gpr_mm = nullptr;
    ExtensionHandler xmm_mm = nullptr;
    ExtensionHandler mm_xmm = nullptr;
};

struct TableEntry {
    ZydisMnemonic mnemonic;
    Forms forms;
};

std::span<TableEntry const> move_table();
std::span<TableEntry const> shuffle_table();
std::span<TableEntry const> integer_table();
std::span<TableEntry const> float_table();
std::span<TableEntry const> compare_table();
std::span<TableEntry const> convert_table();
std::span<TableEntry const> state_table();
std::span<TableEntry const> mmx_table();

// Bits of Extension::variant for the instructions that store through rdi (MASKMOVDQU, MASKMOVQ).
inline constexpr u16 kImplicitFs = 1;
inline constexpr u16 kImplicitGs = 2;
inline constexpr u16 kImplicitAddress32 = 4;

// The common part of MASKMOVDQU and MASKMOVQ: stores the bytes of `data` whose mask byte is
// negative.
ExtensionResult store_selected_bytes(X86State const& state,
                                     UserMemoryPort& memory,
                                     Extension const& operation,
                                     std::span<u8 const> data,
                                     std::span<u8 const> mask);

inline Vector load_xmm(X86State const& state, u8 number)
{
    return _mm_load_si128(reinterpret_cast<Vector const*>(state.fx.xmm[number]));
}

inline void store_xmm(X86State& state, u8 number, Vector value)
{
    _mm_store_si128(reinterpret_cast<Vector*>(state.fx.xmm[number]), value);
}

inline u64 low_half(Vector value) { return static_cast<u64>(_mm_cvtsi128_si64(value)); }

inline u64 high_half(Vector value) { return low_half(_mm_unpackhi_epi64(value, value)); }

inline Vector vector_of(u64 low, u64 high = 0)
{
    return _mm_set_epi64x(static_cast<long long>(high), static_cast<long long>(low));
}

// A 32-bit result clears the upper half of its register, as for integer instructions.
inline void store_gpr(X86State& state, Extension const& operation, u64 value)
{
    state.gpr[operation.target] = operation.operand_size == 8 ? value : static_cast<u32>(value);
}

enum class Alignment : u8 { Any, Required };

// Intel SDM vol. 1, 10.8.2: a misaligned 128-bit operand of an instruction without "unaligned" in
// its name is a general protection fault, detected before any page fault.
template <usize kBytes, Alignment kAlignment = Alignment::Any>
ExtensionResult load_vector(UserMemoryPort& memory, u64 address, Vector& result)
{
    if (kAlignment == Alignment::Required && address % kBytes != 0)
        return ExtensionResult::GeneralProtection;
    alignas(16) u8 bytes[16];
    if (!memory.load(address, bytes, kBytes)) return ExtensionResult::Fault;
    if constexpr (kBytes == 16) {
        result = _mm_load_si128(reinterpret_cast<Vector const*>(bytes));
    } else {
        u64 low = 0;
        std::memcpy(&low, bytes, kBytes);
        result = vector_of(low);
    }
    return ExtensionResult::Done;
}

template <usize kBytes, Alignment kAlignment = Alignment::Any>
ExtensionResult store_vector(UserMemoryPort& memory, u64 address, Vector value)
{
    if (kAlignment == Alignment::Required && address % kBytes != 0)
        return ExtensionResult::GeneralProtection;
    return memory.store(address, &value, kBytes) ? ExtensionResult::Done : ExtensionResult::Fault;
}

// The legacy SSE rule for the memory operand of a computation: 16 bytes are aligned, less need not
// be.
template <usize kBytes>
inline constexpr Alignment kOperandAlignment = kBytes == 16 ? Alignment::Required : Alignment::Any;

}  // namespace drydock::hwmodel
