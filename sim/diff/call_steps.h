#pragma once

// The calls of one task in the form in which they are compared (sim/diff/diff.h).

#include "sim/diff/call_log.h"

#include <array>
#include <map>
#include <string>
#include <vector>

namespace drydock::sim {

struct StepValue {
    // Argument: a task's number that the program has from anywhere.
    enum class Kind : u8 { Number, Task, Argument };
    Kind kind = Kind::Number;
    u64 number = 0;
};

struct CallStep {
    // A call's, or kBytesIn, kBytesOut for the sum of what passed through a descriptor: the first
    // value then is the descriptor, the last one the sum.
    u32 number = 0;
    static constexpr u32 kBytesIn = 0xffff'0000;
    static constexpr u32 kBytesOut = 0xffff'0001;

    std::array<StepValue, 7> values{};  // Arguments, then the result.
    usize call = 0;                     // Position among the task's calls.
};

// By signal whose handler made the calls; 0 for none.
using TaskSteps = std::map<u32, std::vector<CallStep>>;
TaskSteps steps_of(TaskRecord const& task);

// Whether two steps did the same. The logs say what numbers of tasks stand for.
bool is_same_step(CallLog const& left_log,
                  TaskRecord const& left_task,
                  CallStep const& left,
                  CallLog const& right_log,
                  TaskRecord const& right_task,
                  CallStep const& right);

// Whether two texts are the same but for numbers that are those of the same task, and names that
// are made up: six letters or digits, as mkstemp(3) has them.
bool is_same_text(CallLog const& left_log,
                  std::string_view left,
                  CallLog const& right_log,
                  std::string_view right);

// One line without its end, as `drydock trace` shows calls, with the arguments that are compared.
std::string describe_call(CallRecord const& call);
std::string describe_step(TaskRecord const& task, CallStep const& step);

}  // namespace drydock::sim
