#pragma once

// Values of command-line options, checked. All throw UsageError with a line for people.

#include "core/base/integers.h"
#include "sim/root_archive.h"

#include <string>

namespace drydock::sim {

u64 parse_number(std::string const& option, std::string const& text);
// From MiB to bytes.
u64 parse_memory(std::string const& text);
// From seconds, perhaps with a fraction, to nanoseconds; above 0 unless it is shorter than one.
// `unit` says in the message which seconds they are.
u64 parse_time_limit(std::string const& text, char const* unit);
// HOST[:GUEST], as of --in.
Import parse_import(std::string const& text);
// NAME=VALUE, as of --env.
void check_variable(std::string const& text);

}  // namespace drydock::sim
