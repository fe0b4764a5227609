#include "sim/compare/comparison.h"

#include <fmt/format.h>

namespace drydock::sim {

namespace {

std::string figure(Measurement const& measurement, bool counts_instructions)
{
    if (!measurement.has_figure()) return "-";
    return fmt::format("{:.{}f}", measurement.per_iteration(), counts_instructions ? 0 : 1);
}

// Small numbers matter to the second place, large ones do not.
std::string amount(double value)
{
    if (value == 0) return "-";
    return fmt::format("{:.{}f}", value, value < 10 ? 2 : 0);
}

std::string hidden_cells(HiddenCosts const& hidden)
{
    return fmt::format("{:>9}{:>8}{:>9}{:>9}{:>9}",
                       amount(hidden.faults),
                       amount(hidden.root_loads),
                       amount(hidden.page_flushes),
                       amount(hidden.whole_flushes),
                       amount(hidden.frames));
}

std::string line_of(ComparedRow const& row, Conditions const& conditions)
{
    bool const counts = conditions.counts_instructions;
    std::optional<double> const ratio = row.ratio();
    std::string line = fmt::format("{:<16}{:>12}{:>12}{:>8}  {:<11}",
                                   benchmarks()[row.ours.benchmark].name,
                                   figure(row.ours, counts),
                                   figure(row.linux_side, counts),
                                   ratio ? fmt::format("{:.3f}", *ratio) : "-",
                                   ratio ? ratio_label(*ratio) : "-");
    if (conditions.runs > 1 && !counts && ratio) {
        line += fmt::format(
            "{:>6.0f}%{:>7.0f}%", row.ours.spread() * 100, row.linux_side.spread() * 100);
    }
    if (row.hidden) line += hidden_cells(*row.hidden);
    for (Measurement const* side : {&row.ours, &row.linux_side}) {
        if (side->has_figure()) continue;
        line += fmt::format("  {}: {}", side == &row.ours ? "drydock" : "Linux", side->reason);
    }
    while (line.ends_with(' ')) line.pop_back();
    return line + "\n";
}

std::string head(Comparison const& comparison)
{
    Conditions const& conditions = comparison.conditions;
    std::string line = fmt::format("{:<16}{:>12}{:>12}{:>8}  {:<11}",
                                   conditions.counts_instructions ? "instructions" : "ns per iter",
                                   "drydock",
                                   "Linux",
                                   "ratio",
                                   "label");
    if (conditions.runs > 1 && !conditions.counts_instructions)
        line += fmt::format("{:>7}{:>8}", "spread", "Linux");
    bool const has_hidden = !comparison.rows.empty() && comparison.rows.front().hidden;
    if (has_hidden) {
        line += fmt::format(
            "{:>9}{:>8}{:>9}{:>9}{:>9}", "faults", "roots", "invlpg", "flushes", "frames");
    }
    while (line.ends_with(' ')) line.pop_back();
    return line + "\n";
}

std::string foot(Comparison const& comparison)
{
    Conditions const& conditions = comparison.conditions;
    std::string text = describe(summarize(comparison.rows)) + "\n";
    text += fmt::format("Both: {}, -accel {}{}, -cpu {}, {} MiB; {} iterations, {}\n",
                        conditions.qemu,
                        conditions.accelerator,
                        conditions.counts_instructions ? " -icount shift=0,sleep=off" : "",
                        conditions.cpu,
                        conditions.memory_bytes / kMiB,
                        conditions.is_full ? "full" : "quick",
                        conditions.runs == 1 ? "one run" : fmt::format("{} runs", conditions.runs));
    text += fmt::format("Linux: {}, mitigations {}, {}\n",
                        conditions.linux_name,
                        conditions.mitigations,
                        conditions.linux_source == "stored" ? "stored counts" : "booted now");
    text += fmt::format("Suite: {} ({}), BusyBox {}\n",
                        conditions.suite,
                        conditions.suite_hash,
                        conditions.busybox_hash);
    if (!comparison.rows.empty() && comparison.rows.front().hidden) {
        text += "faults, root loads, invlpg, flushes of everything, frames zeroed or copied by "
                "faults: per iteration,\nour kernel in the simulator\n";
    }
    for (std::string const& note : conditions.notes) text += "Note: " + note + "\n";
    return text;
}

}  // namespace

std::string comparison_table(Comparison const& comparison)
{
    std::string text = head(comparison);
    for (ComparedRow const& row : comparison.rows) text += line_of(row, comparison.conditions);
    return text + foot(comparison);
}

}  // namespace drydock::sim
