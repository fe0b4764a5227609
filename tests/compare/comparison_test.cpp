#include "sim/compare/comparison.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace drydock::sim {
namespace {

usize place(std::string_view name) { return find_benchmark(name).value(); }

Measurement took(std::string_view name, u64 iterations, std::vector<u64> totals)
{
    return {place(name), {}, iterations, std::move(totals)};
}

Measurement skipped(std::string_view name, std::string reason)
{
    return {place(name), std::move(reason), 0, {}};
}

// Ratios 0.5, 1.0, 1.05, 3 and none.
Comparison mixed()
{
    Comparison comparison;
    comparison.conditions.counts_instructions = true;
    comparison.conditions.memory_bytes = 512 * kMiB;
    comparison.conditions.qemu = "QEMU emulator version 7.2 <test & co>";
    comparison.conditions.linux_name = "linux-image-test 1.2-3";
    comparison.conditions.linux_source = "stored";
    comparison.conditions.mitigations = "off";
    comparison.conditions.suite = "gcc 1, musl 2";
    comparison.rows = side_by_side({took("getpid", 10, {500}),
                                    took("pipe", 4, {400}),
                                    took("stat", 100, {10'500}),
                                    took("uname", 10, {3'000}),
                                    skipped("waitid", "waitid: ENOSYS")},
                                   {took("getpid", 10, {1'000}),
                                    took("pipe", 4, {400}),
                                    took("stat", 100, {10'000}),
                                    took("uname", 10, {1'000}),
                                    took("waitid", 10, {1'000})},
                                   {});
    return comparison;
}

TEST(comparison, of_several_runs_the_median_counts)
{
    EXPECT_DOUBLE_EQ(took("pipe", 10, {900, 100, 200}).per_iteration(), 20);
    EXPECT_DOUBLE_EQ(took("pipe", 10, {100, 300}).per_iteration(), 20);
    EXPECT_DOUBLE_EQ(took("pipe", 10, {900, 100, 200}).spread(), 4);
    EXPECT_DOUBLE_EQ(took("pipe", 10, {100}).spread(), 0);
}

TEST(comparison, a_side_without_a_figure_gives_no_ratio)
{
    ComparedRow row{skipped("pipe", "why"), took("pipe", 1, {10}), std::nullopt};
    EXPECT_FALSE(row.ratio().has_value());
    row = {took("pipe", 1, {10}), skipped("pipe", "why"), std::nullopt};
    EXPECT_FALSE(row.ratio().has_value());
    row = {took("pipe", 1, {10}), took("pipe", 1, {0}), std::nullopt};
    EXPECT_FALSE(row.ratio().has_value());
}

TEST(comparison, each_label_is_counted_once)
{
    ComparisonSummary const summary = summarize(mixed().rows);
    EXPECT_EQ(summary.faster, 1u);
    EXPECT_EQ(summary.ok, 1u);
    EXPECT_EQ(summary.marginal, 1u);
    EXPECT_EQ(summary.regressions, 1u);
    EXPECT_EQ(summary.without, 1u);
    EXPECT_DOUBLE_EQ(summary.median, 1.025);
    EXPECT_EQ(describe(summary),
              "1 faster, 1 OK, 1 marginal, 1 regressions, 1 without a ratio; median ratio 1.025");
    EXPECT_EQ(describe(summarize({})), "0 faster, 0 OK, 0 marginal, 0 regressions");
}

TEST(comparison, labels_change_just_beyond_their_limits)
{
    auto const label_of = [](u64 ours) {
        ComparedRow const row{took("pipe", 1, {ours}), took("pipe", 1, {1'000}), std::nullopt};
        return std::string(ratio_label(row.ratio().value()));
    };
    EXPECT_EQ(label_of(900), "faster");
    EXPECT_EQ(label_of(901), "OK");
    EXPECT_EQ(label_of(1'000), "OK");
    EXPECT_EQ(label_of(1'001), "marginal");
    EXPECT_EQ(label_of(1'100), "marginal");
    EXPECT_EQ(label_of(1'101), "REGRESSION");
}

bool has(std::string const& text, std::string const& part)
{
    return text.find(part) != std::string::npos;
}

TEST(comparison, the_table_has_a_line_for_each_benchmark_and_says_what_was_compared)
{
    Comparison comparison = mixed();
    comparison.rows[0].hidden = HiddenCosts{1.5, 0, 0, 0, 20};
    comparison.conditions.notes = {"something differs"};
    std::string const table = comparison_table(comparison);
    EXPECT_TRUE(has(table, "getpid                    50         100   0.500  faster"));
    EXPECT_TRUE(has(table, "uname                    300         100   3.000  REGRESSION\n"));
    EXPECT_TRUE(has(table, "waitid                     -         100       -  -"));
    EXPECT_TRUE(has(table, "drydock: waitid: ENOSYS\n"));
    EXPECT_TRUE(has(table, "     1.50       -        -        -       20\n"));
    EXPECT_TRUE(has(table, "1 faster, 1 OK, 1 marginal, 1 regressions"));
    EXPECT_TRUE(has(table, "Linux: linux-image-test 1.2-3, mitigations off, stored counts\n"));
    EXPECT_TRUE(has(table, "Suite: gcc 1, musl 2"));
    EXPECT_TRUE(has(table, "Note: something differs\n"));
    EXPECT_FALSE(has(table, "spread"));
}

TEST(comparison, times_of_several_runs_show_how_far_they_are_apart)
{
    Comparison comparison;
    comparison.conditions.runs = 2;
    comparison.rows =
        side_by_side({took("pipe", 1, {100, 110})}, {took("pipe", 1, {200, 300})}, {});
    std::string const table = comparison_table(comparison);
    EXPECT_TRUE(has(table, "ns per iter"));
    EXPECT_TRUE(has(table, "spread"));
    EXPECT_TRUE(has(table, "105.0       250.0   0.420  faster         10%     40%\n"));
}

TEST(comparison, json_holds_every_figure)
{
    Comparison comparison = mixed();
    comparison.rows[1].hidden = HiddenCosts{1, 2, 3, 4, 5};
    nlohmann::json const report = nlohmann::json::parse(comparison_json(comparison));
    EXPECT_EQ(report.at("format"), "drydock compare 1");
    EXPECT_EQ(report.at("unit"), "instructions");
    EXPECT_EQ(report.at("linux").at("source"), "stored");
    EXPECT_EQ(report.at("summary").at("regressions"), 1);
    ASSERT_EQ(report.at("benchmarks").size(), 5u);
    nlohmann::json const& first = report.at("benchmarks")[0];
    EXPECT_EQ(first.at("name"), "getpid");
    EXPECT_EQ(first.at("drydock").at("totals"), nlohmann::json({500}));
    EXPECT_EQ(first.at("linux").at("per_iteration"), 100.0);
    EXPECT_EQ(first.at("ratio"), 0.5);
    EXPECT_FALSE(first.contains("hidden"));
    EXPECT_EQ(report.at("benchmarks")[1].at("hidden").at("whole_flushes"), 4.0);
    nlohmann::json const& last = report.at("benchmarks")[4];
    EXPECT_TRUE(last.at("ratio").is_null());
    EXPECT_EQ(last.at("drydock").at("skipped"), "waitid: ENOSYS");
}

TEST(comparison, the_picture_is_whole_and_reads_on_light_and_dark_ground)
{
    std::string const picture = comparison_picture(mixed());
    EXPECT_TRUE(picture.starts_with("<svg xmlns=\"http://www.w3.org/2000/svg\""));
    EXPECT_TRUE(picture.ends_with("</svg>\n"));
    EXPECT_TRUE(has(picture, "prefers-color-scheme: dark"));
    EXPECT_TRUE(has(picture, "&lt;test &amp; co&gt;"));
    EXPECT_FALSE(has(picture, "<test"));
    for (char const* const name : {"getpid", "pipe", "stat", "uname", "waitid"})
        EXPECT_TRUE(has(picture, std::string(">") + name + "</text>")) << name;
    for (char const* const label : {"faster", "ok", "marginal", "regression"})
        EXPECT_TRUE(has(picture, std::string("class=\"") + label + "\"")) << label;
    EXPECT_TRUE(has(picture, ">no ratio</text>"));
}

TEST(comparison, bars_of_half_and_double_are_equally_long)
{
    Comparison comparison;
    comparison.rows = side_by_side({took("getpid", 1, {50}), took("pipe", 1, {200})},
                                   {took("getpid", 1, {100}), took("pipe", 1, {100})},
                                   {});
    std::string const picture = comparison_picture(comparison);
    // From 0.25 to 4 there are 420 pixels for four doublings.
    EXPECT_TRUE(has(picture, "x=\"245.0\" y=\"69.0\" width=\"105.0\""));
    EXPECT_TRUE(has(picture, "x=\"350.0\" y=\"86.0\" width=\"105.0\""));
}

}  // namespace
}  // namespace drydock::sim
