#pragma once

// Reads a trace file, or a header alone, and checks it: checksum, records, count and hash.

#include "sim/recipe_text.h"

#include <string>
#include <vector>

namespace drydock::sim {

struct Trace {
    Recipe recipe{};
    TraceKind kind{};
    std::vector<TraceRecord> records{};  // Empty if there is only a header.
};

// Throws std::runtime_error with a few words that say what is wrong.
Trace parse_trace(std::string_view text, Checksum checksum = Checksum::Required);
// The same of a file, with its name before the words, on one line.
Trace read_trace(std::string const& path, Checksum checksum = Checksum::Required);

// The decisions of a recorded run that were not the default.
RecordedChoices choices_of(std::vector<TraceRecord> const& records);

}  // namespace drydock::sim
