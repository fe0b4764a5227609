#include "sim/compare/comparison.h"

#include "core/base/assert.h"

#include <algorithm>
#include <fmt/format.h>

namespace drydock::sim {

namespace {

double median_of(std::vector<double> values)
{
    ASSERT(!values.empty());
    std::sort(values.begin(), values.end());
    usize const middle = values.size() / 2;
    if (values.size() % 2 == 1) return values[middle];
    return (values[middle - 1] + values[middle]) / 2;
}

double median_of(std::vector<u64> const& values)
{
    return median_of(std::vector<double>(values.begin(), values.end()));
}

}  // namespace

double Measurement::per_iteration() const
{
    ASSERT(has_figure());
    return median_of(totals) / static_cast<double>(iterations);
}

double Measurement::spread() const
{
    ASSERT(has_figure());
    auto const [least, most] = std::minmax_element(totals.begin(), totals.end());
    double const median = median_of(totals);
    return median > 0 ? static_cast<double>(*most - *least) / median : 0;
}

std::optional<double> ComparedRow::ratio() const
{
    if (!ours.has_figure() || !linux_side.has_figure()) return std::nullopt;
    double const reference = linux_side.per_iteration();
    if (reference <= 0) return std::nullopt;
    return ours.per_iteration() / reference;
}

std::vector<ComparedRow> side_by_side(Measurements const& ours,
                                      Measurements const& linux_side,
                                      std::vector<HiddenCosts> const& hidden)
{
    ASSERT(ours.size() == linux_side.size());
    ASSERT(hidden.empty() || hidden.size() == ours.size());
    std::vector<ComparedRow> rows;
    for (usize i = 0; i < ours.size(); ++i) {
        ASSERT(ours[i].benchmark == linux_side[i].benchmark);
        ComparedRow row{ours[i], linux_side[i], std::nullopt};
        if (!hidden.empty()) row.hidden = hidden[i];
        rows.push_back(std::move(row));
    }
    return rows;
}

ComparisonSummary summarize(std::vector<ComparedRow> const& rows)
{
    ComparisonSummary summary;
    std::vector<double> ratios;
    for (ComparedRow const& row : rows) {
        std::optional<double> const ratio = row.ratio();
        if (!ratio) {
            ++summary.without;
            continue;
        }
        ratios.push_back(*ratio);
        std::string_view const label = ratio_label(*ratio);
        if (label == "faster") ++summary.faster;
        if (label == "OK") ++summary.ok;
        if (label == "marginal") ++summary.marginal;
        if (label == "REGRESSION") ++summary.regressions;
    }
    if (!ratios.empty()) summary.median = median_of(std::move(ratios));
    return summary;
}

std::string describe(ComparisonSummary const& summary)
{
    std::string text = fmt::format("{} faster, {} OK, {} marginal, {} regressions",
                                   summary.faster,
                                   summary.ok,
                                   summary.marginal,
                                   summary.regressions);
    if (summary.without > 0) text += fmt::format(", {} without a ratio", summary.without);
    return text + (summary.median > 0 ? fmt::format("; median ratio {:.3f}", summary.median) : "");
}

}  // namespace drydock::sim
