#pragma once

// Values of command-line options, checked. All throw UsageError with a line for people.

#include "core/base/integers.h"
#include "sim/cost_table.h"
#include "sim/kernel_stacks.h"
#include "sim/root_archive.h"

#include <string>
#include <vector>

namespace drydock::sim {

u64 parse_number(std::string const& option, std::string const& text);
// From `least` to `most`.
u64 parse_between(std::string const& option, std::string const& text, u64 least, u64 most);
// From MiB to bytes.
u64 parse_memory(std::string const& text);
// From seconds, perhaps with a fraction, to nanoseconds; above 0 unless it is shorter than one.
// `unit` says in the message which seconds they are.
u64 parse_time_limit(std::string const& text, char const* unit);
// --kernel-limit, in CPU seconds of the host.
unsigned parse_kernel_limit(std::string const& text);
StackMode parse_stack_mode(std::string const& text);
// --tags, in bits.
unsigned parse_tag_bits(std::string const& text);

// --costs; empty: reference-kvm.
CostTable const& parse_costs(std::string const& name);

struct Checks {
    bool tlb = false;
    bool tables = false;
};
// --check, given any number of times.
Checks parse_checks(std::vector<std::string> const& names);

// HOST[:GUEST], as of --in.
Import parse_import(std::string const& text);
// NAME=VALUE, as of --env.
void check_variable(std::string const& text);

}  // namespace drydock::sim
