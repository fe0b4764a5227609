#pragma once

// The segment, task-state and interrupt tables of the processor.

#include "guest/layout.h"

namespace drydock::guest {

// The layout of Linux (arch/x86/include/asm/segment.h), which LAR and LSL show to ring 3:
//   0x10 kernel code   0x18 kernel data   0x28 user data   0x30 user code   0x40 task state
//   0x78 read-only user data whose limit is the number of the processor
// There is no 32-bit user code segment: ring 3 cannot leave 64-bit mode.
class Descriptors {
public:
    // Fills the tables and loads them.
    void load();

private:
    struct Gate {
        u64 low = 0;
        u64 high = 0;
    };
    // Intel SDM vol. 3, figure 8-11.
    struct [[gnu::packed]] TaskState {
        u32 reserved_0 = 0;
        u64 rsp[3] = {};
        u64 reserved_1 = 0;
        u64 ist[7] = {};
        u64 reserved_2 = 0;
        u16 reserved_3 = 0;
        u16 io_map = sizeof(TaskState);  // Beyond the limit: no port is open to ring 3.
    };
    static_assert(sizeof(TaskState) == 104);

    void set_gate(u8 vector, u8 stack, u8 ring);

    alignas(16) u64 segments_[16] = {};
    alignas(16) TaskState task_{};
    alignas(16) Gate gates_[kVectorCount] = {};
};

}  // namespace drydock::guest
