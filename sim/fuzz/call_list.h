#pragma once

// A list of system calls as a value: what guest/user/calls runs, and the machine that it runs on.
// As text it is one line for each call (guest/user/calls/calls.h); a first line tells what the
// schedule and the failures are:
//
//     # seed 7 faults alloc,rate=64 tags 3

#include "sim/choice_source.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace drydock::sim {

struct CallLine {
    u32 actor = 0;
    std::optional<u32> variable{};  // Where the result goes.
    std::string name{};
    std::vector<std::string> arguments{};
    bool operator==(CallLine const&) const = default;
};

struct CallSetting {
    u64 seed = 0;
    FaultPlan faults{};
    u32 tag_bits = 0;
    bool operator==(CallSetting const&) const = default;
};

struct CallList {
    CallSetting setting{};
    std::vector<CallLine> lines{};
    bool operator==(CallList const&) const = default;
};

inline constexpr u32 kActors = 8;
inline constexpr u32 kCallVariables = 32;
inline constexpr usize kMostCallArguments = 6;

// Any bytes: what is no line is left out.
CallList parse_calls(std::string_view text);
std::string print_calls(CallList const& list);
std::string print_line(CallLine const& line);

}  // namespace drydock::sim
