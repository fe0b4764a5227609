#pragma once

// What the calls share that send a signal to a process that they have found.

#include "core/syscall/syscall.h"

namespace drydock {

// A signal (or 0) as kill(2) sends it.
SignalInfo signal_of_caller(Call& call, i32 signal, i32 code);
// Sends it, or only asks if its number is 0. Errno::Inval (no such signal), Perm, Again. `named` is
// the thread whose number was given, null if that has exited, or no thread was named: whether the
// caller may send is asked of it.
Result<void> send_checked(Call& call,
                          Process& target,
                          SignalInfo const& info,
                          UserThread const* named);
// The same to one thread, and to all of a group; 0 as a group is all processes that kill(-1) means.
Result<void> send_to_thread(Call& call, UserThread& target, SignalInfo const& info);
Result<i64> send_many(Call& call, u32 group, SignalInfo const& info);

}  // namespace drydock
