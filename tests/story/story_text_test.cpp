// The story is made from what the parts found: what does not show is said.

#include "sim/story/published.h"
#include "sim/story/story_text.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace drydock::sim {
namespace {

using Json = nlohmann::ordered_json;

Json exec_of(unsigned process, char const* decision, unsigned loaded, unsigned avoidable)
{
    return {{"process", process},
            {"template", decision},
            {"pages_loaded", loaded},
            {"avoidable_faults", avoidable}};
}

Json benchmark(std::string_view name, double microseconds, unsigned avoidable)
{
    return {{"name", name},
            {"iterations", 10},
            {"total_ns", microseconds * 10'000},
            {"execs", 10},
            {"avoidable_faults", avoidable},
            {"first_execs", {exec_of(2, "miss", 50, 0), exec_of(2, "hit", 30, avoidable / 10)}}};
}

// A part in which every benchmark takes what was published, times `scale`.
Json benchmarks_part(bool has_bug, double scale = 1)
{
    Json list = Json::array();
    for (PublishedWorkload const& workload : kPublishedWorkloads) {
        double const time = (has_bug ? workload.before_low : workload.after) * scale;
        list.push_back(benchmark(workload.name, time, has_bug ? 300 : 0));
    }
    return {{"busybox_pages", 285},
            {"workloads", {{"benchmarks", list}}},
            {"pipe_grep", {{"benchmarks", {benchmark("pipe_grep", 300, has_bug ? 300 : 0)}}}}};
}

Json pipe_run(char const* stack, char const* order, bool fails, std::string const& summary)
{
    return {{"outcome", fails ? "failed" : "exited"},
            {"failed_in", fails ? Json("pipe") : Json(nullptr)},
            {"is_complete", !fails},
            {"summary", summary},
            {"report", "  call chain:\n    #0    65696 bytes  create_pipe\n  last events:\n"},
            {"stack", stack},
            {"order", order},
            {"pipe_calls", fails ? 1 : 0},
            {"below", fails ? Json::array({"kernel heap", "kernel heap", "free"}) : Json::array()}};
}

Json pipes_part()
{
    return {pipe_run("guarded",
                     "",
                     true,
                     "a frame of 65696 bytes, 5000 bytes below the base of a stack of 16384"),
            pipe_run("unguarded", "", true, "assertion failed"),
            pipe_run("unguarded", "tar_extract", false, "exited with status 0")};
}

Story story_of(Json const& stale, Json const& sound, Json const& pipes)
{
    return make_story({stale.dump(), sound.dump(), pipes.dump()});
}

bool has(Story const& story, char const* text)
{
    return story.text.find(text) != std::string::npos;
}

TEST(story, is_told_in_the_numbers_of_the_runs)
{
    Story const story = story_of(benchmarks_part(true), benchmarks_part(false), pipes_part());
    EXPECT_TRUE(story.is_as_told) << story.text;
    EXPECT_TRUE(
        has(story, "With the bug 300 avoidable faults in 10 iterations: 10 times 30. Without: 0."))
        << story.text;
    EXPECT_TRUE(has(story, "Ratio within 10 % of the published ones: 6 of 6")) << story.text;
    // 5000 bytes reach into two frames.
    EXPECT_TRUE(has(story, "in the 2 frames (5000 bytes)")) << story.text;
    EXPECT_TRUE(has(story, "below: 2 kernel heap\n")) << story.text;
    EXPECT_TRUE(has(story, "#0    65696 bytes  create_pipe\n")) << story.text;
    EXPECT_FALSE(has(story, "last events"));
    EXPECT_EQ(Json::parse(story.report)["problems"], Json::array());
}

TEST(story, says_when_the_sound_kernel_is_not)
{
    Story const story = story_of(benchmarks_part(true), benchmarks_part(true), pipes_part());
    EXPECT_FALSE(story.is_as_told);
    EXPECT_TRUE(has(story, "exec_true: avoidable faults without the bug\n")) << story.text;
    EXPECT_TRUE(has(story, "exec_true: not slower with the bug\n")) << story.text;
}

TEST(story, says_when_the_bug_does_not_show)
{
    Story const story = story_of(benchmarks_part(false), benchmarks_part(false), pipes_part());
    EXPECT_FALSE(story.is_as_told);
    EXPECT_TRUE(has(story, "tar_extract: no avoidable faults with the bug\n")) << story.text;
}

TEST(story, says_when_a_ratio_is_far_from_the_published_ones)
{
    Story const story = story_of(benchmarks_part(true, 1.5), benchmarks_part(false), pipes_part());
    EXPECT_FALSE(story.is_as_told);
    EXPECT_TRUE(has(story, "sed_pipeline: the ratio is not within 10 %")) << story.text;
}

TEST(story, says_when_the_pipe_is_not_found)
{
    Json pipes = pipes_part();
    pipes[0]["summary"] = "exited with status 0";
    pipes[1]["is_complete"] = true;
    Story const story = story_of(benchmarks_part(true), benchmarks_part(false), pipes);
    EXPECT_FALSE(story.is_as_told);
    EXPECT_TRUE(has(story, "guarded stacks: no overflow was found\n")) << story.text;
    EXPECT_TRUE(has(story, "unguarded stacks: the published order passes\n")) << story.text;
}

TEST(story, explains_an_order_that_fails_late_otherwise)
{
    Json pipes = pipes_part();
    EXPECT_TRUE(has(story_of(benchmarks_part(true), benchmarks_part(false), pipes),
                    "if anything in it makes a pipe"));
    pipes[1]["pipe_calls"] = 7;
    EXPECT_TRUE(has(story_of(benchmarks_part(true), benchmarks_part(false), pipes),
                    "depends on what lies below the stack"));
}

TEST(story, damaged_parts_are_refused)
{
    std::string const good = benchmarks_part(true).dump();
    std::string const pipes = pipes_part().dump();
    EXPECT_THROW(make_story({"", good, pipes}), std::runtime_error);
    EXPECT_THROW(make_story({good, good.substr(0, 100), pipes}), std::runtime_error);
    EXPECT_THROW(make_story({good, good, "[]"}), std::runtime_error);
    EXPECT_THROW(make_story({"{}", good, pipes}), std::runtime_error);
    Json without = benchmarks_part(false);
    without["workloads"]["benchmarks"].erase(3);
    EXPECT_THROW(make_story({good, without.dump(), pipes}), std::runtime_error);
}

}  // namespace
}  // namespace drydock::sim
