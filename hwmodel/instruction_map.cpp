#include "hwmodel/instruction_map.h"

#include "hwmodel/instruction_operands.h"
#include "hwmodel/simd.h"

namespace drydock::hwmodel {

namespace {

using Mnemonic = unsigned;

// The CPU vectors that a decode alone can decide on.
constexpr u8 kDebug = 1;
constexpr u8 kBreakpoint = 3;
constexpr u8 kOverflow = 4;
constexpr u8 kInvalidOpcode = 6;
constexpr u8 kGeneralProtection = 13;

void make_raise(Translated& result, u8 vector, u32 error_code = 0)
{
    result.operation.handler = raise_handler();
    result.operation.extra = vector;
    result.operation.immediate = error_code;
    result.ends_block = true;
}

void make_trap(Translated& result, u8 vector)
{
    make_raise(result, vector);
    result.operation.source = 1;
}

struct BinaryEntry {
    Mnemonic mnemonic;
    Binary kind;
};
constexpr BinaryEntry kBinaries[] = {
    {ZYDIS_MNEMONIC_MOV, Binary::Mov},
    {ZYDIS_MNEMONIC_ADD, Binary::Add},
    {ZYDIS_MNEMONIC_OR, Binary::Or},
    {ZYDIS_MNEMONIC_ADC, Binary::Adc},
    {ZYDIS_MNEMONIC_SBB, Binary::Sbb},
    {ZYDIS_MNEMONIC_AND, Binary::And},
    {ZYDIS_MNEMONIC_SUB, Binary::Sub},
    {ZYDIS_MNEMONIC_XOR, Binary::Xor},
    {ZYDIS_MNEMONIC_CMP, Binary::Cmp},
    {ZYDIS_MNEMONIC_TEST, Binary::Test},
    {ZYDIS_MNEMONIC_XCHG, Binary::Xchg},
    {ZYDIS_MNEMONIC_XADD, Binary::Xadd},
    {ZYDIS_MNEMONIC_CMPXCHG, Binary::Cmpxchg},
};

bool map_binary(InstructionOperands const& in, Translated& result)
{
    for (BinaryEntry const& entry : kBinaries) {
        if (entry.mnemonic != in.mnemonic()) continue;
        if (in.has_system_register()) return false;
        Form form = Form::RegReg;
        if (!in.fill_pair(result, form)) return false;
        // XCHG is symmetric; its memory operand counts as the target.
        if (entry.kind == Binary::Xchg && form == Form::RegMem) {
            result.operation.source = result.operation.target;
            form = Form::MemReg;
        }
        if (entry.kind == Binary::Test && form == Form::RegMem) {
            result.operation.source = result.operation.target;
            form = Form::MemReg;
        }
        unsigned const size = in.size(0);
        result.operation.handler = binary_handler(entry.kind, form, size);
        if (entry.kind == Binary::Cmp || entry.kind == Binary::Test)
            result.fusion = {true, entry.kind, form, size};
        return result.operation.handler != nullptr;
    }
    return false;
}

// Control and debug registers.
bool map_system_register(InstructionOperands const& in, Translated& result)
{
    if (in.mnemonic() != ZYDIS_MNEMONIC_MOV) return false;
    if (!in.is_control_or_debug(0) && !in.is_control_or_debug(1)) return false;
    make_raise(result, kGeneralProtection);
    return true;
}

bool map_unary(InstructionOperands const& in, Translated& result)
{
    Unary kind = Unary::Not;
    switch (in.mnemonic()) {
    case ZYDIS_MNEMONIC_NOT: kind = Unary::Not; break;
    case ZYDIS_MNEMONIC_NEG: kind = Unary::Neg; break;
    case ZYDIS_MNEMONIC_INC: kind = Unary::Inc; break;
    case ZYDIS_MNEMONIC_DEC: kind = Unary::Dec; break;
    default: return false;
    }
    in.fill_target(result, 0);
    result.operation.handler = unary_handler(kind, in.is_memory(0), in.size(0));
    return true;
}

bool map_shift(InstructionOperands const& in, Translated& result)
{
    Shift kind = Shift::Rol;
    switch (in.mnemonic()) {
    case ZYDIS_MNEMONIC_ROL: kind = Shift::Rol; break;
    case ZYDIS_MNEMONIC_ROR: kind = Shift::Ror; break;
    case ZYDIS_MNEMONIC_RCL: kind = Shift::Rcl; break;
    case ZYDIS_MNEMONIC_RCR: kind = Shift::Rcr; break;
    case ZYDIS_MNEMONIC_SHL: kind = Shift::Shl; break;
    case ZYDIS_MNEMONIC_SHR: kind = Shift::Shr; break;
    case ZYDIS_MNEMONIC_SAR: kind = Shift::Sar; break;
    case ZYDIS_MNEMONIC_SHLD:
    case ZYDIS_MNEMONIC_SHRD:
        in.fill_target(result, 0);
        result.operation.source = in.slot(1);
        if (in.is_immediate(2)) result.operation.immediate = in.immediate(2);
        result.operation.handler = double_shift_handler(
            in.mnemonic() == ZYDIS_MNEMONIC_SHLD, in.is_memory(0), in.is_register(2), in.size(0));
        return true;
    default: return false;
    }
    in.fill_target(result, 0);
    if (in.is_immediate(1)) result.operation.immediate = in.immediate(1);
    result.operation.handler = shift_handler(kind, in.is_memory(0), in.is_register(1), in.size(0));
    return true;
}

bool map_multiply(InstructionOperands const& in, Translated& result)
{
    bool const is_signed =
        in.mnemonic() == ZYDIS_MNEMONIC_IMUL || in.mnemonic() == ZYDIS_MNEMONIC_IDIV;
    switch (in.mnemonic()) {
    case ZYDIS_MNEMONIC_MUL:
    case ZYDIS_MNEMONIC_IMUL:
        if (in.visible_count() > 1) {
            bool const by_immediate = in.visible_count() == 3;
            result.operation.target = in.slot(0);
            in.fill_source(result, 1);
            if (by_immediate) result.operation.immediate = in.immediate(2);
            result.operation.handler = imul_handler(by_immediate, in.is_memory(1), in.size(0));
            return true;
        }
        in.fill_source(result, 0);
        result.operation.handler = multiply_handler(is_signed, in.is_memory(0), in.size(0));
        return true;
    case ZYDIS_MNEMONIC_DIV:
    case ZYDIS_MNEMONIC_IDIV:
        in.fill_source(result, 0);
        result.operation.handler = divide_handler(is_signed, in.is_memory(0), in.size(0));
        return true;
    default: return false;
    }
}

bool map_bits(InstructionOperands const& in, Translated& result)
{
    BitOperation kind = BitOperation::Test;
    switch (in.mnemonic()) {
    case ZYDIS_MNEMONIC_BT: kind = BitOperation::Test; break;
    case ZYDIS_MNEMONIC_BTS: kind = BitOperation::Set; break;
    case ZYDIS_MNEMONIC_BTR: kind = BitOperation::Reset; break;
    case ZYDIS_MNEMONIC_BTC: kind = BitOperation::Complement; break;
    case ZYDIS_MNEMONIC_BSF:
    case ZYDIS_MNEMONIC_BSR:
    case ZYDIS_MNEMONIC_POPCNT: {
        Scan const scan = in.mnemonic() == ZYDIS_MNEMONIC_BSF   ? Scan::Forward
                          : in.mnemonic() == ZYDIS_MNEMONIC_BSR ? Scan::Reverse
                                                                : Scan::Popcnt;
        result.operation.target = in.slot(0);
        in.fill_source(result, 1);
        result.operation.handler = scan_handler(scan, in.is_memory(1), in.size(0));
        return true;
    }
    default: return false;
    }
    in.fill_target(result, 0);
    if (in.is_register(1)) {
        result.operation.source = in.slot(1);
        if (in.is_address_32()) result.operation.flags |= operation_flag::kAddress32;
    } else {
        result.operation.immediate = in.immediate(1);
    }
    result.operation.handler = bit_handler(kind, in.is_memory(0), in.is_register(1), in.size(0));
    return true;
}

bool map_extend(InstructionOperands const& in, Translated& result)
{
    bool is_signed = true;
    switch (in.mnemonic()) {
    case ZYDIS_MNEMONIC_MOVZX: is_signed = false; break;
    case ZYDIS_MNEMONIC_MOVSX: break;
    case ZYDIS_MNEMONIC_MOVSXD: break;
    default: return false;
    }
    result.operation.target = in.slot(0);
    in.fill_source(result, 1);
    // Without REX.W MOVSXD is a plain move.
    if (in.size(0) == in.size(1) || (in.mnemonic() == ZYDIS_MNEMONIC_MOVSXD && in.size(0) == 2)) {
        Form const form = in.is_memory(1) ? Form::RegMem : Form::RegReg;
        result.operation.handler = binary_handler(Binary::Mov, form, in.size(0));
        return true;
    }
    result.operation.handler = extend_handler(is_signed, in.is_memory(1), in.size(0), in.size(1));
    return true;
}

bool map_push_pop(InstructionOperands const& in, Translated& result)
{
    Operation& op = result.operation;
    unsigned const size = in.operand_width() == 16 ? 2 : 8;
    // An explicit operand's own segment matters for its address only; the stack's is SS.
    switch (in.mnemonic()) {
    case ZYDIS_MNEMONIC_PUSH:
        op.flags |= operation_flag::kStackSegment;
        if (in.is_memory(0)) {
            in.fill_address(result, 0);
            op.handler = push_memory_handler(size);
        } else if (in.is_register(0)) {
            op.source = in.slot(0);
            op.handler = push_register_handler(size);
        } else {
            op.immediate = in.immediate(0);
            op.handler = push_immediate_handler(size);
        }
        return true;
    case ZYDIS_MNEMONIC_POP:
        op.flags |= operation_flag::kStackSegment;
        in.fill_target(result, 0);
        // The address must be computed after RSP was incremented.
        if (result.needs_address && in.uses_rsp(0)) return false;
        op.handler = in.is_memory(0) ? pop_memory_handler(size) : pop_register_handler(size);
        return true;
    case ZYDIS_MNEMONIC_PUSHF:
    case ZYDIS_MNEMONIC_PUSHFQ:
        op.flags |= operation_flag::kStackSegment;
        op.handler = pushf_handler(size);
        return true;
    case ZYDIS_MNEMONIC_POPF:
    case ZYDIS_MNEMONIC_POPFQ:
        op.flags |= operation_flag::kStackSegment;
        op.handler = popf_handler(size);
        result.ends_block = true;
        return true;
    case ZYDIS_MNEMONIC_LEAVE:
        op.flags |= operation_flag::kStackSegment;
        op.handler = leave_handler(size);
        return true;
    case ZYDIS_MNEMONIC_ENTER:
        op.flags |= operation_flag::kStackSegment;
        op.immediate = in.immediate(0) & 0xffff;
        op.extra = static_cast<u8>(in.immediate(1) & 31);
        op.handler = enter_handler(size);
        return true;
    default: return false;
    }
}

struct ConditionEntry {
    Mnemonic jump;
    Mnemonic move;
    Mnemonic set;
};
// In the order of the hardware's condition codes.
constexpr ConditionEntry kConditions[16] = {
    {ZYDIS_MNEMONIC_JO, ZYDIS_MNEMONIC_CMOVO, ZYDIS_MNEMONIC_SETO},
    {ZYDIS_MNEMONIC_JNO, ZYDIS_MNEMONIC_CMOVNO, ZYDIS_MNEMONIC_SETNO},
    {ZYDIS_MNEMONIC_JB, ZYDIS_MNEMONIC_CMOVB, ZYDIS_MNEMONIC_SETB},
    {ZYDIS_MNEMONIC_JNB, ZYDIS_MNEMONIC_CMOVNB, ZYDIS_MNEMONIC_SETNB},
    {ZYDIS_MNEMONIC_JZ, ZYDIS_MNEMONIC_CMOVZ, ZYDIS_MNEMONIC_SETZ},
    {ZYDIS_MNEMONIC_JNZ, ZYDIS_MNEMONIC_CMOVNZ, ZYDIS_MNEMONIC_SETNZ},
    {ZYDIS_MNEMONIC_JBE, ZYDIS_MNEMONIC_CMOVBE, ZYDIS_MNEMONIC_SETBE},
    {ZYDIS_MNEMONIC_JNBE, ZYDIS_MNEMONIC_CMOVNBE, ZYDIS_MNEMONIC_SETNBE},
    {ZYDIS_MNEMONIC_JS, ZYDIS_MNEMONIC_CMOVS, ZYDIS_MNEMONIC_SETS},
    {ZYDIS_MNEMONIC_JNS, ZYDIS_MNEMONIC_CMOVNS, ZYDIS_MNEMONIC_SETNS},
    {ZYDIS_MNEMONIC_JP, ZYDIS_MNEMONIC_CMOVP, ZYDIS_MNEMONIC_SETP},
    {ZYDIS_MNEMONIC_JNP, ZYDIS_MNEMONIC_CMOVNP, ZYDIS_MNEMONIC_SETNP},
    {ZYDIS_MNEMONIC_JL, ZYDIS_MNEMONIC_CMOVL, ZYDIS_MNEMONIC_SETL},
    {ZYDIS_MNEMONIC_JNL, ZYDIS_MNEMONIC_CMOVNL, ZYDIS_MNEMONIC_SETNL},
    {ZYDIS_MNEMONIC_JLE, ZYDIS_MNEMONIC_CMOVLE, ZYDIS_MNEMONIC_SETLE},
    {ZYDIS_MNEMONIC_JNLE, ZYDIS_MNEMONIC_CMOVNLE, ZYDIS_MNEMONIC_SETNLE},
};

bool map_conditional(InstructionOperands const& in, Translated& result)
{
    Mnemonic const mnemonic = in.mnemonic();
    for (unsigned code = 0; code < 16; ++code) {
        if (mnemonic == kConditions[code].jump) {
            result.operation.displacement = in.branch_displacement();
            result.operation.handler = jump_condition_handler(code);
            result.ends_block = true;
            result.is_conditional_jump = true;
            result.condition = code;
            return true;
        }
        if (mnemonic == kConditions[code].move) {
            result.operation.target = in.slot(0);
            in.fill_source(result, 1);
            result.operation.handler = cmov_handler(code, in.is_memory(1), in.size(0));
            return true;
        }
        if (mnemonic == kConditions[code].set) {
            in.fill_target(result, 0);
            result.operation.handler = setcc_handler(code, in.is_memory(0));
            return true;
        }
    }
    return false;
}

bool map_branch(InstructionOperands const& in, Translated& result)
{
    Operation& op = result.operation;
    if (in.is_far()) return false;
    switch (in.mnemonic()) {
    case ZYDIS_MNEMONIC_JMP:
    case ZYDIS_MNEMONIC_CALL: {
        bool const is_call = in.mnemonic() == ZYDIS_MNEMONIC_CALL;
        if (is_call) op.flags |= operation_flag::kStackSegment;
        if (in.is_immediate(0)) {
            op.displacement = in.branch_displacement();
            op.handler = is_call ? call_handler() : jump_handler();
        } else if (in.is_memory(0)) {
            in.fill_address(result, 0);
            op.handler = is_call ? call_memory_handler() : jump_memory_handler();
        } else {
            op.source = in.slot(0);
            op.handler = is_call ? call_register_handler() : jump_register_handler();
        }
        break;
    }
    case ZYDIS_MNEMONIC_RET:
        op.flags |= operation_flag::kStackSegment;
        if (in.visible_count() != 0) op.displacement = static_cast<i32>(in.immediate(0) & 0xffff);
        op.handler = return_handler();
        break;
    case ZYDIS_MNEMONIC_JECXZ:
    case ZYDIS_MNEMONIC_JRCXZ:
    case ZYDIS_MNEMONIC_LOOP:
    case ZYDIS_MNEMONIC_LOOPE:
    case ZYDIS_MNEMONIC_LOOPNE:
        op.displacement = in.branch_displacement();
        if (in.is_address_32()) op.flags |= operation_flag::kAddress32;
        op.extra = in.mnemonic() == ZYDIS_MNEMONIC_LOOP     ? 1
                   : in.mnemonic() == ZYDIS_MNEMONIC_LOOPE  ? 2
                   : in.mnemonic() == ZYDIS_MNEMONIC_LOOPNE ? 3
                                                            : 0;
        op.handler = loop_handler();
        break;
    default: return false;
    }
    result.ends_block = true;
    return true;
}

bool map_string(InstructionOperands const& in, Translated& result)
{
    if (!in.is_string()) return false;
    StringOperation kind = StringOperation::Movs;
    unsigned size = 1;
    switch (in.mnemonic()) {
    case ZYDIS_MNEMONIC_MOVSB: size = 1; break;
    case ZYDIS_MNEMONIC_MOVSW: size = 2; break;
    case ZYDIS_MNEMONIC_MOVSD: size = 4; break;
    case ZYDIS_MNEMONIC_MOVSQ: size = 8; break;
    case ZYDIS_MNEMONIC_STOSB:
        kind = StringOperation::Stos;
        size = 1;
        break;
    case ZYDIS_MNEMONIC_STOSW:
        kind = StringOperation::Stos;
        size = 2;
        break;
    case ZYDIS_MNEMONIC_STOSD:
        kind = StringOperation::Stos;
        size = 4;
        break;
    case ZYDIS_MNEMONIC_STOSQ:
        kind = StringOperation::Stos;
        size = 8;
        break;
    case ZYDIS_MNEMONIC_LODSB:
        kind = StringOperation::Lods;
        size = 1;
        break;
    case ZYDIS_MNEMONIC_LODSW:
        kind = StringOperation::Lods;
        size = 2;
        break;
    case ZYDIS_MNEMONIC_LODSD:
        kind = StringOperation::Lods;
        size = 4;
        break;
    case ZYDIS_MNEMONIC_LODSQ:
        kind = StringOperation::Lods;
        size = 8;
        break;
    case ZYDIS_MNEMONIC_SCASB:
        kind = StringOperation::Scas;
        size = 1;
        break;
    case ZYDIS_MNEMONIC_SCASW:
        kind = StringOperation::Scas;
        size = 2;
        break;
    case ZYDIS_MNEMONIC_SCASD:
        kind = StringOperation::Scas;
        size = 4;
        break;
    case ZYDIS_MNEMONIC_SCASQ:
        kind = StringOperation::Scas;
        size = 8;
        break;
    case ZYDIS_MNEMONIC_CMPSB:
        kind = StringOperation::Cmps;
        size = 1;
        break;
    case ZYDIS_MNEMONIC_CMPSW:
        kind = StringOperation::Cmps;
        size = 2;
        break;
    case ZYDIS_MNEMONIC_CMPSD:
        kind = StringOperation::Cmps;
        size = 4;
        break;
    case ZYDIS_MNEMONIC_CMPSQ:
        kind = StringOperation::Cmps;
        size = 8;
        break;
    default: return false;
    }
    result.operation.flags |= in.repeat_flags();
    if (in.is_address_32()) result.operation.flags |= operation_flag::kAddress32;
    result.operation.extra = in.string_segment_slot();
    result.operation.handler = string_handler(kind, size);
    return true;
}

bool map_simple(InstructionOperands const& in, Translated& result)
{
    Operation& op = result.operation;
    auto const flag = [&](FlagOperation kind) {
        op.extra = static_cast<u8>(kind);
        op.handler = flag_handler();
        return true;
    };
    switch (in.mnemonic()) {
    case ZYDIS_MNEMONIC_CLC: return flag(FlagOperation::Clc);
    case ZYDIS_MNEMONIC_STC: return flag(FlagOperation::Stc);
    case ZYDIS_MNEMONIC_CMC: return flag(FlagOperation::Cmc);
    case ZYDIS_MNEMONIC_CLD: return flag(FlagOperation::Cld);
    case ZYDIS_MNEMONIC_STD: return flag(FlagOperation::Std);
    case ZYDIS_MNEMONIC_LAHF: return flag(FlagOperation::Lahf);
    case ZYDIS_MNEMONIC_SAHF: return flag(FlagOperation::Sahf);
    case ZYDIS_MNEMONIC_LEA:
        op.target = in.slot(0);
        in.fill_lea_address(result, 1);
        op.handler = lea_handler(in.size(0));
        return true;
    case ZYDIS_MNEMONIC_BSWAP:
        op.target = in.slot(0);
        op.handler = bswap_handler(in.size(0));
        return op.handler != nullptr;
    case ZYDIS_MNEMONIC_CBW: op.handler = widen_accumulator_handler(2); return true;
    case ZYDIS_MNEMONIC_CWDE: op.handler = widen_accumulator_handler(4); return true;
    case ZYDIS_MNEMONIC_CDQE: op.handler = widen_accumulator_handler(8); return true;
    case ZYDIS_MNEMONIC_CWD: op.handler = widen_to_pair_handler(2); return true;
    case ZYDIS_MNEMONIC_CDQ: op.handler = widen_to_pair_handler(4); return true;
    case ZYDIS_MNEMONIC_CQO: op.handler = widen_to_pair_handler(8); return true;
    case ZYDIS_MNEMONIC_XLAT:
        if (in.is_address_32()) op.flags |= operation_flag::kAddress32;
        op.extra = in.any_segment_slot();
        op.handler = xlat_handler();
        return true;
    case ZYDIS_MNEMONIC_CMPXCHG8B:
    case ZYDIS_MNEMONIC_CMPXCHG16B:
        in.fill_address(result, 0);
        op.handler = cmpxchg_pair_handler(in.mnemonic() == ZYDIS_MNEMONIC_CMPXCHG16B ? 16 : 8);
        return true;
    case ZYDIS_MNEMONIC_CLFLUSH:
        in.fill_address(result, 0);
        op.handler = touch_handler();
        return true;
    default: return false;
    }
}

bool is_hint(Mnemonic mnemonic)
{
    switch (mnemonic) {
    case ZYDIS_MNEMONIC_NOP:
    case ZYDIS_MNEMONIC_PAUSE:
    case ZYDIS_MNEMONIC_ENDBR64:
    case ZYDIS_MNEMONIC_ENDBR32:
    case ZYDIS_MNEMONIC_PREFETCH:
    case ZYDIS_MNEMONIC_PREFETCHW:
    case ZYDIS_MNEMONIC_PREFETCHNTA:
    case ZYDIS_MNEMONIC_PREFETCHT0:
    case ZYDIS_MNEMONIC_PREFETCHT1:
    case ZYDIS_MNEMONIC_PREFETCHT2:
    case ZYDIS_MNEMONIC_LFENCE:
    case ZYDIS_MNEMONIC_MFENCE:
    case ZYDIS_MNEMONIC_SFENCE: return true;
    default: return false;
    }
}

bool is_privileged(Mnemonic mnemonic)
{
    switch (mnemonic) {
    case ZYDIS_MNEMONIC_HLT:
    case ZYDIS_MNEMONIC_CLI:
    case ZYDIS_MNEMONIC_STI:
    case ZYDIS_MNEMONIC_IN:
    case ZYDIS_MNEMONIC_OUT:
    case ZYDIS_MNEMONIC_INSB:
    case ZYDIS_MNEMONIC_INSW:
    case ZYDIS_MNEMONIC_INSD:
    case ZYDIS_MNEMONIC_OUTSB:
    case ZYDIS_MNEMONIC_OUTSW:
    case ZYDIS_MNEMONIC_OUTSD:
    case ZYDIS_MNEMONIC_LGDT:
    case ZYDIS_MNEMONIC_LIDT:
    case ZYDIS_MNEMONIC_LLDT:
    case ZYDIS_MNEMONIC_LTR:
    case ZYDIS_MNEMONIC_LMSW:
    case ZYDIS_MNEMONIC_CLTS:
    case ZYDIS_MNEMONIC_INVD:
    case ZYDIS_MNEMONIC_WBINVD:
    case ZYDIS_MNEMONIC_INVLPG:
    case ZYDIS_MNEMONIC_RDMSR:
    case ZYDIS_MNEMONIC_WRMSR:
    case ZYDIS_MNEMONIC_RDPMC:
    case ZYDIS_MNEMONIC_SWAPGS:
    case ZYDIS_MNEMONIC_SYSRET:
    case ZYDIS_MNEMONIC_SYSEXIT: return true;
    default: return false;
    }
}

bool map_system(InstructionOperands const& in, Translated& result)
{
    Operation& op = result.operation;
    if (is_hint(in.mnemonic())) {
        op.handler = nop_handler();
        return true;
    }
    if (is_privileged(in.mnemonic())) {
        make_raise(result, kGeneralProtection);
        return true;
    }
    switch (in.mnemonic()) {
    case ZYDIS_MNEMONIC_CPUID: op.handler = cpuid_handler(); return true;
    case ZYDIS_MNEMONIC_RDTSC: op.handler = rdtsc_handler(); return true;
    case ZYDIS_MNEMONIC_SYSCALL:
        op.handler = syscall_handler();
        result.ends_block = true;
        return true;
    case ZYDIS_MNEMONIC_INT3: make_trap(result, kBreakpoint); return true;
    case ZYDIS_MNEMONIC_INT1: make_trap(result, kDebug); return true;
    case ZYDIS_MNEMONIC_INT: {
        u32 const number = static_cast<u32>(in.immediate(0)) & 0xff;
        // Only these two gates are open to user code (Intel SDM vol. 3, 6.12.1.2).
        if (number == kBreakpoint || number == kOverflow) {
            make_trap(result, static_cast<u8>(number));
        } else {
            make_raise(result, kGeneralProtection, number * 8 + 2);
        }
        return true;
    }
    default: return false;
    }
}

bool map_extension(ZydisDecodedInstruction const& instruction,
                   ZydisDecodedOperand const* operands,
                   InstructionOperands const& in,
                   Translated& result)
{
    Extension extension{};
    if (!decode_extension(instruction, operands, extension)) return false;
    result.extension = std::make_unique<Extension>(extension);
    in.fill_any_address(result);
    ZydisAccessedFlags const* const used = instruction.cpu_flags;
    if (used != nullptr) {
        auto const changed = used->modified | used->set_0 | used->set_1 | used->undefined;
        result.operation.extra =
            static_cast<u8>((changed != 0 ? 1 : 0) | (used->tested != 0 ? 2 : 0));
    }
    result.operation.handler = extension_handler();
    return true;
}

}  // namespace

void translate_instruction(ZydisDecodedInstruction const& instruction,
                           ZydisDecodedOperand const* operands,
                           Translated& result)
{
    result.operation.length = instruction.length;
    InstructionOperands const in(instruction, operands);
    using Map = bool (*)(InstructionOperands const&, Translated&);
    constexpr Map kMaps[] = {map_segment,
                             map_system_register,
                             map_binary,
                             map_unary,
                             map_shift,
                             map_multiply,
                             map_bits,
                             map_extend,
                             map_push_pop,
                             map_conditional,
                             map_branch,
                             map_string,
                             map_simple,
                             map_system,
                             map_vector};
    if (!in.is_vector_encoding()) {
        for (Map const map : kMaps) {
            Translated attempt;
            attempt.operation = result.operation;
            if (map(in, attempt) && attempt.operation.handler != nullptr) {
                result = std::move(attempt);
                return;
            }
        }
        Translated attempt;
        attempt.operation = result.operation;
        if (map_extension(instruction, operands, in, attempt)) {
            result = std::move(attempt);
            return;
        }
    }
    make_raise(result, kInvalidOpcode);
}

}  // namespace drydock::hwmodel
