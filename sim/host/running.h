#pragma once

// The simulation that the host thread is inside of: the one global of the simulator, for signal
// handlers and for assertion_failed(), which have no other way to know.

#include "core/base/integers.h"

namespace drydock::sim {

class Simulation;
class StackTrap;
struct BlackBox;

Simulation* running_simulation();
// Null when control returns to the driver. `report_stack_top` is where failures are reported from.
void set_running_simulation(Simulation* simulation, u64 report_stack_top);

// Where the handlers leave what a supervisor looks at; null: nowhere.
void set_black_box(BlackBox* box);
// Who is asked first about faults of the kernel and traps after one instruction; null: nobody.
void set_stack_trap(StackTrap* trap);
// The report of a crash or a loop is done.
void end_report();

// Installs the handlers that turn a crash of the kernel into a report, and the CPU-time watch for a
// kernel that loops. Once per process; later calls do nothing.
void install_fault_handlers();
// In a forked child: timers are not inherited (fork(2)).
void rearm_watch();
// What a crash is called in a report.
char const* host_signal_name(int number);

}  // namespace drydock::sim
