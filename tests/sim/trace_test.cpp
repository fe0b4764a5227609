// Trace files: what is written is read back, and what was damaged is refused.

#include "sim/cost_table.h"
#include "sim/file_bytes.h"
#include "sim/quoted_text.h"
#include "sim/recipe_text.h"
#include "sim/trace_reader.h"
#include "sim/trace_text.h"
#include "tests/sim/run_support.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <unistd.h>

namespace drydock::sim {
namespace {

class TraceTest : public testing::Test {
protected:
    TraceTest()
    {
        char name[] = "/tmp/drydock-trace-XXXXXX";
        int const file = mkstemp(name);
        if (file >= 0) close(file);
        path_ = name;
    }
    ~TraceTest() override { unlink(path_.c_str()); }

    std::string write_run(std::vector<std::string> command = {"sh", "-c", "echo one | cat"}) const
    {
        SimulationOptions options = test::options_for(std::move(command));
        options.trace_path = path_;
        return test::run(options).figures.trace_hash;
    }
    std::string content() const { return std::string(MappedFile(path_).text()); }
    // What is said of a file with this content.
    static std::string refusal(std::string const& text)
    {
        try {
            parse_trace(text);
        } catch (std::runtime_error const& error) {
            return printable(error.what());
        }
        return {};
    }

