#include "sim/stack/stack_table.h"

#include "core/platform/platform.h"
#include "sim/command_line.h"
#include "sim/kernel_stacks.h"
#include "sim/statistics.h"

#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <vector>

namespace drydock::sim {

namespace {

using Json = nlohmann::ordered_json;

constexpr u64 kMarks[] = {4 * kKiB, 8 * kKiB, 12 * kKiB};

// A line of the table.
struct Row {
    u32 doing = 0;
    std::string name{};
    SeenUse const* seen = nullptr;  // Null: it was not made.
    StackBound const* bound = nullptr;

    u64 seen_bytes() const { return seen == nullptr ? 0 : seen->bytes; }
    u64 bound_bytes() const { return bound->bytes; }
};

// The one that may go deepest first.
std::vector<Row> rows_of(StackSurvey const& survey, StackBounds const& bounds)
{
    std::map<u32, Row> rows;
    for (auto const& [number, bound] : bounds.calls) {
        rows[number] = {number, name_of_activity(number), nullptr, &bound};
    }
    for (auto const& [doing, seen] : survey.seen) {
        rows[doing] = {doing, name_of_activity(doing), &seen, &bounds.of(doing)};
    }
    std::vector<Row> sorted;
    for (auto const& [doing, row] : rows) sorted.push_back(row);
    std::ranges::stable_sort(sorted, [](Row const& left, Row const& right) {
        return std::pair(left.bound_bytes(), left.seen_bytes()) >
               std::pair(right.bound_bytes(), right.seen_bytes());
    });
    return sorted;
}

std::string bytes_or_dash(u64 bytes) { return bytes == 0 ? "-" : fmt::format("{}", bytes); }

std::string describe(StackPath const& path, u64 start_bytes)
{
    std::string text = fmt::format("    {:6}  the start of the stack\n", start_bytes);
    for (PathStep const& step : path)
        text += fmt::format("    {:6}  {}\n", step.bytes, step.function);
    return text;
}

std::string paths_of(Row const& row, StackBounds const& bounds)
{
    std::string text;
    if (row.seen != nullptr && row.seen->path.steps.empty()) {
        text += fmt::format("{}: {} bytes seen in {}, its path could not be read\n",
                            row.name,
                            row.seen->bytes,
                            row.seen->workload);
    } else if (row.seen != nullptr) {
        text += fmt::format("{}: {} bytes seen, in {}\n{}",
                            row.name,
                            row.seen->bytes,
                            row.seen->workload,
                            describe(row.seen->path.steps, row.seen->path.start_bytes));
    }
    return text + fmt::format("{}: at most {} bytes\n{}",
                              row.name,
                              row.bound->bytes,
                              describe(row.bound->path, bounds.start_bytes));
}

template <typename Bytes>
std::string names_above(std::vector<Row> const& rows, u64 mark, Bytes bytes_of)
{
    std::string names;
    for (Row const& row : rows) {
        if (bytes_of(row) > mark) names += (names.empty() ? "" : ", ") + row.name;
    }
    return names.empty() ? "none" : names;
}

std::string answers(std::vector<Row> const& rows)
{
    std::string text;
    for (u64 const mark : kMarks) {
        text +=
            fmt::format("more than {:2} KiB: seen: {}; may need it: {}\n",
                        mark / kKiB,
                        names_above(rows, mark, [](Row const& row) { return row.seen_bytes(); }),
                        names_above(rows, mark, [](Row const& row) { return row.bound_bytes(); }));
    }
    return text;
}

std::string margins(std::vector<Row> const& rows)
{
    auto const deepest =
        std::ranges::max_element(rows, {}, [](Row const& row) { return row.seen_bytes(); });
    Row const& worst = rows.front();
    std::string text;
    if (deepest->seen != nullptr) {
        text += fmt::format("deepest seen: {} bytes ({}), {} of {} left\n",
                            deepest->seen_bytes(),
                            deepest->name,
                            kKernelStackSize - deepest->seen_bytes(),
                            kKernelStackSize);
    }
    i64 const left = static_cast<i64>(kKernelStackSize) - static_cast<i64>(worst.bound_bytes());
    text += fmt::format("deepest possible: {} bytes ({}), ", worst.bound_bytes(), worst.name);
    text += left >= 0 ? fmt::format("{} of {} left\n", left, kKernelStackSize)
                      : fmt::format("{} more than there are\n", -left);
    return text;
}

Json steps_of(StackPath const& path)
{
    Json steps = Json::array();
    for (PathStep const& step : path) {
        steps.push_back({{"function", step.function}, {"bytes", step.bytes}});
    }
    return steps;
}

}  // namespace

bool exceeds_stack(StackBounds const& bounds)
{
    auto const is_over = [](StackBound const& bound) { return bound.bytes > kKernelStackSize; };
    return is_over(bounds.other) || std::ranges::any_of(bounds.calls, [&](auto const& call) {
               return is_over(call.second);
           });
}

std::string make_stack_table(StackSurvey const& survey,
                             StackBounds const& bounds,
                             StackTableOptions const& options)
{
    std::vector<Row> const rows = rows_of(survey, bounds);
    if (!options.call.empty()) {
        auto const found = std::ranges::find(rows, options.call, &Row::name);
        if (found == rows.end()) {
            throw UsageError(fmt::format("--call {}: the kernel has no such call", options.call));
        }
        return paths_of(*found, bounds);
    }
    std::string text =
        fmt::format("{:<22}{:>8}{:>8}{:>10}{:>12}\n", "", "seen", "bound", "left", "(bound)");
    for (Row const& row : rows) {
        bool const is_over = row.bound_bytes() > kKernelStackSize;
        text += fmt::format(
            "{:<22}{:>8}{:>8}{:>10}{:>12}\n",
            row.name,
            bytes_or_dash(row.seen_bytes()),
            bytes_or_dash(row.bound_bytes()),
            row.seen == nullptr ? "-" : fmt::format("{}", kKernelStackSize - row.seen_bytes()),
            is_over ? "OVERFLOWS" : fmt::format("{}", kKernelStackSize - row.bound_bytes()));
    }
    for (Row const& row : rows) {
        bool const is_shown = options.has_paths || row.doing == rows.front().doing;
        if (is_shown) text += "\n" + paths_of(row, bounds);
    }
    return text + "\n" + answers(rows) + margins(rows);
}

std::string make_stack_report(StackSurvey const& survey,
                              StackBounds const& bounds,
                              std::string const& kernel)
{
    Json report;
    report["format"] = "drydock stack 1";
    report["kernel"] = kernel;
    report["stack_bytes"] = kKernelStackSize;
    report["start_bytes"] = bounds.start_bytes;
    report["runs"] = Json::array();
    for (WorkloadEnd const& end : survey.ends) {
        report["runs"].push_back({{"workload", end.workload},
                                  {"outcome", outcome_name(end.outcome.kind)},
                                  {"exit_status", end.outcome.exit_status},
                                  {"summary", end.outcome.summary}});
    }
    report["calls"] = Json::array();
    for (Row const& row : rows_of(survey, bounds)) {
        Json item = {{"name", row.name}};
        if (row.doing < kDoingReturn) item["number"] = row.doing;
        if (row.seen != nullptr) {
            item["seen"] = {{"bytes", row.seen->bytes},
                            {"workload", row.seen->workload},
                            {"path", steps_of(row.seen->path.steps)}};
        }
        item["bound"] = {{"bytes", row.bound->bytes}, {"path", steps_of(row.bound->path)}};
        report["calls"].push_back(item);
    }
    return report.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace drydock::sim
