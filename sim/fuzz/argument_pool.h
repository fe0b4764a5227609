#pragma once

// Arguments of system calls, drawn at random: what is sensible where it stands, and what is not.

#include "core/base/integers.h"
#include "sim/random.h"

#include <string>
#include <string_view>
#include <vector>

namespace drydock::sim {

// Whether Linux runs the list too: then nothing is drawn whose result is not a function of the
// list.
enum class CallUse : u8 { Simulated, Compared };

// What the lines before hold, as numbers of variables.
struct KnownValues {
    CallUse use{};
    std::vector<u32> descriptors{};
    std::vector<u32> processes{};
    std::vector<u32> ids{};
};

// An argument as the table describes it: a number, "i:A,B", "x:A,B", "@NAME".
std::string draw_argument(std::string_view description, Random& random, KnownValues const& known);

}  // namespace drydock::sim
