#pragma once

// Makes lists of system calls and changes them, the same way for the same numbers.

#include "sim/fuzz/argument_pool.h"
#include "sim/fuzz/call_list.h"

namespace drydock::sim {

inline constexpr usize kMostFuzzedLines = 48;

// A whole list. One that Linux runs as well has processes and threads only one at a time, waits for
// each, and looks at what calls have written; its setting is the default.
CallList make_calls(Random& random, CallUse use);

// A few random changes: lines more, fewer, in other order, with other arguments or of another
// actor, another setting. The result has from 1 to kMostFuzzedLines lines.
void mutate_calls(CallList& list, Random& random);
// A beginning of one and an end of the other.
CallList cross_calls(CallList const& first, CallList const& second, Random& random);

}  // namespace drydock::sim
