#pragma once

// The x87 instructions. Those whose result every processor agrees on run on the host's own unit, on
// a copy of the modelled state; see x87_native.h. The transcendental ones are software.

#include "hwmodel/extension.h"

#include <Zydis/Zydis.h>

namespace drydock::hwmodel {

// Fills in the handler of an x87 instruction from its opcode; the other fields are set already.
bool decode_x87(ZydisDecodedInstruction const& instruction, Extension& result);

// Makes an image that a program supplies (FXRSTOR) one that the model keeps: reserved bits and
// unused bytes cleared, the error summary in agreement with flags and masks, no instruction
// pointers.
void x87_adopt(FxState& image);

}  // namespace drydock::hwmodel
