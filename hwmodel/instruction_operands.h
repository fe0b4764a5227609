#pragma once

// The operands of one Zydis instruction in the terms of an operation.

#include "hwmodel/instruction_map.h"

namespace drydock::hwmodel {

class InstructionOperands {
public:
    InstructionOperands(ZydisDecodedInstruction const& instruction,
                        ZydisDecodedOperand const* operands)
        : instruction_(instruction), operands_(operands)
    {}

    unsigned mnemonic() const { return static_cast<unsigned>(instruction_.mnemonic); }
    unsigned visible_count() const { return instruction_.operand_count_visible; }
    unsigned operand_width() const { return instruction_.operand_width; }
    bool is_address_32() const { return instruction_.address_width == 32; }
    bool is_far() const { return instruction_.meta.branch_type == ZYDIS_BRANCH_TYPE_FAR; }
    bool is_string() const { return instruction_.meta.category == ZYDIS_CATEGORY_STRINGOP; }
    // VEX, EVEX, XOP and 3DNow!: nothing of theirs is announced.
    bool is_vector_encoding() const
    {
        return instruction_.encoding != ZYDIS_INSTRUCTION_ENCODING_LEGACY;
    }

    unsigned size(unsigned index) const { return operands_[index].size / 8; }
    bool is_memory(unsigned index) const { return has_type(index, ZYDIS_OPERAND_TYPE_MEMORY); }
    bool is_register(unsigned index) const { return has_type(index, ZYDIS_OPERAND_TYPE_REGISTER); }
    bool is_immediate(unsigned index) const
    {
        return has_type(index, ZYDIS_OPERAND_TYPE_IMMEDIATE);
    }
    u64 immediate(unsigned index) const { return operands_[index].imm.value.u; }
    i32 branch_displacement() const { return static_cast<i32>(operands_[0].imm.value.s); }
    ZydisRegister register_of(unsigned index) const { return operands_[index].reg.value; }
    // The byte offset of a general register's operand.
    u8 slot(unsigned index) const { return slot_of(register_of(index)); }
    bool is_segment(unsigned index) const;
    bool is_control_or_debug(unsigned index) const;
    bool has_system_register() const;
    bool is_vector(unsigned index) const { return class_of(index) == ZYDIS_REGCLASS_XMM; }
    u8 vector_number(unsigned index) const
    {
        return static_cast<u8>(ZydisRegisterGetId(register_of(index)));
    }
    bool uses_rsp(unsigned index) const;

    // Fill an operation's fields from an operand; memory goes into the address fields.
    void fill_target(Translated& result, unsigned index) const;
    void fill_source(Translated& result, unsigned index) const;
    // Operands 0 and 1; false if they are no pair that an operation has.
    bool fill_pair(Translated& result, Form& form) const;
    void fill_address(Translated& result, unsigned index) const;
    void fill_lea_address(Translated& result, unsigned index) const;
    // The first memory operand, hidden ones too, if there is one.
    void fill_any_address(Translated& result) const;

    u8 repeat_flags() const;
    // FS or GS base under which RSI is used, or none.
    u8 string_segment_slot() const { return any_segment_slot(); }
    u8 any_segment_slot() const;

    // kNoSlot for anything but a general register.
    static u8 slot_of(ZydisRegister name);

private:
    bool has_type(unsigned index, ZydisOperandType type) const
    {
        return index < instruction_.operand_count && operands_[index].type == type;
    }
    ZydisRegisterClass class_of(unsigned index) const;
    void fill_memory(Translated& result, ZydisDecodedOperand const& operand, u8 segment) const;

    ZydisDecodedInstruction const& instruction_;
    ZydisDecodedOperand const* operands_;
};

}  // namespace drydock::hwmodel
