#pragma once

// What Zydis says about one instruction, turned into an operation.

#include "hwmodel/handlers.h"
#include "hwmodel/operation.h"

#include <Zydis/Zydis.h>
#include <memory>

namespace drydock::hwmodel {

// A comparison that may be fused with a conditional jump.
struct FusionHint {
    bool is_valid = false;
    Binary kind = Binary::Cmp;
    Form form = Form::RegReg;
    unsigned size = 0;
};

struct Translated {
    Operation operation{};
    bool needs_address = false;  // `address` runs first and fills the scratch slot.
    Operation address{};
    std::unique_ptr<Extension> extension;
    bool ends_block = false;
    bool is_conditional_jump = false;
    unsigned condition = 0;
    FusionHint fusion{};
};

// Fills the result; an instruction that this model does not have raises #UD. `operation.offset` and
// `ordinal` are set already.
void translate_instruction(ZydisDecodedInstruction const& instruction,
                           ZydisDecodedOperand const* operands,
                           Translated& result);

class InstructionOperands;
// Segment registers, descriptors, far branches; false for all others.
bool map_segment(InstructionOperands const& in, Translated& result);
// The SSE2 instructions that have direct handlers; false for all others.
bool map_vector(InstructionOperands const& in, Translated& result);

}  // namespace drydock::hwmodel
