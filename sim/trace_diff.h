#pragma once

// The first event in which two runs differ.

#include "sim/trace_reader.h"

#include <string>

namespace drydock::sim {

struct TraceDifference {
    bool is_same = false;
    std::string text{};  // For people: what differs in the headers, the event with its context.
};

TraceDifference compare_traces(Trace const& left, Trace const& right);

// The events before the first difference of two runs, as far as their marks tell: [from, to).
struct EventWindow {
    bool is_different = false;  // False: no mark that both have differs.
    u64 from = 0;
    u64 to = 0;
};
EventWindow compare_marks(EventMarks const& left, EventMarks const& right);

// Lines of the records around `index`, that one marked; "(the end)" where there is none.
std::string describe_context(std::vector<TraceRecord> const& records, u64 index);

}  // namespace drydock::sim
