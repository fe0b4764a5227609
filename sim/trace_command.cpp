// `drydock trace`: a trace file as text.

#include "sim/command_line.h"
#include "sim/trace_reader.h"
#include "sim/trace_text.h"

#include <cstdio>
#include <fmt/format.h>

namespace drydock::sim {

int print_trace(std::string const& path, bool header_only)
{
    Trace const trace = read_trace(path);
    std::string text;
    for (auto const& [key, value] : trace.header) text += fmt::format("{}: {}\n", key, value);
    text += fmt::format("hash: {}\nrecords: {}\n", trace.hash, trace.records.size());
    constexpr usize kPart = 1 << 16;
    if (!header_only) {
        for (TraceRecord const& record : trace.records) {
            text += describe_record(record) + "\n";
            if (text.size() < kPart) continue;
            if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) return 1;
            text.clear();
        }
    }
    return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() ? 0 : 1;
}

}  // namespace drydock::sim
