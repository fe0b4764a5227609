// Lists of system calls as text and back; what is made at random can be read, and is the same each
// time.

#include "sim/fuzz/call_list.h"
#include "sim/fuzz/call_maker.h"
#include "sim/fuzz/call_table.h"
#include "sim/fuzz/calls_run.h"
#include "sim/random.h"
#include "sim/search/steps.h"

#include <gtest/gtest.h>
#include <set>

namespace drydock::sim {
namespace {

constexpr char const* kText = "# seed 7 faults alloc,eintr,rate=32 tags 3\n"
                              "0: v1 = openat -100 \"a b#\" 0x42 0644\n"
                              "1: writev v1 {q{s\"x y\"}q3q\"z\"q1} 2\n"
                              "0: sched_yield\n";

TEST(calls, text_is_read_and_printed_again)
{
    CallList const list = parse_calls(kText);
    ASSERT_EQ(list.lines.size(), 3u);
    EXPECT_EQ(list.setting.seed, 7u);
    EXPECT_EQ(list.setting.tag_bits, 3u);
    EXPECT_TRUE(list.setting.faults.allocations && list.setting.faults.interrupted_waits);
    EXPECT_FALSE(list.setting.faults.short_transfers);
    EXPECT_EQ(list.lines[0].variable, 1u);
    EXPECT_EQ(list.lines[0].arguments[1], "\"a b#\"");
    EXPECT_EQ(list.lines[1].actor, 1u);
    EXPECT_EQ(list.lines[1].arguments[1], "{q{s\"x y\"}q3q\"z\"q1}");
    EXPECT_EQ(print_calls(list), kText);
}

TEST(calls, what_is_no_line_is_left_out)
{
    for (char const* const text : {"",
                                   "\n\n",
                                   "0:",
                                   "9: read 0 0 0",
                                   "x: read",
                                   "0: v32 = read 1",
                                   "0: v1 read 1",
                                   "# seed",
                                   "# seed x tags 13",
                                   "\xff\x00\x80"}) {
        CallList const list = parse_calls(text);
        EXPECT_TRUE(list.lines.empty()) << text;
        EXPECT_EQ(list.setting, CallSetting{}) << text;
    }
    EXPECT_EQ(parse_calls("0: read 0 # 1 2").lines.at(0).arguments.size(), 1u);
}

TEST(calls, each_of_the_table_can_be_drawn)
{
    Random random(1, 2);
    KnownValues const known;
    for (CallEntry const& entry : call_table()) {
        std::string_view rest = entry.arguments;
        while (!rest.empty()) {
            usize const end = std::min(rest.find(' '), rest.size());
            std::string_view const description = rest.substr(0, end);
            rest.remove_prefix(std::min(end + 1, rest.size()));
            for (int i = 0; i < 50; ++i) {
                std::string const argument = draw_argument(description, random, known);
                EXPECT_FALSE(argument.empty()) << entry.name;
                CallList const list = parse_calls("0: read " + argument);
                ASSERT_EQ(list.lines.size(), 1u) << argument;
                EXPECT_EQ(list.lines[0].arguments, std::vector<std::string>{argument});
            }
        }
    }
}

TEST(calls, random_lists_are_what_is_read_of_them_and_the_same_each_time)
{
    std::set<std::string> names;
    for (u64 seed = 0; seed < 300; ++seed) {
        Random random(seed, 1);
        CallList list = make_calls(random, seed % 2 == 0 ? CallUse::Simulated : CallUse::Compared);
        EXPECT_EQ(parse_calls(print_calls(list)), list);
        Random again(seed, 1);
        EXPECT_EQ(make_calls(again, seed % 2 == 0 ? CallUse::Simulated : CallUse::Compared), list);
        CallList const before = list;
        for (int i = 0; i < 20; ++i) {
            mutate_calls(list, random);
            ASSERT_FALSE(list.lines.empty());
            ASSERT_LE(list.lines.size(), kMostFuzzedLines);
        }
        EXPECT_EQ(parse_calls(print_calls(list)), list);
        EXPECT_EQ(parse_calls(print_calls(cross_calls(before, list, random))).lines.size() > 0,
                  true);
        for (CallLine const& line : list.lines) names.insert(line.name);
    }
    EXPECT_GT(names.size(), call_table().size() * 9 / 10);
}

TEST(calls, a_list_does_on_the_simulated_kernel_what_it_says)
{
    RootArchive const root = root_of_calls();
    CallList const list = parse_calls("0: v1 = openat -100 \"a\" 0x42 0644\n"
                                      "0: write v1 {s\"hello\"} 5\n"
                                      "0: fork 1 17 0 0\n"
                                      "1: exit_group 3\n"
                                      "0: join 1\n"
                                      "0: fork 2 0x50f00 0 0\n"
                                      "2: pwrite64 v1 \"J\" 1 0\n"
                                      "0: join 2\n"
                                      "0: v2 = getpid\n"
                                      "0: rt_sigaction 10 {qh1q0x04000000qhrq0} 0 8\n"
                                      "0: kill v2 10\n"
                                      "0: kill 1 9\n"
                                      "0: no_such_call\n"
                                      "0: read 0 {b} 1\n");
    CallsEnd const end = simulate_calls(recipe_of_calls(list, CallReport::Printed, root), root);
    EXPECT_EQ(end.problem, "");
    EXPECT_EQ(end.output,
              "0: 3\n1: 5\n2: a process\n3: did not return\n4: 768\n5: a process\n6: 1\n7: 0\n"
              "8: a process\n9: 0\n10: 0\n11: skipped\n12: skipped\n13: skipped\n"
              "signal 10: 1 times\n/w/a 100644 0 0 links 1 size 5 0a9b3c16181ba1fd\n");
}

TEST(calls, shrinking_can_leave_out_lines)
{
    RootArchive const root = root_of_calls();
    Recipe const recipe = recipe_of_calls(parse_calls(kText), CallReport::None, root);
    std::optional<Steps> const steps = steps_of(recipe);
    ASSERT_TRUE(steps);
    EXPECT_EQ(steps->size(), 4u);
    EXPECT_EQ(with_steps(recipe, {"0: getpid"}).program.arguments[2], "0: getpid\n");
}

}  // namespace
}  // namespace drydock::sim
