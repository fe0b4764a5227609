#include "sim/trace_diff.h"

#include "sim/trace_text.h"

#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace drydock::sim {

namespace {

constexpr u64 kBefore = 6;
constexpr u64 kAfter = 3;
constexpr usize kLongestLine = 160;

std::vector<std::string> header_lines(Recipe const& recipe)
{
    std::vector<std::string> lines;
    std::string const text = print_recipe(recipe);
    for (usize at = 0; at < text.size();) {
        usize const end = text.find('\n', at);
        std::string const line = text.substr(at, end - at);
        at = end + 1;
        // What the runs came to, not what they were made of.
        bool const is_result = line.starts_with("events:") || line.starts_with("marks:") ||
                               line.starts_with("checksum:") || line.starts_with("compiler:");
        if (!is_result) lines.push_back(line);
    }
    return lines;
}

std::string describe_headers(Recipe const& left, Recipe const& right)
{
    std::vector<std::string> const lines[2] = {header_lines(left), header_lines(right)};
    std::string text;
    for (usize side = 0; side < 2; ++side) {
        std::set<std::string> const other(lines[1 - side].begin(), lines[1 - side].end());
        for (std::string const& line : lines[side]) {
            if (other.contains(line)) continue;
            text += fmt::format("{} {}\n", side == 0 ? '-' : '+', line.substr(0, kLongestLine));
        }
    }
    return text;
}

TraceDifference compare_headers(Trace const& left, Trace const& right, std::string text)
{
    TraceDifference result;
    result.text = std::move(text);
    if (!left.recipe.expected || !right.recipe.expected) {
        result.text += "one of the headers does not say how its run ended\n";
        return result;
    }
    Expectation const& one = *left.recipe.expected;
    Expectation const& other = *right.recipe.expected;
    result.is_same = one.hash == other.hash && one.events == other.events;
    if (result.is_same) {
        result.text += fmt::format("the same {} events, hash {}\n", one.events, one.hash);
        return result;
    }
    EventWindow window = compare_marks(one.marks, other.marks);
    if (!window.is_different) window.to = std::max(one.events, other.events);
    result.text +=
        fmt::format("the first event that differs is one of {} to {}; to see it, record both "
                    "with drydock replay FILE --trace NEW and compare those\n",
                    window.from,
                    window.to - 1);
    return result;
}

}  // namespace

EventWindow compare_marks(EventMarks const& left, EventMarks const& right)
{
    // Both spacings are the first one times a power of two: the wider one's marks are in both.
    u64 const spacing = std::max(left.spacing, right.spacing);
    EventWindow window;
    for (u64 at = spacing;; at += spacing) {
        u64 const one = at / left.spacing - 1;
        u64 const other = at / right.spacing - 1;
        if (one >= left.hashes.size() || other >= right.hashes.size()) return window;
        if (left.hashes[one] != right.hashes[other]) {
            window.is_different = true;
            window.to = at;
            return window;
        }
        window.from = at;
    }
}

std::string describe_context(std::vector<TraceRecord> const& records, u64 index)
{
    std::string text;
    u64 const first = index > kBefore ? index - kBefore : 0;
    for (u64 i = first; i <= index + kAfter; ++i) {
        char const sign = i == index ? '>' : ' ';
        if (i >= records.size()) {
            return text + fmt::format("  {} {:>9} (the end)\n", sign, i);
        }
        text += fmt::format("  {} {:>9} {}\n", sign, i, describe_record(records[i]));
    }
    return text;
}

TraceDifference compare_traces(Trace const& left, Trace const& right)
{
    std::string text = describe_headers(left.recipe, right.recipe);
    bool const has_events =
        left.kind == TraceKind::WithEvents && right.kind == TraceKind::WithEvents;
    if (!has_events) return compare_headers(left, right, std::move(text));
    auto const [one, other] = std::mismatch(
        left.records.begin(), left.records.end(), right.records.begin(), right.records.end());
    TraceDifference result;
    result.is_same = one == left.records.end() && other == right.records.end();
    if (result.is_same) {
        result.text = text + fmt::format("the same {} events\n", left.records.size());
        return result;
    }
    u64 const index = static_cast<u64>(one - left.records.begin());
    result.text = text + fmt::format("event {} is the first that differs\n", index) +
                  "the first file:\n" + describe_context(left.records, index) +
                  "the second file:\n" + describe_context(right.records, index);
    return result;
}

}  // namespace drydock::sim
