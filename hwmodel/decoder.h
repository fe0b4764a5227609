#pragma once

// From instruction bytes to operations, by Zydis.

#include "hwmodel/operation.h"

#include <span>
#include <string>

namespace drydock::hwmodel {

enum class DecodeResult : u8 {
    Complete,   // At least one instruction.
    Truncated,  // The first instruction goes on after the end of the bytes.
};

// Decodes up to `max_instructions` from the start of `bytes` until one ends the block or the bytes
// end; fills `operations`, `bytes`, `extensions` and the counts of `block`. An instruction that
// does not exist becomes an operation that raises #UD. `bytes` end at a page's end or after 15 of
// them.
DecodeResult decode(std::span<u8 const> bytes, unsigned max_instructions, Block& block);

// One instruction in words.
std::string disassemble(std::span<u8 const> bytes, u64 rip);

}  // namespace drydock::hwmodel
