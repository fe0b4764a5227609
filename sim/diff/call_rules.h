#pragma once

// What the arguments and the result of each system call are, as far as `drydock diff` must know to
// compare them: a number means the same on both sides, an address, a process's number or a time do
// not.

#include "core/base/integers.h"

#include <string>

namespace drydock::sim {

enum class CallTiming : u8 {
    None,
    // The result is how many bytes passed through a descriptor: how many at once is time's.
    Input,
    Output,
    // Which child ended first.
    Wait,
    // What is ready, who comes first, whether one had to wait: not compared unless it failed.
    Race,
    // Fails with EAGAIN where it would have to wait, which is left out.
    Try,
    // Reads a clock, which the vDSO may do without a call.
    Clock,
    // Not a call of the program's own.
    SignalReturn,
};

struct CallRule {
    // A letter for each argument that is compared: n number of 64 bits, i number of 32, d
    // descriptor, p pointer (only whether there is one), s path, t number of a task, - nothing.
    char const* arguments = "";
    // n number, a address, t number of a task, c time (only whether it failed), b end of the heap.
    char result = 'n';
    CallTiming timing = CallTiming::None;
    // Of Input and Output: which argument is the descriptor. Of a call that ends the use of a
    // descriptor: that one; -1 where it ends none.
    int descriptor = 0;
    int closed = -1;
};

// Calls that are not in the table have their results compared, and no arguments.
CallRule const& rule_of(u32 number);
// Which argument is the call's first path; -1 if it takes none.
int path_argument(u64 number);

constexpr bool is_error(u64 result)
{
    return static_cast<i64>(result) < 0 && static_cast<i64>(result) >= -4095;
}
// EINTR, and what the kernel itself knows of calls that it is to start again (ERESTARTSYS and so
// on).
constexpr bool is_interrupted(u64 result)
{
    i64 const error = -static_cast<i64>(result);
    return error == 4 || (error >= 512 && error <= 516);
}
constexpr bool would_block(u64 result) { return static_cast<i64>(result) == -11; }

}  // namespace drydock::sim
