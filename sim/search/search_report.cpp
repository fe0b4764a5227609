#include "sim/search/search_report.h"

#include <fmt/format.h>

namespace drydock::sim {

namespace {

constexpr double kNsPerMinute = 60e9;

std::string rate(u64 count, u64 elapsed_ns)
{
    if (elapsed_ns == 0) return "0";
    return fmt::format("{:.0f}",
                       static_cast<double>(count) * kNsPerMinute / static_cast<double>(elapsed_ns));
}

std::string indented(std::string const& text)
{
    std::string result;
    for (char const character : text) {
        if (result.empty() || result.back() == '\n') result += "    ";
        result += character;
    }
    if (!result.empty() && result.back() != '\n') result += '\n';
    return result;
}

std::string describe_origin(Finding const& finding, std::string const& folder)
{
    if (finding.file.empty())
        return "run again, it did not fail: the simulator is not deterministic";
    return fmt::format("{} executions, {:.1f} s{}; {}; drydock replay {}/{}",
                       finding.executions,
                       static_cast<double>(finding.shrink_ns) / 1e9,
                       finding.is_minimal ? "" : ", which ran out before it was minimal",
                       finding.is_verified ? "run again, it took the same way"
                                           : "run again, it took another way",
                       folder,
                       finding.file);
}

}  // namespace

std::string describe_finding(Finding const& finding,
                             usize number,
                             std::string const& folder,
                             std::string const& report)
{
    std::string text = fmt::format(
        "finding {}: {}\n  {}: {}\n", number, finding.name, finding.outcome, finding.summary);
    bool const is_script =
        finding.steps.size() > 0 && finding.steps[0].find("  # ") != std::string::npos;
    for (std::string const& step : finding.steps) {
        if (is_script) text += indented(step);
    }
    text += indented(report);
    return text + "  " + describe_origin(finding, folder) + "\n";
}

std::string describe_counts(CampaignCounts const& counts)
{
    std::string text;
    if (counts.orders > 0 || counts.programs == 0) {
        text = fmt::format("{} orders ({}/min), {} of {} pairs, ",
                           counts.orders,
                           rate(counts.new_orders, counts.elapsed_ns),
                           counts.pairs,
                           kPairCount);
    }
    if (counts.programs > 0) {
        text += fmt::format("{} programs ({}/min), ",
                            counts.programs,
                            rate(counts.new_programs, counts.elapsed_ns));
    }
    return text + fmt::format("{} findings of {} failures, {:.0f} s",
                              counts.findings,
                              counts.failures,
                              static_cast<double>(counts.elapsed_ns) / 1e9);
}

std::string describe_left_out(CampaignState const& state)
{
    if (state.failing_alone.empty()) return {};
    return fmt::format("in no order, because they fail alone: {}\n",
                       describe(Order(state.failing_alone.begin(), state.failing_alone.end())));
}

}  // namespace drydock::sim
