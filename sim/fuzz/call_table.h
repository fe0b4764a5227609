#pragma once

// The system calls that call lists make (sim/fuzz/calls.def), and what their arguments are
// drawn from.

#include "core/base/integers.h"

#include <span>
#include <string_view>

namespace drydock::sim {

enum class CallResult : u8 { Value, Fd, Pid, Address, Id, Status };

struct CallEntry {
    std::string_view name{};
    u32 number = 0;
    CallResult result{};
    bool is_compared = false;      // Linux may be asked too.
    std::string_view arguments{};  // A word for each.
};

std::span<CallEntry const> call_table();
// Null if there is none.
CallEntry const* find_call(std::string_view name);

}  // namespace drydock::sim
