#pragma once

// What two kernels take for the same benchmarks on the same machine, side by side.

#include "sim/suite/orders.h"

#include <optional>
#include <string>
#include <vector>

namespace drydock::sim {

// One benchmark on one kernel.
struct Measurement {
    usize benchmark = 0;   // Its place in the table of benchmarks.
    std::string reason{};  // Why it could not run; then there is nothing else.
    u64 iterations = 0;
    // Of all iterations, for each run: nanoseconds, or instructions where those are counted.
    std::vector<u64> totals{};

    bool has_figure() const { return iterations > 0 && !totals.empty(); }
    // Of one iteration: the median of the runs. Only if there is a figure.
    double per_iteration() const;
    // How far the runs are apart: most less least, as a share of the median.
    double spread() const;
};

// In the order that was asked for.
using Measurements = std::vector<Measurement>;

// What counts of instructions do not show, of one iteration on our kernel, as the simulator sees
// it.
struct HiddenCosts {
    double faults = 0;
    double root_loads = 0;     // Each leaves a TLB without user pages.
    double page_flushes = 0;   // INVLPG.
    double whole_flushes = 0;  // Of everything.
    double frames = 0;         // Zeroed or copied by faults.
};

struct ComparedRow {
    Measurement ours{};
    Measurement linux_side{};
    std::optional<HiddenCosts> hidden{};

    // Ours to Linux's, if both have a figure.
    std::optional<double> ratio() const;
};

// Under which conditions both ran, as words for people.
struct Conditions {
    bool counts_instructions = false;
    bool is_full = false;
    usize runs = 1;
    u64 memory_bytes = 0;
    std::string accelerator{};
    std::string cpu{};
    std::string qemu{};          // Its version.
    std::string mitigations{};   // "off" or "default".
    std::string linux_name{};    // Package and version, or the file.
    std::string linux_source{};  // "run" or "stored".
    std::string suite{};         // Compiler and C library.
    std::string suite_hash{};
    std::string busybox_hash{};
    std::vector<std::string> notes{};  // What is not as equal as it should be.

    char const* unit() const { return counts_instructions ? "instructions" : "ns"; }
};

struct Comparison {
    Conditions conditions{};
    std::vector<ComparedRow> rows{};
};

struct ComparisonSummary {
    unsigned faster = 0, ok = 0, marginal = 0, regressions = 0;
    unsigned without = 0;  // One side has no figure.
    double median = 0;     // Of the ratios; 0 if there is none.
};

// Both have the same benchmarks in the same order; `hidden` is as long, or empty.
std::vector<ComparedRow> side_by_side(Measurements const& ours,
                                      Measurements const& linux_side,
                                      std::vector<HiddenCosts> const& hidden);

ComparisonSummary summarize(std::vector<ComparedRow> const& rows);
// In one line, without a line break.
std::string describe(ComparisonSummary const& summary);

// The whole table: head, a line for each benchmark, the summary, what was compared.
std::string comparison_table(Comparison const& comparison);
std::string comparison_json(Comparison const& comparison);
// A drawing (SVG) that reads on light and on dark ground.
std::string comparison_picture(Comparison const& comparison);

}  // namespace drydock::sim
