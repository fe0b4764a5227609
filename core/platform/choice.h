#pragma once

// The open decisions of the kernel. Each is asked for by name through Platform::choose(); option 0
// is the one that the metal takes, and the default of a simulation.

#include "core/base/integers.h"

namespace drydock {

enum class Choice : u8 {
    NextThread,      // Which of the n ready threads of the best rank runs next.
    FailAllocation,  // 1: this allocation of frames fails.
    ShortTransfer,   // 1: this read or write moves fewer bytes than it could.
    InterruptWait,   // 1: this interruptible wait ends with a spurious restart.
    LateTimer,       // Asked by the simulated machine: by how many steps this timer comes late.
};
inline constexpr usize kChoiceCount = 5;

}  // namespace drydock
