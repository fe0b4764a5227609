// `drydock trace`: a trace file as text, its header alone, or the first event in which two differ.

#include "sim/command_line.h"
#include "sim/replay_options.h"
#include "sim/trace_diff.h"
#include "sim/trace_reader.h"
#include "sim/trace_text.h"

#include <cstdio>
#include <fmt/format.h>

namespace drydock::sim {

namespace {

// Whether standard output took it.
bool print(std::string const& text)
{
    return std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
}

int print_header(Trace const& trace, bool with_choices)
{
    Recipe recipe = trace.recipe;
    if (with_choices) {
        if (trace.kind == TraceKind::HeaderOnly && !recipe.choices) {
            throw UsageError("--choices: a header alone does not tell them; give the trace that "
                             "drydock replay FILE --trace writes");
        }
        if (trace.kind == TraceKind::WithEvents) recipe.choices = choices_of(trace.records);
        recipe.faults = {};
    }
    return print(print_recipe(recipe)) ? 0 : 1;
}

int print_events(Trace const& trace)
{
    constexpr usize kPart = 1 << 16;
    std::string text = print_recipe(trace.recipe, trace.kind) + "\n";
    for (TraceRecord const& record : trace.records) {
        text += describe_record(record) + "\n";
        if (text.size() < kPart) continue;
        if (!print(text)) return 1;
        text.clear();
    }
    return print(text) ? 0 : 1;
}

}  // namespace

int run_trace_command(TraceRequest const& request)
{
    if (!request.other_path.empty() && !request.is_diff) {
        throw UsageError("trace: one file, or two with --diff");
    }
    if (request.is_diff) {
        if (request.other_path.empty()) throw UsageError("trace --diff: give two files");
        Trace const left = read_trace(request.path);
        Trace const right = read_trace(request.other_path);
        TraceDifference const difference = compare_traces(left, right);
        print(difference.text);
        return difference.is_same ? 0 : 1;
    }
    Trace const trace =
        read_trace(request.path, request.is_reseal ? Checksum::Ignored : Checksum::Required);
    if (request.is_reseal && trace.kind == TraceKind::WithEvents) {
        throw UsageError(
            "--reseal: only a header may be changed by hand; cut the trace to it first");
    }
    if (request.is_header || request.is_reseal) return print_header(trace, request.with_choices);
    return print_events(trace);
}

}  // namespace drydock::sim
