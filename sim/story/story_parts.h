#pragma once

// What `drydock story` runs on one kernel, in a process of its own that is linked with it. Each
// part is a JSON text.

#include <string>

namespace drydock::sim {

// The six workload benchmarks, started by a BusyBox program as an init would start them, and
// pipe_grep alone on an empty page cache: two reports of the suite, "workloads" and "pipe_grep",
// and "busybox_pages".
std::string run_benchmark_part(std::string const& kernel);

// Orders of the suite on guarded and unguarded stacks, each in a process of its own: a list of
// "stack", "order" (names; empty: all 44), "outcome", "failed_in" (null: it passed), "problem",
// "report", "pipe_calls", "below" (uses of the frames below the stack at the newest of them).
std::string run_pipe_part();

}  // namespace drydock::sim
