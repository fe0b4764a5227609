#pragma once

// Where the interpreter of integer code hands over to the SSE, MMX and x87 instructions: each
// decoded extension instruction carries a handler, which does its work on the machine state in
// place.

#include "core/base/integers.h"
#include "core/base/x86_state.h"

namespace drydock::hwmodel {

struct Extension;

// The user memory as the running instruction sees it. A load or store that faults returns false
// after having recorded the fault; the handler must then return ExtensionResult::Fault at once,
// with the machine state as it was before the instruction (precise exceptions).
class UserMemoryPort {
public:
    // `size` is 1 to 512 bytes. The access may cross a page; a store then checks both pages before
    // it changes either.
    virtual bool load(u64 address, void* target, usize size) = 0;
    virtual bool store(u64 address, void const* source, usize size) = 0;
    // Checks that a later store of this size succeeds (a read-modify-write raises the write fault
    // first).
    virtual bool probe_store(u64 address, usize size) = 0;

protected:
    ~UserMemoryPort() = default;
};

enum class ExtensionResult : u8 {
    Done,
    Fault,              // UserMemoryPort recorded it.
    InvalidOpcode,      // #UD
    GeneralProtection,  // #GP(0): a misaligned 16-byte operand, a bad MXCSR value.
    FloatingPoint,      // #MF: a pending unmasked x87 exception.
    Simd,               // #XM: an unmasked SSE exception.
};

// `address` is the effective linear address of the memory operand (segment base included), or 0
// when the instruction has none. rip in `state` is still that of the instruction; general registers
// and `state.rflags` are up to date, and what the handler writes there is taken over.
using ExtensionHandler = ExtensionResult (*)(X86State& state,
                                             UserMemoryPort& memory,
                                             Extension const& operation,
                                             u64 address);

// One decoded extension instruction: everything the handler needs besides the effective address.
struct Extension {
    ExtensionHandler handler = nullptr;
    u8 target = 0;  // Register number of the first (destination) operand, if a register.
    u8 source = 0;  // Register number of the second operand, if a register.
    u8 immediate = 0;
    u8 operand_size = 0;  // Bytes of the integer operand, where one is involved (4 or 8).
    u8 memory_size = 0;  // Bytes of the memory operand; 0 if there is none (512 is written as 255).
    bool memory_is_target = false;
    u16 variant = 0;  // The handler's own.
};

}  // namespace drydock::hwmodel