    std::string path_;
};

TEST_F(TraceTest, is_read_back)
{
    std::string const hash = write_run();
    Trace const trace = read_trace(path_);
    ASSERT_TRUE(trace.recipe.expected);
    EXPECT_EQ(trace.recipe.expected->hash, hash);
    EXPECT_EQ(trace.recipe.expected->kind, OutcomeKind::Exited);
    EXPECT_EQ(trace.recipe.expected->events, trace.records.size());
    EXPECT_EQ(trace.recipe.program.arguments[2], "echo one | cat");
    EXPECT_EQ(trace.recipe.memory_bytes, 128 * kMiB);
    EXPECT_EQ(trace.recipe.build, this_build());
    EXPECT_GT(trace.records.size(), 50u);
    EXPECT_EQ(trace.records.back().kind, kRecordHalt);
    bool has_write = false;
    for (TraceRecord const& record : trace.records) {
        has_write = has_write || describe_record(record).find("write(0x1") != std::string::npos;
    }
    EXPECT_TRUE(has_write);
}

TEST_F(TraceTest, has_each_flush_of_the_tlb)
{
    SimulationOptions options = test::options_for({"sh", "-c", "echo one | cat"});
    options.trace_path = path_;
    RunFigures const figures = test::run(options).figures;
    u64 pages = 0;
    u64 whole = 0;
    for (TraceRecord const& record : read_trace(path_).records) {
        if (record.kind != static_cast<u32>(EventKind::TlbFlush)) continue;
        ++(record.a == kFlushOfEverything ? whole : pages);
    }
    EXPECT_GT(pages, 0u);
    EXPECT_EQ(pages, figures.page_flushes);
    EXPECT_EQ(whole, figures.full_flushes);
}

// A collection takes the list of exited processes once, and all that is in it.
TEST_F(TraceTest, each_collection_takes_all_that_was_reaped_since_the_last)
{
    SimulationOptions options = test::options_for(
        {"sh",
         "-c",
         "i=0; while [ $i -lt 40 ]; do (exit 3) | (exit 4) | true; i=$((i + 1)); done"});
    options.trace_path = path_;
    EXPECT_EQ(test::run(options).outcome.exit_status, 0);
    u64 reaped = 0;
    u64 collections = 0;
    for (TraceRecord const& record : read_trace(path_).records) {
        if (record.kind == static_cast<u32>(EventKind::Reap)) ++reaped;
        if (record.kind != static_cast<u32>(EventKind::Collect)) continue;
        EXPECT_EQ(record.a, reaped);
        reaped = 0;
        ++collections;
    }
    EXPECT_EQ(reaped, 0u);
    EXPECT_GE(collections, 10u);
}

// One printable line: what the message has to be for a person at a terminal.
bool is_a_line(std::string const& message)
{
    bool const is_printable = std::all_of(
        message.begin(), message.end(), [](char byte) { return byte >= 0x20 && byte < 0x7f; });
    return is_printable && !message.empty() && message.size() < 300;
}

TEST_F(TraceTest, cut_file_is_refused_at_every_length)
{
    write_run({"true"});
    std::string const whole = content();
    for (usize size = 0; size < whole.size(); ++size) {
        std::string const message = refusal(whole.substr(0, size));
        EXPECT_TRUE(is_a_line(message)) << size << ": " << message;
    }
}

TEST_F(TraceTest, cut_header_is_refused_at_every_length)
{
    write_run({"true"});
    std::string const whole = print_recipe(read_trace(path_).recipe);
    for (usize size = 0; size < whole.size(); ++size) {
        std::string const message = refusal(whole.substr(0, size));
        EXPECT_TRUE(is_a_line(message)) << size << ": " << message;
    }
    EXPECT_EQ(refusal(whole), "");
    EXPECT_TRUE(is_a_line(refusal(whole + "x")));
}

TEST_F(TraceTest, a_changed_byte_is_refused_wherever_it_is)
{
    write_run({"true"});
    std::string const whole = content();
    for (usize at = 0; at < whole.size(); ++at) {
        for (int const change : {0x01, 0x80, 0xff}) {
            std::string altered = whole;
            altered[at] = static_cast<char>(altered[at] ^ change);
            EXPECT_TRUE(is_a_line(refusal(altered))) << at << ": " << refusal(altered);
        }
    }
}

TEST_F(TraceTest, an_added_or_a_lost_byte_is_refused)
{
    write_run({"true"});
    std::string const whole = content();
    for (usize at = 0; at <= whole.size(); ++at) {
        EXPECT_TRUE(is_a_line(refusal(whole.substr(0, at) + "0" + whole.substr(at)))) << at;
        if (at == whole.size()) continue;
        EXPECT_TRUE(is_a_line(refusal(whole.substr(0, at) + whole.substr(at + 1)))) << at;
    }
}

// What a header may say, there and back.
TEST(recipe_text, is_read_as_it_was_written)
{
    Recipe recipe;
    recipe.build = this_build();
    recipe.program = {"/a b", true, {"x\"y\\", "", "\n\xff"}, {"A=1"}, "/tmp"};
    recipe.root = "/some where";
    recipe.tree_hash = content_hash("tree");
    recipe.imports = {{"kept", 0100644, 3, 2, "bytes\n", 6, {}, {}},
                      {"long", 0100755, 0, 1, {}, 99'999, content_hash("x"), "/host/file"}};
    recipe.memory_bytes = 64 * kMiB;
    recipe.stack_mode = StackMode::Unguarded;
    recipe.costs = reference_kvm_costs().name;
    recipe.check_tables = true;
    recipe.tag_bits = 3;
    recipe.time_limit_ns = 5;
    recipe.console.mode.is_terminal[0] = true;
    recipe.console.typed = {{10, "ls\r"}, {20, ""}};
    recipe.console.closed_at[1] = 7;
    recipe.seed = ~u64{0};
    recipe.faults = {true, false, true, 9};
    recipe.choices = {{Choice::NextThread, 3, 1}, {Choice::FailAllocation, 9, 1}};
    recipe.expected = Expectation{
        OutcomeKind::KernelCrash,
        125,
        "a \"summary\"",
        4096,
        std::string(32, 'a'),
        PrintedTexts{PrintedText{5, std::string(16, 'b')}, PrintedText{0, std::string(16, 'c')}},
        {1024, {1, 2, 3, 4}}};
    std::string const text = print_recipe(recipe);
    ParsedRecipe const parsed = parse_recipe(text);
    EXPECT_EQ(print_recipe(parsed.recipe), text);
    EXPECT_EQ(parsed.recipe.program, recipe.program);
    EXPECT_EQ(parsed.recipe.imports, recipe.imports);
    EXPECT_EQ(parsed.recipe.console.typed, recipe.console.typed);
    EXPECT_EQ(*parsed.recipe.choices, *recipe.choices);
    EXPECT_EQ(parsed.recipe.expected->marks, recipe.expected->marks);
    EXPECT_EQ(parsed.recipe.expected->printed, recipe.expected->printed);
    EXPECT_TRUE(parsed.recipe.check_tables);
    EXPECT_EQ(parsed.recipe.tag_bits, 3u);
    EXPECT_FALSE(parsed.recipe.check_tlb);
}

TEST(recipe_text, lines_that_are_missing_doubled_or_unknown_are_refused)
{
    Recipe recipe;
    recipe.build = this_build();
    recipe.tree_hash = content_hash("tree");
    recipe.memory_bytes = 64 * kMiB;
    recipe.costs = reference_kvm_costs().name;
    std::string const text = print_recipe(recipe);
    auto const is_refused = [](std::string const& changed) {
        try {
            parse_recipe(changed, Checksum::Ignored);
        } catch (std::runtime_error const& error) {
            return is_a_line(error.what());
        }
        return false;
    };
    EXPECT_FALSE(is_refused(text));
    usize lines = 0;
    for (usize at = text.find('\n') + 1; !text.substr(at).starts_with("checksum"); ++lines) {
        usize const end = text.find('\n', at) + 1;
        std::string const line = text.substr(at, end - at);
        EXPECT_TRUE(is_refused(text.substr(0, at) + text.substr(end))) << line;
        EXPECT_TRUE(is_refused(text.substr(0, end) + line + text.substr(end))) << line;
        EXPECT_TRUE(is_refused(text.substr(0, end - 1) + " x\n" + text.substr(end))) << line;
        EXPECT_TRUE(is_refused(text.substr(0, at) + "un" + text.substr(at))) << line;
        at = end;
    }
    EXPECT_GE(lines, 10u);
}

TEST(trace_file, is_not_made_where_it_cannot_be)
{
    SimulationOptions options = test::options_for({"true"});
    options.trace_path = "/nonexistent/folder/trace";
    MemoryConsole console;
    EXPECT_THROW(Simulation(options, console, test::root_bytes()), std::runtime_error);
}

}  // namespace
}  // namespace drydock::sim
