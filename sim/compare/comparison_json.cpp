#include "sim/compare/comparison.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace drydock::sim {

namespace {

using Json = nlohmann::ordered_json;

constexpr char const* kFormat = "drydock compare 1";

Json side_of(Measurement const& side)
{
    if (!side.has_figure()) return {{"skipped", side.reason}};
    return {{"per_iteration", side.per_iteration()}, {"totals", side.totals}};
}

Json row_of(ComparedRow const& row)
{
    Json item = {{"name", benchmarks()[row.ours.benchmark].name},
                 {"iterations", row.ours.iterations},
                 {"drydock", side_of(row.ours)},
                 {"linux", side_of(row.linux_side)},
                 {"ratio", nullptr},
                 {"label", nullptr}};
    if (std::optional<double> const ratio = row.ratio()) {
        item["ratio"] = *ratio;
        item["label"] = ratio_label(*ratio);
    }
    if (row.hidden) {
        item["hidden"] = {{"faults", row.hidden->faults},
                          {"root_loads", row.hidden->root_loads},
                          {"page_flushes", row.hidden->page_flushes},
                          {"whole_flushes", row.hidden->whole_flushes},
                          {"frames", row.hidden->frames}};
    }
    return item;
}

}  // namespace

std::string comparison_json(Comparison const& comparison)
{
    Conditions const& conditions = comparison.conditions;
    ComparisonSummary const summary = summarize(comparison.rows);
    Json report;
    report["format"] = kFormat;
    report["unit"] = conditions.unit();
    report["mode"] = conditions.is_full ? "full" : "quick";
    report["runs"] = conditions.runs;
    report["machine"] = {{"qemu", conditions.qemu},
                         {"accelerator", conditions.accelerator},
                         {"icount", conditions.counts_instructions},
                         {"cpu", conditions.cpu},
                         {"memory_bytes", conditions.memory_bytes}};
    report["linux"] = {{"name", conditions.linux_name},
                       {"source", conditions.linux_source},
                       {"mitigations", conditions.mitigations}};
    report["suite"] = {{"built_with", conditions.suite}, {"hash", conditions.suite_hash}};
    report["busybox"] = {{"hash", conditions.busybox_hash}};
    report["notes"] = conditions.notes;
    report["summary"] = {{"faster", summary.faster},
                         {"ok", summary.ok},
                         {"marginal", summary.marginal},
                         {"regressions", summary.regressions},
                         {"without_ratio", summary.without},
                         {"median_ratio", summary.median},
                         {"line", describe(summary)}};
    report["benchmarks"] = Json::array();
    for (ComparedRow const& row : comparison.rows) report["benchmarks"].push_back(row_of(row));
    return report.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace drydock::sim
