#include "core/base/integers.h"
#include "sim/story/chapters.h"
#include "sim/story/published.h"

#include <fmt/format.h>
#include <string_view>

namespace drydock::sim {

namespace {

using Json = nlohmann::ordered_json;

constexpr char const* kIntroduction =
    R"(1. A TEMPLATE THAT IS NEVER BUILT AGAIN

Exec maps what the page cache holds of a program and saves the list of those pages as a template,
which the next exec replays. The template has the generation of the cache: when the cache has grown
since, exec maps everything that is cached and saves a new one. With the bug (--kernel
stale-template) the first template stays for ever, and keeps exec from looking into the cache: pages
that came later are faulted in again by every exec. Nothing fails. BusyBox is one file, so each
program pays for the pages that the first programs did not need.

)";

constexpr usize kShownExecs = 8;
// How far a ratio may be from the published ones.
constexpr double kTolerance = 0.10;

u64 count_of(Json const& item, char const* key) { return item.at(key).get<u64>(); }

Json const& benchmark_of(Json const& report, std::string_view name)
{
    for (Json const& item : report.at("benchmarks")) {
        if (item.at("name") == name) return item;
    }
    throw std::runtime_error(fmt::format("the run has no benchmark {}", name));
}

// --- exec by exec --------------------------------------------------------------------------------

std::string exec_cells(Json const& exec)
{
    return fmt::format("{:<6}{:>7}{:>7}",
                       exec.at("template").get<std::string>(),
                       count_of(exec, "pages_loaded"),
                       count_of(exec, "avoidable_faults"));
}

// What the newest execs take is what all later ones do.
std::string describe_steady_state(Json const& stale)
{
    Json const& execs = stale.at("first_execs");
    if (execs.empty()) throw std::runtime_error("the run has no exec");
    u64 const newest = count_of(execs.back(), "avoidable_faults");
    u64 const total = count_of(stale, "avoidable_faults");
    std::string text = fmt::format(
        "With the bug {} avoidable faults in {} iterations", total, count_of(stale, "iterations"));
    bool const is_even = newest > 0 && total % newest == 0;
    return text + (is_even ? fmt::format(": {} times {}.", total / newest, newest) : ".");
}

std::string describe_execs(Json const& stale, Json const& sound, u64 busybox_pages)
{
    std::string text =
        "`sh -c \"grep apple FILE > /dev/null\"` in a loop, from an empty page cache; "
        "faults of each exec\n(new: brings a page into the cache; again: on a page "
        "that the cache had, so avoidable)\n\n";
    text += fmt::format("{:<22}{:<26}{}\n", "", "with the bug", "without");
    text += fmt::format("{:<11}{:<11}{:<6}{:>7}{:>7}{:6}{:<6}{:>7}{:>7}\n",
                        "iteration",
                        "exec of",
                        "",
                        "new",
                        "again",
                        "",
                        "",
                        "new",
                        "again");
    Json const& left = stale.at("first_execs");
    Json const& right = sound.at("first_execs");
    u64 iteration = 0;
    for (usize i = 0; i < kShownExecs && i < left.size() && i < right.size(); ++i) {
        // The shell runs its last command without a fork.
        bool const is_grep = i > 0 && left[i].at("process") == left[i - 1].at("process");
        if (!is_grep) ++iteration;
        text += fmt::format("{:<11}{:<11}{}{:6}{}\n",
                            is_grep ? "" : fmt::format("{}", iteration),
                            is_grep ? "grep" : "sh",
                            exec_cells(left[i]),
                            "",
                            exec_cells(right[i]));
    }
    return text +
           fmt::format("\n{} Without: {}.\nThis BusyBox has {} pages; published: about 50 for the "
                       "shell and 30 more for grep, of 285 to 289.\n\n",
                       describe_steady_state(stale),
                       count_of(sound, "avoidable_faults"),
                       busybox_pages);
}

// --- before and after ----------------------------------------------------------------------------

struct Comparison {
    PublishedWorkload published{};
    double before_ns = 0;
    double after_ns = 0;
    u64 execs = 0;
    u64 iterations = 0;
    u64 avoidable_before = 0;
    u64 avoidable_after = 0;

