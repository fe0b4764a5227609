#pragma once

// Records of a trace as text for people, with names of system calls.

#include "sim/trace_format.h"

#include <string>

namespace drydock::sim {

// One line without its end.
std::string describe_record(TraceRecord const& record);

}  // namespace drydock::sim
