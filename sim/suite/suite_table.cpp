#include "sim/suite/suite_table.h"

#include <fmt/format.h>

namespace drydock::sim {

namespace {

std::string figure(u64 value) { return value == 0 ? "-" : fmt::format("{}", value); }

std::string per_exec(u64 count, u64 execs)
{
    if (execs == 0) return "-";
    return fmt::format("{:.2f}", static_cast<double>(count) / static_cast<double>(execs));
}

std::string baseline_cells(BenchmarkRun const& run, Baseline const& baseline)
{
    auto const before = baseline.find(benchmarks()[run.result.benchmark].name);
    if (before == baseline.end() || run.result.is_skipped)
        return fmt::format("{:>11}{:>9}", "-", "-");
    double const now =
        static_cast<double>(run.result.total_ns) / static_cast<double>(run.result.iterations);
    double const change = before->second > 0 ? (now / before->second - 1) * 100 : 0;
    return fmt::format("{:>11.0f}{:>+8.1f}%", before->second, change);
}

}  // namespace

std::string table_head(bool has_baseline)
{
    return fmt::format("{:<16}{:>10}{:>9}{:>11}{:>7}  {:<11}{:>12}{:>11}{:>7}{}\n",
                       "benchmark",
                       "ns/iter",
                       "Linux",
                       "reference",
                       "ratio",
                       "label",
                       "faults/exec",
                       "avoidable",
                       "stack",
                       has_baseline ? fmt::format("{:>11}{:>9}", "baseline", "change") : "");
}

std::string table_line(BenchmarkRun const& run, Baseline const* baseline)
{
    Benchmark const& benchmark = benchmarks()[run.result.benchmark];
    if (run.result.is_skipped) {
        return fmt::format("{:<16}{:>10}  {}\n", benchmark.name, "skipped", run.result.reason);
    }
    RegionFigures const& figures = run.figures;
    std::string ratio_text = "-";
    std::string label = "-";
    if (benchmark.linux_ns > 0) {
        double const ratio = static_cast<double>(run.result.ns_per_iteration) / benchmark.linux_ns;
        ratio_text = fmt::format("{:.2f}", ratio);
        label = ratio_label(ratio);
    }
    return fmt::format("{:<16}{:>10}{:>9}{:>11}{:>7}  {:<11}{:>12}{:>11}{:>7}{}\n",
                       benchmark.name,
                       run.result.ns_per_iteration,
                       figure(benchmark.linux_ns),
                       figure(benchmark.reference_ns),
                       ratio_text,
                       label,
                       per_exec(figures.exec_demand_faults, figures.execs),
                       per_exec(figures.avoidable_faults, figures.execs),
                       figures.peak_stack_bytes,
                       baseline != nullptr ? baseline_cells(run, *baseline) : "");
}

std::string table_end(SuiteResult const& result)
{
    std::map<std::string, unsigned> labels = {
        {"faster", 0}, {"OK", 0}, {"marginal", 0}, {"REGRESSION", 0}};
    unsigned skipped = 0;
    unsigned without = 0;
    for (BenchmarkRun const& run : result.runs) {
        Benchmark const& benchmark = benchmarks()[run.result.benchmark];
        if (run.result.is_skipped) {
            ++skipped;
        } else if (benchmark.linux_ns == 0) {
            ++without;
        } else {
            ++labels[ratio_label(static_cast<double>(run.result.ns_per_iteration) /
                                 benchmark.linux_ns)];
        }
    }
    return fmt::format("{} results: {} faster, {} OK, {} marginal, {} regressions, {} without a "
                       "Linux figure, {} skipped\n"
                       "{:.6f} s of virtual time, trace {}\n"
                       "Linux and reference: {}\n",
                       result.runs.size(),
                       labels["faster"],
                       labels["OK"],
                       labels["marginal"],
                       labels["REGRESSION"],
                       without,
                       skipped,
                       static_cast<double>(result.figures.virtual_ns) / 1e9,
                       result.figures.trace_hash,
                       kFiguresSource);
}

}  // namespace drydock::sim