    double ratio() const { return before_ns / after_ns; }
    double saved_us_per_exec() const
    {
        double const per_iteration = static_cast<double>(execs) / static_cast<double>(iterations);
        return (before_ns - after_ns) / 1000 / per_iteration;
    }
    bool is_near() const
    {
        return ratio() >= published.low_ratio() * (1 - kTolerance) &&
               ratio() <= published.high_ratio() * (1 + kTolerance);
    }
};

double ns_per_iteration(Json const& item)
{
    return item.at("total_ns").get<double>() / item.at("iterations").get<double>();
}

Comparison compare(PublishedWorkload const& published, Json const& stale, Json const& sound)
{
    Json const& before = benchmark_of(stale, published.name);
    Json const& after = benchmark_of(sound, published.name);
    Comparison result;
    result.published = published;
    result.before_ns = ns_per_iteration(before);
    result.after_ns = ns_per_iteration(after);
    result.execs = count_of(before, "execs");
    result.iterations = count_of(before, "iterations");
    result.avoidable_before = count_of(before, "avoidable_faults");
    result.avoidable_after = count_of(after, "avoidable_faults");
    return result;
}

std::string range(double low, double high, char const* format)
{
    std::string const first = fmt::format(fmt::runtime(format), low);
    return low < high ? first + "-" + fmt::format(fmt::runtime(format), high) : first;
}

std::string table_line(Comparison const& row)
{
    PublishedWorkload const& published = row.published;
    return fmt::format("{:<13}{:>8.1f}{:>8.1f}{:>7.2f}{:>13}{:>8.1f}  {:>11}{:>8}  {:>9}\n",
                       published.name,
                       row.before_ns / 1000,
                       row.after_ns / 1000,
                       row.ratio(),
                       fmt::format("{}/{}", row.avoidable_before, row.execs),
                       row.saved_us_per_exec(),
                       range(published.before_low, published.before_high, "{:.0f}"),
                       fmt::format("{:.1f}", published.after),
                       range(published.low_ratio(), published.high_ratio(), "{:.2f}"));
}

std::string describe_table(std::vector<Comparison> const& rows)
{
    std::string text = "The six benchmarks that run BusyBox, in the published order, started by "
                       "env(1): us per iteration\n\n";
    text += fmt::format("{:<13}{:<46}{}\n", "", "here (virtual time)", "published");
    text += fmt::format("{:<13}{:>8}{:>8}{:>7}{:>13}{:>8}  {:>11}{:>8}  {:>9}\n",
                        "benchmark",
                        "bug",
                        "fixed",
                        "ratio",
                        "again/execs",
                        "us/exec",
                        "bug",
                        "fixed",
                        "ratio");
    for (Comparison const& row : rows) text += table_line(row);
    return text;
}

std::string describe_outcome(std::vector<Comparison> const& rows)
{
    usize near = 0, slower = 0, inside = 0;
    for (Comparison const& row : rows) {
        near += row.is_near() ? 1 : 0;
        slower += row.before_ns > row.after_ns ? 1 : 0;
        double const saved = row.saved_us_per_exec();
        inside += saved >= kPublishedLowSaving && saved <= kPublishedHighSaving ? 1 : 0;
    }
    return fmt::format(
        "\nagain/execs: avoidable faults of all execs with the bug (0 without); us/exec: time that "
        "the fix\nsaves. Slower with the bug: {} of {}. Ratio within 10 % of the published ones: "
        "{} "
        "of {}. Saves the\npublished 10 to 40 us an exec: {} of {} (true needs few pages that env "
        "did not need). Where a\ncommand of the shell is not executed but run by a forked shell "
        "(sort, uniq, rm, mkdir in this\nBusyBox), there are fewer execs here than published.\n",
        slower,
        rows.size(),
        near,
        rows.size(),
        inside,
        rows.size());
}

Json figures_of(std::vector<Comparison> const& rows)
{
    Json list = Json::array();
    for (Comparison const& row : rows) {
        list.push_back(
            {{"benchmark", row.published.name},
             {"before_ns", row.before_ns},
             {"after_ns", row.after_ns},
             {"ratio", row.ratio()},
             {"published_ratio", {row.published.low_ratio(), row.published.high_ratio()}},
             {"is_within_tolerance", row.is_near()},
             {"execs", row.execs},
             {"avoidable_faults_before", row.avoidable_before},
             {"avoidable_faults_after", row.avoidable_after},
             {"saved_us_per_exec", row.saved_us_per_exec()}});
    }
    return list;
}

}  // namespace

Chapter make_template_chapter(Json const& stale, Json const& sound)
{
    Chapter chapter;
    std::vector<Comparison> rows;
    for (PublishedWorkload const& published : kPublishedWorkloads) {
        Comparison const row = compare(published, stale.at("workloads"), sound.at("workloads"));
        auto const complain = [&](char const* what) {
            chapter.problems.push_back(fmt::format("{}: {}", published.name, what));
        };
        if (row.avoidable_before == 0) complain("no avoidable faults with the bug");
        if (row.avoidable_after != 0) complain("avoidable faults without the bug");
        if (row.before_ns <= row.after_ns) complain("not slower with the bug");
        if (!row.is_near()) complain("the ratio is not within 10 % of the published ones");
        rows.push_back(row);
    }
    Json const& stale_grep = benchmark_of(stale.at("pipe_grep"), "pipe_grep");
    Json const& sound_grep = benchmark_of(sound.at("pipe_grep"), "pipe_grep");
    u64 const pages = count_of(sound, "busybox_pages");
    chapter.text = kIntroduction + describe_execs(stale_grep, sound_grep, pages) +
                   describe_table(rows) + describe_outcome(rows);
    chapter.figures = {{"workloads", figures_of(rows)},
                       {"execs_with_bug", stale_grep.at("first_execs")},
                       {"execs_without", sound_grep.at("first_execs")}};
    return chapter;
}

}  // namespace drydock::sim
