#include "hwmodel/instruction_operands.h"

#include <limits>

namespace drydock::hwmodel {

namespace {

u8 segment_slot(ZydisRegister segment)
{
    if (segment == ZYDIS_REGISTER_FS) return kFsBaseSlot;
    return segment == ZYDIS_REGISTER_GS ? kGsBaseSlot : kNoSlot;
}

bool in_range(ZydisRegister name, ZydisRegister first, ZydisRegister last)
{
    return name >= first && name <= last;
}

u8 slot_from(ZydisRegister name, ZydisRegister first, unsigned number)
{
    return static_cast<u8>((static_cast<unsigned>(name) - static_cast<unsigned>(first) + number) *
                           8);
}

}  // namespace

u8 InstructionOperands::slot_of(ZydisRegister name)
{
    if (in_range(name, ZYDIS_REGISTER_AL, ZYDIS_REGISTER_BL))
        return slot_from(name, ZYDIS_REGISTER_AL, 0);
    // The second byte of the first four registers.
    if (in_range(name, ZYDIS_REGISTER_AH, ZYDIS_REGISTER_BH))
        return static_cast<u8>(slot_from(name, ZYDIS_REGISTER_AH, 0) + 1);
    if (in_range(name, ZYDIS_REGISTER_SPL, ZYDIS_REGISTER_R15B))
        return slot_from(name, ZYDIS_REGISTER_SPL, 4);
    if (in_range(name, ZYDIS_REGISTER_AX, ZYDIS_REGISTER_R15W))
        return slot_from(name, ZYDIS_REGISTER_AX, 0);
    if (in_range(name, ZYDIS_REGISTER_EAX, ZYDIS_REGISTER_R15D))
        return slot_from(name, ZYDIS_REGISTER_EAX, 0);
    if (in_range(name, ZYDIS_REGISTER_RAX, ZYDIS_REGISTER_R15))
        return slot_from(name, ZYDIS_REGISTER_RAX, 0);
    if (name == ZYDIS_REGISTER_RIP || name == ZYDIS_REGISTER_EIP) return kRipSlot;
    return kNoSlot;
}

ZydisRegisterClass InstructionOperands::class_of(unsigned index) const
{
    if (!is_register(index)) return ZYDIS_REGCLASS_INVALID;
    return ZydisRegisterGetClass(register_of(index));
}

bool InstructionOperands::is_segment(unsigned index) const
{
    return class_of(index) == ZYDIS_REGCLASS_SEGMENT;
}

bool InstructionOperands::is_control_or_debug(unsigned index) const
{
    ZydisRegisterClass const kind = class_of(index);
    return kind == ZYDIS_REGCLASS_CONTROL || kind == ZYDIS_REGCLASS_DEBUG;
}

bool InstructionOperands::has_system_register() const
{
    return is_segment(0) || is_segment(1) || is_control_or_debug(0) || is_control_or_debug(1);
}

bool InstructionOperands::uses_rsp(unsigned index) const
{
    ZydisRegister const base = operands_[index].mem.base;
    return is_memory(index) && (base == ZYDIS_REGISTER_RSP || base == ZYDIS_REGISTER_ESP);
}

void InstructionOperands::fill_target(Translated& result, unsigned index) const
{
    if (is_memory(index)) {
        fill_address(result, index);
    } else {
        result.operation.target = slot(index);
    }
}

void InstructionOperands::fill_source(Translated& result, unsigned index) const
{
    if (is_memory(index)) {
        fill_address(result, index);
    } else {
        result.operation.source = slot(index);
    }
}

bool InstructionOperands::fill_pair(Translated& result, Form& form) const
{
    Operation& op = result.operation;
    if (is_memory(0)) {
        fill_address(result, 0);
        if (is_immediate(1)) {
            op.immediate = immediate(1);
            form = Form::MemImm;
            return true;
        }
        op.source = slot(1);
        form = Form::MemReg;
        return is_register(1) && op.source != kNoSlot;
    }
    op.target = slot(0);
    if (!is_register(0) || op.target == kNoSlot) return false;
    if (is_immediate(1)) {
        op.immediate = immediate(1);
        form = Form::RegImm;
        return true;
    }
    if (is_memory(1)) {
        fill_address(result, 1);
        form = Form::RegMem;
        return true;
    }
    op.source = slot(1);
    form = Form::RegReg;
    return is_register(1) && op.source != kNoSlot;
}

void InstructionOperands::fill_address(Translated& result, unsigned index) const
{
    fill_memory(result, operands_[index], segment_slot(operands_[index].mem.segment));
}

void InstructionOperands::fill_lea_address(Translated& result, unsigned index) const
{
    fill_memory(result, operands_[index], kNoSlot);
}

void InstructionOperands::fill_any_address(Translated& result) const
{
    for (unsigned i = 0; i < instruction_.operand_count; ++i) {
        if (!is_memory(i)) continue;
        fill_address(result, i);
        return;
    }
}

void InstructionOperands::fill_memory(Translated& result,
                                      ZydisDecodedOperand const& operand,
                                      u8 segment) const
{
    Operation& op = result.operation;
    ZydisDecodedOperandMem const& memory = operand.mem;
    if (memory.segment == ZYDIS_REGISTER_SS) op.flags |= operation_flag::kStackSegment;
    u8 base = slot_of(memory.base);
    u8 index = slot_of(memory.index);
    i64 displacement = memory.disp.value;
    // The rip slot holds the block's start while the block runs.
    if (base == kRipSlot) displacement += i64{op.offset} + op.length;
    i8 factor = index == kNoSlot ? i8{0} : static_cast<i8>(memory.scale);
    bool is_rare = is_address_32() || displacement < std::numeric_limits<i32>::min() ||
                   displacement > std::numeric_limits<i32>::max();
    if (segment != kNoSlot && !is_rare) {
        if (base == kNoSlot) {
            base = segment;
            segment = kNoSlot;
        } else if (index == kNoSlot) {
            index = base;
            factor = 1;
            base = segment;
            segment = kNoSlot;
        }
    }
    is_rare = is_rare || segment != kNoSlot;
    if (index == kNoSlot) index = 0;
    if (base == kNoSlot) {
        base = index;
        factor = static_cast<i8>(factor - 1);
    }
    if (!is_rare) {
        op.base = base;
        op.index = index;
        op.factor = factor;
        op.displacement = static_cast<i32>(displacement);
        return;
    }
    result.needs_address = true;
    Operation& rare = result.address;
    rare.handler = rare_address_handler();
    rare.base = base;
    rare.index = index;
    rare.factor = factor;
    rare.immediate = static_cast<u64>(displacement);
    rare.extra = segment;
    if (is_address_32()) rare.flags |= operation_flag::kAddress32;
    op.base = kScratchSlot;
    op.index = 0;
    op.factor = 0;
    op.displacement = 0;
}

u8 InstructionOperands::repeat_flags() const
{
    // The last of F2 and F3 counts. Outside SCAS and CMPS both only repeat.
    u8 flags = 0;
    for (unsigned i = 0; i < instruction_.raw.prefix_count; ++i) {
        u8 const prefix = instruction_.raw.prefixes[i].value;
        if (prefix == 0xf2) flags = operation_flag::kRepeatNotEqual;
        if (prefix == 0xf3) flags = operation_flag::kRepeat;
    }
    return flags;
}

u8 InstructionOperands::any_segment_slot() const
{
    for (unsigned i = 0; i < instruction_.operand_count; ++i) {
        if (!is_memory(i)) continue;
        u8 const slot = segment_slot(operands_[i].mem.segment);
        if (slot != kNoSlot) return slot;
    }
    return kNoSlot;
}

}  // namespace drydock::hwmodel
