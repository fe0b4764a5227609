// MXCSR and the whole state image (Intel SDM vol. 2, FXRSTOR, FXSAVE, LDMXCSR, STMXCSR), and the
// masked store of bytes.

#include "hwmodel/simd_mxcsr.h"
#include "hwmodel/x87.h"

namespace drydock::hwmodel {
namespace {

constexpr u32 kMxcsrReserved = ~u32{0xffff};
constexpr usize kFxImageBytes = 512;
// The part of the image behind the registers is the program's own.
constexpr usize kFxStoredBytes = 416;

ExtensionResult load_mxcsr(X86State& state, UserMemoryPort& memory, Extension const&, u64 address)
{
    u32 value = 0;
    if (!memory.load(address, &value, sizeof value)) return ExtensionResult::Fault;
    if ((value & kMxcsrReserved) != 0) return ExtensionResult::GeneralProtection;
    state.fx.mxcsr = value;
    return ExtensionResult::Done;
}

ExtensionResult store_mxcsr(X86State& state, UserMemoryPort& memory, Extension const&, u64 address)
{
    return memory.store(address, &state.fx.mxcsr, sizeof state.fx.mxcsr) ? ExtensionResult::Done
                                                                         : ExtensionResult::Fault;
}

ExtensionResult save_image(X86State& state, UserMemoryPort& memory, Extension const&, u64 address)
{
    if (address % 16 != 0) return ExtensionResult::GeneralProtection;
    if (!memory.probe_store(address, kFxImageBytes)) return ExtensionResult::Fault;
    FxState image = state.fx;
    image.reserved_0 = 0;
    image.mxcsr_mask = ~kMxcsrReserved;
    return memory.store(address, &image, kFxStoredBytes) ? ExtensionResult::Done
                                                         : ExtensionResult::Fault;
}

ExtensionResult restore_image(X86State& state,
                              UserMemoryPort& memory,
                              Extension const&,
                              u64 address)
{
    if (address % 16 != 0) return ExtensionResult::GeneralProtection;
    FxState image;
    if (!memory.load(address, &image, kFxImageBytes)) return ExtensionResult::Fault;
    if ((image.mxcsr & kMxcsrReserved) != 0) return ExtensionResult::GeneralProtection;
    x87_adopt(image);
    state.fx = image;
    return ExtensionResult::Done;
}

// MASKMOVDQU: the address is in rdi, behind the segment and the address size of the instruction.
u64 implicit_address(X86State const& state, Extension const& operation)
{
    u64 offset = state.reg(Gpr::Rdi);
    if ((operation.variant & kImplicitAddress32) != 0) offset = static_cast<u32>(offset);
    if ((operation.variant & kImplicitFs) != 0) offset += state.fs_base;
    if ((operation.variant & kImplicitGs) != 0) offset += state.gs_base;
    return offset;
}

}  // namespace

// A byte that is not selected is not accessed; all selected ones are checked before any is written.
ExtensionResult store_selected_bytes(X86State const& state,
                                     UserMemoryPort& memory,
                                     Extension const& operation,
                                     std::span<u8 const> data,
                                     std::span<u8 const> mask)
{
    u64 const address = implicit_address(state, operation);
    for (usize i = 0; i < data.size(); ++i)
        if ((mask[i] & 0x80) != 0 && !memory.probe_store(address + i, 1))
            return ExtensionResult::Fault;
    for (usize i = 0; i < data.size(); ++i)
        if ((mask[i] & 0x80) != 0 && !memory.store(address + i, &data[i], 1))
            return ExtensionResult::Fault;
    return ExtensionResult::Done;
}

namespace {

ExtensionResult store_masked(X86State& state,
                             UserMemoryPort& memory,
                             Extension const& operation,
                             u64)
{
    return store_selected_bytes(
        state, memory, operation, state.fx.xmm[operation.target], state.fx.xmm[operation.source]);
}

constexpr TableEntry kTable[] = {
    {ZYDIS_MNEMONIC_LDMXCSR, {.memory = load_mxcsr}},
    {ZYDIS_MNEMONIC_STMXCSR, {.memory = store_mxcsr}},
    {ZYDIS_MNEMONIC_FXSAVE, {.memory = save_image}},
    {ZYDIS_MNEMONIC_FXSAVE64, {.memory = save_image}},
    {ZYDIS_MNEMONIC_FXRSTOR, {.memory = restore_image}},
    {ZYDIS_MNEMONIC_FXRSTOR64, {.memory = restore_image}},
    {ZYDIS_MNEMONIC_MASKMOVDQU, {.xmm_xmm = store_masked}},
};

}  // namespace

std::span<TableEntry const> state_table() { return kTable; }

}  // namespace drydock::hwmodel
