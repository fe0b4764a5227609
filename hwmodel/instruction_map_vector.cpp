// Which SSE2 instructions have direct handlers.

#include "hwmodel/instruction_operands.h"

namespace drydock::hwmodel {

namespace {

struct VectorEntry {
    unsigned mnemonic;
    Vector kind;
    bool is_aligned;
};
constexpr VectorEntry kVectors[] = {
    {ZYDIS_MNEMONIC_MOVDQA, Vector::Move, true},
    {ZYDIS_MNEMONIC_MOVAPS, Vector::Move, true},
    {ZYDIS_MNEMONIC_MOVAPD, Vector::Move, true},
    {ZYDIS_MNEMONIC_MOVDQU, Vector::Move, false},
    {ZYDIS_MNEMONIC_MOVUPS, Vector::Move, false},
    {ZYDIS_MNEMONIC_MOVUPD, Vector::Move, false},
    {ZYDIS_MNEMONIC_PXOR, Vector::Xor, true},
    {ZYDIS_MNEMONIC_XORPS, Vector::Xor, true},
    {ZYDIS_MNEMONIC_XORPD, Vector::Xor, true},
    {ZYDIS_MNEMONIC_POR, Vector::Or, true},
    {ZYDIS_MNEMONIC_PAND, Vector::And, true},
    {ZYDIS_MNEMONIC_PANDN, Vector::AndNot, true},
    {ZYDIS_MNEMONIC_PCMPEQB, Vector::EqualBytes, true},
    {ZYDIS_MNEMONIC_PCMPEQD, Vector::EqualDwords, true},
    {ZYDIS_MNEMONIC_PCMPGTB, Vector::GreaterBytes, true},
    {ZYDIS_MNEMONIC_PMINUB, Vector::MinimumBytes, true},
    {ZYDIS_MNEMONIC_PMAXUB, Vector::MaximumBytes, true},
    {ZYDIS_MNEMONIC_PADDB, Vector::AddBytes, true},
    {ZYDIS_MNEMONIC_PADDD, Vector::AddDwords, true},
    {ZYDIS_MNEMONIC_PADDQ, Vector::AddQwords, true},
    {ZYDIS_MNEMONIC_PSUBB, Vector::SubtractBytes, true},
    {ZYDIS_MNEMONIC_PSUBUSB, Vector::SubtractSaturating, true},
    {ZYDIS_MNEMONIC_PUNPCKLBW, Vector::InterleaveBytes, true},
    {ZYDIS_MNEMONIC_PUNPCKLWD, Vector::InterleaveWords, true},
    {ZYDIS_MNEMONIC_PUNPCKLDQ, Vector::InterleaveDwords, true},
    {ZYDIS_MNEMONIC_PUNPCKLQDQ, Vector::InterleaveQwords, true},
};

bool map_whole(InstructionOperands const& in, Translated& result)
{
    for (VectorEntry const& entry : kVectors) {
        if (entry.mnemonic != in.mnemonic()) continue;
        if (in.is_memory(0)) {
            if (entry.kind != Vector::Move || !in.is_vector(1)) return false;
            in.fill_address(result, 0);
            result.operation.source = in.vector_number(1);
            result.operation.handler = vector_store_handler(entry.is_aligned);
            return true;
        }
        // MMX registers are not ours.
        if (!in.is_vector(0)) return false;
        result.operation.target = in.vector_number(0);
        if (in.is_memory(1)) {
            in.fill_address(result, 1);
        } else {
            if (!in.is_vector(1)) return false;
            result.operation.source = in.vector_number(1);
        }
        result.operation.handler = vector_handler(entry.kind, in.is_memory(1), entry.is_aligned);
        return true;
    }
    return false;
}

bool map_scalar_move(InstructionOperands const& in, Translated& result)
{
    Operation& op = result.operation;
    unsigned const size = in.mnemonic() == ZYDIS_MNEMONIC_MOVQ ? 8 : 4;
    bool const is_general_0 = in.is_register(0) && in.slot(0) != kNoSlot;
    bool const is_general_1 = in.is_register(1) && in.slot(1) != kNoSlot;
    if (in.is_vector(0) && is_general_1) {
        op.target = in.vector_number(0);
        op.source = in.slot(1);
        op.handler = vector_from_general_handler(size);
        return true;
    }
    if (is_general_0 && in.is_vector(1)) {
        op.target = in.slot(0);
        op.source = in.vector_number(1);
        op.handler = vector_to_general_handler(size);
        return true;
    }
    if (size != 8) return false;
    if (in.is_vector(0) && in.is_memory(1)) {
        op.target = in.vector_number(0);
        in.fill_address(result, 1);
        op.handler = vector_load_low_handler();
        return true;
    }
    if (in.is_memory(0) && in.is_vector(1)) {
        in.fill_address(result, 0);
        op.source = in.vector_number(1);
        op.handler = vector_store_half_handler();
        return true;
    }
    return false;
}

bool map_half_move(InstructionOperands const& in, Translated& result, u8 half)
{
    Operation& op = result.operation;
    op.extra = half;
    if (in.is_memory(0)) {
        in.fill_address(result, 0);
        op.source = in.vector_number(1);
        op.handler = vector_store_half_handler();
        return true;
    }
    if (!in.is_memory(1)) return false;
    op.target = in.vector_number(0);
    in.fill_address(result, 1);
    op.handler = vector_load_half_handler();
    return true;
}

}  // namespace

bool map_vector(InstructionOperands const& in, Translated& result)
{
    switch (in.mnemonic()) {
    case ZYDIS_MNEMONIC_MOVD:
    case ZYDIS_MNEMONIC_MOVQ: return map_scalar_move(in, result);
    case ZYDIS_MNEMONIC_MOVLPS:
    case ZYDIS_MNEMONIC_MOVLPD: return map_half_move(in, result, 0);
    case ZYDIS_MNEMONIC_MOVHPS:
    case ZYDIS_MNEMONIC_MOVHPD: return map_half_move(in, result, 1);
    case ZYDIS_MNEMONIC_PMOVMSKB:
        if (!in.is_vector(1)) return false;
        result.operation.target = in.slot(0);
        result.operation.source = in.vector_number(1);
        result.operation.handler = vector_mask_handler();
        return true;
    case ZYDIS_MNEMONIC_PSHUFD:
        if (!in.is_vector(1)) return false;
        result.operation.target = in.vector_number(0);
        result.operation.source = in.vector_number(1);
        result.operation.immediate = in.immediate(2);
        result.operation.handler = vector_shuffle_handler();
        return true;
    default: return map_whole(in, result);
    }
}

}  // namespace drydock::hwmodel
