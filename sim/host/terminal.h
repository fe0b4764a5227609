#pragma once

// Raw mode of the terminal on standard input. What was set before comes back at exit, at a fatal
// signal and at a crash.

namespace drydock::sim {

void make_terminal_raw();
// Does nothing if the terminal is not raw. Safe in a signal handler.
void restore_terminal();

}  // namespace drydock::sim
