#pragma once

// What is written to the serial port when the kernel stops because of an error. Runs on the report
// stack and trusts nothing: a second error inside the report ends the machine at once.

#include "core/base/span.h"
#include "core/base/x86_state.h"

namespace drydock::guest {

class Machine;

// What the processor pushes, below what the stub adds (guest/entry.S).
struct FaultFrame {
    u64 vector = 0;
    u64 error_code = 0;
    u64 rip = 0;
    u64 cs = 0;
    u64 rflags = 0;
    u64 rsp = 0;
    u64 ss = 0;
};

struct FaultRegisters {
    u64 gpr[16] = {};  // In the order of Gpr; that of rsp is in the frame.
};

// Callee-saved registers as platform_thunk.S pushes them.
struct SavedRegisters {
    u64 rbx = 0, r12 = 0, r13 = 0, r14 = 0, r15 = 0;
};

struct Assertion {
    char const* expression = nullptr;
    char const* file = nullptr;
    unsigned line = 0;
};

// The machine whose errors are reported; none before the first call.
void set_reported_machine(Machine& machine);

[[noreturn]] void report_exception(FaultRegisters const& registers, FaultFrame const& frame);
// `rbp` starts the call chain; 0 for none.
[[noreturn]] void report_assertion(Assertion const& assertion,
                                   u64 rbp,
                                   SavedRegisters const& saved);
[[noreturn]] void report_failure(StringView what, StringView details, u64 rbp);
// An oracle that looked at the machine after its run: "drydock: oracle: COUNT WHAT".
[[noreturn]] void report_oracle(u64 count, StringView what, u64 rbp);

}  // namespace drydock::guest
