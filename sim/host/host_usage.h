#pragma once

// The host's clocks and environment, for reports and progress only: nothing of it reaches a trace.

#include "core/base/integers.h"

#include <string>

namespace drydock::sim {

u64 host_monotonic_ns();
u64 host_cpu_ns();
// Since 1970.
u64 host_date_seconds();
u64 host_peak_resident_bytes();
// The value of TERM, or "linux".
std::string host_terminal_name();
// How many processors may be used; at least 1.
unsigned host_processors();
bool is_host_terminal(int descriptor);
// Whether two descriptors are the same terminal.
bool is_same_terminal(int left, int right);

}  // namespace drydock::sim
