#pragma once

// What the calls share that send a signal to a process that they have found.

#include "core/syscall/syscall.h"

namespace drydock {

// A signal (or 0) as kill(2) sends it.
SignalInfo signal_of_caller(Call& call, i32 signal, i32 code);
// Sends it, or only asks if its number is 0. Errno::Inval (no such signal), Perm, Again.
Result<void> send_checked(Call& call, Process& target, SignalInfo const& info);

}  // namespace drydock
