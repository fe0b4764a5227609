#pragma once

// The semantics of the SSE, SSE2, SSE3, MMX and x87 instructions. decode_extension recognizes an
// instruction of these sets and names the handler that carries it out; everything else (SSSE3 and
// later, VEX encodings, prefetches, fences) is left to the caller. Results are bit-exact to
// hardware wherever the manual defines them; where it does not, the model's own choice is:
//
//   RCPPS, RSQRTPS and scalar forms    the correctly rounded value, not the host's table
//   x87 transcendental functions       software, correctly rounded in all but the rarest cases,
//   with
//                                      an exact pi; inexact unless the result is exact
//   F2XM1 outside [-1, 1]              the operand
//   FYL2XP1 outside 1 - sqrt(2)/2      the logarithm; an invalid operation at -1 and below
//   FPREM, FPREM1 partial remainder    N = 32 + D mod 32; C0, C1, C3 cleared
//   CVTPI2PS with a memory operand     no change to MMX state
//   MXCSR.PE beside an unmasked SSE overflow or underflow: set, even if the scaled result is exact
//   x87 C0, C2, C3 where undefined     unchanged
//   x87 FOP, FIP, FDP                  always zero
//   C1 after a masked response         as the real instruction leaves it

#include "hwmodel/extension.h"

#include <Zydis/Zydis.h>

namespace drydock::hwmodel {

// True when the instruction is one of ours; `result` is then filled in completely.
bool decode_extension(ZydisDecodedInstruction const& instruction,
                      ZydisDecodedOperand const* operands,
                      Extension& result);

}  // namespace drydock::hwmodel
