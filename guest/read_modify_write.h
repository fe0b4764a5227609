#pragma once

// Tells instructions that read their memory operand, change it and write it back.
//
// A processor asks for the right to write at once: their page fault says "write" even where nothing
// is mapped (seen on AMD EPYC: every one below, with and without LOCK). QEMU's TCG makes a read and
// a write of them, and its first fault says "read"; what is mapped for a read may then fault again.
// There the machine corrects the error code (guest/machine.cpp).

#include "core/base/span.h"

namespace drydock::guest {

inline constexpr usize kMaximumInstruction = 15;

// `code` starts with the instruction and may hold more, or end early: then the answer is false. The
// instruction is one that has faulted on reading memory, so its operand is in memory.
// Intel SDM vol. 2, appendix A: the opcode maps.
constexpr bool modifies_memory(Span<u8 const> code)
{
    auto const is_prefix = [](u8 byte) {
        bool const is_segment = (byte & 0xe7) == 0x26 || byte == 0x64 || byte == 0x65;
        bool const is_size = byte == 0x66 || byte == 0x67;
        return is_segment || is_size || byte == 0xf0 || byte == 0xf2 || byte == 0xf3;
    };
    usize at = 0;
    while (at < code.size() && is_prefix(code[at])) ++at;
    if (at < code.size() && (code[at] & 0xf0) == 0x40) ++at;  // REX
    bool const is_two_byte = at < code.size() && code[at] == 0x0f;
    if (is_two_byte) ++at;
    if (at + 1 >= code.size()) return false;
    u8 const opcode = code[at];
    unsigned const extension = code[at + 1] >> 3 & 7;
    if (is_two_byte) {
        switch (opcode) {
        case 0xa4:
        case 0xa5:
        case 0xac:
        case 0xad: return true;  // SHLD, SHRD
        case 0xab:
        case 0xb3:
        case 0xbb: return true;            // BTS, BTR, BTC
        case 0xba: return extension >= 5;  // The same with an immediate; /4 is BT.
        case 0xb0:
        case 0xb1:
        case 0xc0:
        case 0xc1: return true;            // CMPXCHG, XADD
        case 0xc7: return extension == 1;  // CMPXCHG8B, CMPXCHG16B
        default: return false;
        }
    }
    // ADD OR ADC SBB AND SUB XOR to memory; 0x38 and up is CMP.
    if (opcode < 0x38) return (opcode & 6) == 0;
    switch (opcode) {
    case 0x80:
    case 0x81:
    case 0x83: return extension != 7;  // The same with an immediate; /7 is CMP.
    case 0x86:
    case 0x87: return true;  // XCHG
    case 0xc0:
    case 0xc1:
    case 0xd0:
    case 0xd1:
    case 0xd2:
    case 0xd3: return true;  // Shifts and rotations
    case 0xf6:
    case 0xf7: return extension == 2 || extension == 3;  // NOT, NEG
    case 0xfe:
    case 0xff: return extension <= 1;  // INC, DEC
    default: return false;
    }
}

}  // namespace drydock::guest
