#pragma once

// The x87 instructions that the model computes itself, because processors differ: the
// transcendental functions and the partial remainders.

#include "hwmodel/extension.h"

namespace drydock::hwmodel {

// The handler of an instruction in register form, or null if it runs on the host's unit.
ExtensionHandler x87_software_handler(u16 code);

// FPREM and FPREM1.
ExtensionResult x87_remainder(X86State& state,
                              UserMemoryPort& memory,
                              Extension const& operation,
                              u64 address);

}  // namespace drydock::hwmodel
