// From a decoded instruction to its handler.

#include "hwmodel/simd.h"
#include "hwmodel/simd_support.h"
#include "hwmodel/x87.h"

namespace drydock::hwmodel {
namespace {

enum class Kind : u8 { None, Memory, Xmm, Mm, Gpr, Immediate, Other };

Kind kind_of(ZydisDecodedOperand const& operand)
{
    if (operand.type == ZYDIS_OPERAND_TYPE_MEMORY) return Kind::Memory;
    if (operand.type == ZYDIS_OPERAND_TYPE_IMMEDIATE) return Kind::Immediate;
    if (operand.type != ZYDIS_OPERAND_TYPE_REGISTER) return Kind::Other;
    ZydisRegisterClass const register_class = ZydisRegisterGetClass(operand.reg.value);
    if (register_class == ZYDIS_REGCLASS_XMM) return Kind::Xmm;
    if (register_class == ZYDIS_REGCLASS_MMX) return Kind::Mm;
    if (register_class == ZYDIS_REGCLASS_GPR32) return Kind::Gpr;
    if (register_class == ZYDIS_REGCLASS_GPR64) return Kind::Gpr;
    return Kind::Other;
}

constexpr unsigned pair(Kind target, Kind source)
{
    return static_cast<unsigned>(target) * 16 + static_cast<unsigned>(source);
}

ExtensionHandler choose(Forms const& forms, Kind target, Kind source)
{
    switch (pair(target, source)) {
    case pair(Kind::None, Kind::None): return forms.none;
    case pair(Kind::Memory, Kind::None): return forms.memory;
    case pair(Kind::Xmm, Kind::Xmm): return forms.xmm_xmm;
    case pair(Kind::Xmm, Kind::Memory): return forms.xmm_memory;
    case pair(Kind::Memory, Kind::Xmm): return forms.memory_xmm;
    case pair(Kind::Xmm, Kind::Immediate): return forms.xmm_immediate;
    case pair(Kind::Xmm, Kind::Gpr): return forms.xmm_gpr;
    case pair(Kind::Gpr, Kind::Xmm): return forms.gpr_xmm;
    case pair(Kind::Gpr, Kind::Memory): return forms.gpr_memory;
    case pair(Kind::Memory, Kind::Gpr): return forms.memory_gpr;
    case pair(Kind::Mm, Kind::Mm): return forms.mm_mm;
    case pair(Kind::Mm, Kind::Memory): return forms.mm_memory;
    case pair(Kind::Memory, Kind::Mm): return forms.memory_mm;
    case pair(Kind::Mm, Kind::Immediate): return forms.mm_immediate;
    case pair(Kind::Mm, Kind::Gpr): return forms.mm_gpr;
    case pair(Kind::Gpr, Kind::Mm): return forms.gpr_mm;
    case pair(Kind::Xmm, Kind::Mm): return forms.xmm_mm;
    case pair(Kind::Mm, Kind::Xmm): return forms.mm_xmm;
    default: return nullptr;
    }
}

ExtensionHandler find_handler(ZydisMnemonic mnemonic, Kind target, Kind source)
{
    std::span<TableEntry const> const tables[] = {
        move_table(),
        integer_table(),
        shuffle_table(),
        float_table(),
        convert_table(),
        compare_table(),
        mmx_table(),
        state_table(),
    };
    for (std::span<TableEntry const> const table : tables) {
        for (TableEntry const& entry : table) {
            if (entry.mnemonic != mnemonic) continue;
            ExtensionHandler const handler = choose(entry.forms, target, source);
            if (handler != nullptr) return handler;
        }
    }
    return nullptr;
}

// The instruction sets are what tells MOVSD and CMPSD from the string instructions of these names.
bool is_simd_set(ZydisISASet set)
{
    return set == ZYDIS_ISA_SET_SSE || set == ZYDIS_ISA_SET_SSE2 || set == ZYDIS_ISA_SET_SSE3 ||
           set == ZYDIS_ISA_SET_PENTIUMMMX || set == ZYDIS_ISA_SET_SSE2MMX ||
           set == ZYDIS_ISA_SET_SSEMXCSR || set == ZYDIS_ISA_SET_FXSAVE ||
           set == ZYDIS_ISA_SET_FXSAVE64;
}

u8 memory_bytes(ZydisDecodedOperand const& operand)
{
    unsigned const bytes = operand.size / 8u;
    return static_cast<u8>(bytes > 255 ? 255 : bytes);
}

void describe_operand(ZydisDecodedOperand const& operand, bool is_target, Extension& result)
{
    u8& number = is_target ? result.target : result.source;
    switch (kind_of(operand)) {
    case Kind::None:
    case Kind::Other: break;
    case Kind::Memory:
        result.memory_size = memory_bytes(operand);
        result.memory_is_target = (operand.actions & ZYDIS_OPERAND_ACTION_MASK_WRITE) != 0;
        break;
    case Kind::Xmm:
    case Kind::Mm: number = static_cast<u8>(ZydisRegisterGetId(operand.reg.value)); break;
    case Kind::Gpr:
        number = static_cast<u8>(ZydisRegisterGetId(operand.reg.value));
        result.operand_size = static_cast<u8>(operand.size / 8);
        break;
    case Kind::Immediate: result.immediate = static_cast<u8>(operand.imm.value.u); break;
    }
}

// CVTSI2SS and CVTSI2SD: the memory operand is the integer one.
void describe_integer_memory(ZydisDecodedInstruction const& instruction, Extension& result)
{
    bool const converts = instruction.mnemonic == ZYDIS_MNEMONIC_CVTSI2SS ||
                          instruction.mnemonic == ZYDIS_MNEMONIC_CVTSI2SD;
    if (converts && result.memory_size != 0) result.operand_size = result.memory_size;
}

void describe_implicit_memory(ZydisDecodedInstruction const& instruction, Extension& result)
{
    if (instruction.mnemonic != ZYDIS_MNEMONIC_MASKMOVDQU &&
        instruction.mnemonic != ZYDIS_MNEMONIC_MASKMOVQ)
        return;
    if ((instruction.attributes & ZYDIS_ATTRIB_HAS_SEGMENT_FS) != 0) result.variant |= kImplicitFs;
    if ((instruction.attributes & ZYDIS_ATTRIB_HAS_SEGMENT_GS) != 0) result.variant |= kImplicitGs;
    if (instruction.address_width == 32) result.variant |= kImplicitAddress32;
}

}  // namespace

bool decode_extension(ZydisDecodedInstruction const& instruction,
                      ZydisDecodedOperand const* operands,
                      Extension& result)
{
    if (instruction.encoding != ZYDIS_INSTRUCTION_ENCODING_LEGACY) return false;
    result = Extension{};
    usize const count = instruction.operand_count_visible;
    for (usize i = 0; i < count; ++i) describe_operand(operands[i], i == 0, result);
    if (decode_x87(instruction, result)) return true;
    if (!is_simd_set(instruction.meta.isa_set)) return false;

    describe_integer_memory(instruction, result);
    describe_implicit_memory(instruction, result);
    Kind const target = count > 0 ? kind_of(operands[0]) : Kind::None;
    Kind const source = count > 1 ? kind_of(operands[1]) : Kind::None;
    result.handler = find_handler(instruction.mnemonic, target, source);
    return result.handler != nullptr;
}

}  // namespace drydock::hwmodel
