// Instructions that load, store or ask about segments, and the branches that name one.

#include "hwmodel/instruction_map.h"
#include "hwmodel/instruction_operands.h"

namespace drydock::hwmodel {

namespace {

u8 segment_number(ZydisRegister name)
{
    switch (static_cast<unsigned>(name)) {
    case ZYDIS_REGISTER_ES: return static_cast<u8>(SegmentRegister::Es);
    case ZYDIS_REGISTER_CS: return static_cast<u8>(SegmentRegister::Cs);
    case ZYDIS_REGISTER_SS: return static_cast<u8>(SegmentRegister::Ss);
    case ZYDIS_REGISTER_FS: return static_cast<u8>(SegmentRegister::Fs);
    case ZYDIS_REGISTER_GS: return static_cast<u8>(SegmentRegister::Gs);
    default: return static_cast<u8>(SegmentRegister::Ds);
    }
}

bool map_move(InstructionOperands const& in, Translated& result)
{
    Operation& op = result.operation;
    if (in.is_segment(0)) {
        op.spare = segment_number(in.register_of(0));
        in.fill_source(result, 1);
        op.handler = segment_load_handler(in.is_memory(1));
        return true;
    }
    if (!in.is_segment(1)) return false;
    op.spare = segment_number(in.register_of(1));
    op.extra = static_cast<u8>(in.size(0));
    in.fill_target(result, 0);
    op.handler = segment_store_handler(in.is_memory(0));
    return true;
}

bool map_stack(InstructionOperands const& in, Translated& result)
{
    if (!in.is_segment(0)) return false;
    Operation& op = result.operation;
    op.flags |= operation_flag::kStackSegment;
    op.spare = segment_number(in.register_of(0));
    op.extra = in.operand_width() == 16 ? 2 : 8;
    bool const is_push = in.mnemonic() == ZYDIS_MNEMONIC_PUSH;
    op.handler = is_push ? segment_push_handler() : segment_pop_handler();
    return true;
}

bool map_pointer(InstructionOperands const& in, Translated& result, SegmentRegister name)
{
    Operation& op = result.operation;
    op.spare = static_cast<u8>(name);
    op.extra = static_cast<u8>(in.size(0));
    op.target = in.slot(0);
    in.fill_address(result, 1);
    op.handler = segment_pointer_handler();
    return true;
}

bool map_query(InstructionOperands const& in, Translated& result, SegmentQuery kind)
{
    bool const has_target = kind == SegmentQuery::Rights || kind == SegmentQuery::Limit;
    unsigned const source = has_target ? 1 : 0;
    Operation& op = result.operation;
    if (has_target) {
        op.target = in.slot(0);
        op.extra = static_cast<u8>(in.size(0));
    }
    in.fill_source(result, source);
    op.handler = segment_query_handler(kind, in.is_memory(source));
    return true;
}

bool map_table(InstructionOperands const& in, Translated& result, SystemTable kind)
{
    Operation& op = result.operation;
    op.extra = static_cast<u8>(in.size(0));
    in.fill_target(result, 0);
    op.handler = table_store_handler(kind, in.is_memory(0));
    return true;
}

bool map_far(InstructionOperands const& in, Translated& result)
{
    Operation& op = result.operation;
    op.extra = static_cast<u8>(in.operand_width() / 8);
    result.ends_block = true;
    if (in.mnemonic() == ZYDIS_MNEMONIC_RET) {
        op.flags |= operation_flag::kStackSegment;
        if (in.visible_count() != 0) op.displacement = static_cast<i32>(in.immediate(0) & 0xffff);
        op.handler = far_return_handler();
        return true;
    }
    if (!in.is_memory(0)) return false;
    in.fill_address(result, 0);
    bool const is_call = in.mnemonic() == ZYDIS_MNEMONIC_CALL;
    op.handler = is_call ? far_call_handler() : far_jump_handler();
    return true;
}

bool map_interrupt_return(InstructionOperands const& in, Translated& result)
{
    Operation& op = result.operation;
    op.flags |= operation_flag::kStackSegment;
    op.extra = static_cast<u8>(in.operand_width() / 8);
    op.handler = interrupt_return_handler();
    result.ends_block = true;
    return true;
}

}  // namespace

bool map_segment(InstructionOperands const& in, Translated& result)
{
    switch (in.mnemonic()) {
    case ZYDIS_MNEMONIC_MOV: return map_move(in, result);
    case ZYDIS_MNEMONIC_PUSH:
    case ZYDIS_MNEMONIC_POP: return map_stack(in, result);
    case ZYDIS_MNEMONIC_LSS: return map_pointer(in, result, SegmentRegister::Ss);
    case ZYDIS_MNEMONIC_LFS: return map_pointer(in, result, SegmentRegister::Fs);
    case ZYDIS_MNEMONIC_LGS: return map_pointer(in, result, SegmentRegister::Gs);
    case ZYDIS_MNEMONIC_LAR: return map_query(in, result, SegmentQuery::Rights);
    case ZYDIS_MNEMONIC_LSL: return map_query(in, result, SegmentQuery::Limit);
    case ZYDIS_MNEMONIC_VERR: return map_query(in, result, SegmentQuery::Readable);
    case ZYDIS_MNEMONIC_VERW: return map_query(in, result, SegmentQuery::Writable);
    case ZYDIS_MNEMONIC_SGDT: return map_table(in, result, SystemTable::Global);
    case ZYDIS_MNEMONIC_SIDT: return map_table(in, result, SystemTable::Interrupt);
    case ZYDIS_MNEMONIC_SLDT: return map_table(in, result, SystemTable::Local);
    case ZYDIS_MNEMONIC_STR: return map_table(in, result, SystemTable::Task);
    case ZYDIS_MNEMONIC_SMSW: return map_table(in, result, SystemTable::MachineStatus);
    case ZYDIS_MNEMONIC_JMP:
    case ZYDIS_MNEMONIC_CALL:
    case ZYDIS_MNEMONIC_RET: return in.is_far() && map_far(in, result);
    case ZYDIS_MNEMONIC_IRET:
    case ZYDIS_MNEMONIC_IRETD:
    case ZYDIS_MNEMONIC_IRETQ: return map_interrupt_return(in, result);
    default: return false;
    }
}

}  // namespace drydock::hwmodel
