#include "sim/compare/compare_session.h"
#include "sim/compare/linux_counts.h"

#include <functional>
#include <gtest/gtest.h>

namespace drydock::sim {
namespace {

usize place(std::string_view name) { return find_benchmark(name).value(); }

LinuxCounts some()
{
    LinuxCounts counts;
    counts.package = "linux-image-test";
    counts.version = "1.2-3";
    counts.qemu = "QEMU 7";
    counts.cpu = "some";
    counts.memory_bytes = 512 * kMiB;
    counts.suite = "gcc";
    counts.suite_hash = "s";
    counts.busybox_hash = "b";
    counts.by_mitigations["off"]["getpid"] = {10, 3'400};
    counts.by_mitigations["off"]["pipe"] = {2, 700};
    return counts;
}

Conditions same_conditions()
{
    Conditions conditions;
    conditions.qemu = "QEMU 7";
    conditions.cpu = "some";
    conditions.memory_bytes = 512 * kMiB;
    conditions.suite_hash = "s";
    conditions.busybox_hash = "b";
    return conditions;
}

std::string error_of(std::function<void()> const& action)
{
    try {
        action();
    } catch (std::runtime_error const& error) {
        return error.what();
    }
    return {};
}

TEST(linux_counts, what_is_written_is_read)
{
    LinuxCounts const read = parse_linux_counts(print_linux_counts(some()), "file");
    EXPECT_EQ(print_linux_counts(read), print_linux_counts(some()));
    Measurements const figures = stored_measurements(read, "off", {place("pipe"), place("getpid")});
    ASSERT_EQ(figures.size(), 2u);
    EXPECT_EQ(figures[0].per_iteration(), 350);
    EXPECT_EQ(figures[1].per_iteration(), 340);
}

TEST(linux_counts, what_is_missing_is_named)
{
    EXPECT_NE(error_of([] { stored_measurements(some(), "off", {place("stat")}); }).find("stat"),
              std::string::npos);
    std::string const error =
        error_of([] { stored_measurements(some(), "default", {place("pipe")}); });
    EXPECT_NE(error.find("--mitigations default"), std::string::npos) << error;
}

TEST(linux_counts, damaged_files_are_refused_by_name)
{
    for (char const* const text : {"",
                                   "{}",
                                   "[1]",
                                   "{\"format\": \"drydock compare 1\"}",
                                   "{\"format\": \"drydock linux counts 1\"}"}) {
        std::string const error = error_of([&] { parse_linux_counts(text, "some/file"); });
        EXPECT_TRUE(error.starts_with("some/file: ")) << text << error;
    }
    std::string text = print_linux_counts(some());
    usize const at = text.find("\"iterations\": 10");
    text.replace(at, 16, "\"iterations\": 0");
    EXPECT_NE(error_of([&] { parse_linux_counts(text, "f"); }), "");
}

TEST(linux_counts, other_conditions_are_noted)
{
    EXPECT_TRUE(notes_on(some(), same_conditions()).empty());
    Conditions other = same_conditions();
    other.suite_hash = "t";
    other.memory_bytes = 256 * kMiB;
    std::vector<std::string> const notes = notes_on(some(), other);
    ASSERT_EQ(notes.size(), 2u);
    EXPECT_NE(notes[0].find("memory"), std::string::npos);
    EXPECT_NE(notes[1].find("suite"), std::string::npos);
}

TEST(compare, boots_that_count_differently_are_told)
{
    Measurements const first = {{place("getpid"), {}, 1, {100}}, {place("pipe"), {}, 1, {70}}};
    Measurements second = first;
    EXPECT_EQ(describe_unequal_counts("Linux", first, second), "");
    second[1].totals = {71};
    std::string const problem = describe_unequal_counts("Linux", first, second);
    EXPECT_NE(problem.find("Linux"), std::string::npos);
    EXPECT_NE(problem.find("pipe took 70 instructions and then 71"), std::string::npos) << problem;
}

}  // namespace
}  // namespace drydock::sim
