#pragma once

// Exceptions of user code other than page faults: each becomes the signal that Linux sends for it.

#include "core/process/user_thread.h"

namespace drydock {

// The signal for this exception at these registers (arch/x86/kernel/traps.c).
SignalInfo signal_for_exception(UserContext const& context, Trap const& trap);

void handle_exception(UserThread& thread, Trap const& trap);

}  // namespace drydock
