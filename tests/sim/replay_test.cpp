// A recorded run comes again, and whatever is not the same is seen.

#include "sim/file_bytes.h"
#include "sim/recording_console.h"
#include "sim/replay_verdict.h"
#include "tests/sim/program_support.h"
#include "tests/sim/run_support.h"

#include <gtest/gtest.h>

namespace drydock::sim {
namespace {

test::Result shell(std::string const& arguments)
{
    return test::run_program(DRYDOCK_PROGRAM, arguments);
}

std::vector<std::string> const kBusyPair = {"sh",
                                            "-c",
                                            "count() { i=0; while [ $i -lt 6000 ]; do i=$((i+1)); "
                                            "done; echo $1; }; count a & count b; wait"};

// The recipe of a run with its expectation, and its events.
Trace record(SimulationOptions options, std::string const& path)
{
    options.trace_path = path;
    test::run(options);
    return read_trace(path);
}

struct Replay {
    RunResult result{};
    std::optional<u64> difference{};
};

Replay replay(Trace const& trace)
{
    RecipeRun run(trace.recipe, root_of(trace.recipe), {});
    ReplayWatch watch(&trace.records, {}, {});
    run.simulation().machine().set_watch(&watch);
    run.simulation().step({});
    run.simulation().machine().set_watch(nullptr);
    if (watch.difference()) return {{}, watch.difference()};
    return {run.finish(), {}};
}

TEST(replay, a_run_comes_again)
{
    test::Folder const folder;
    Trace const trace =
        record(test::options_for({"sh", "-c", "seq 30 | sort -rn | head -n 2"}), folder / "t");
    Replay const again = replay(trace);
    EXPECT_FALSE(again.difference);
    EXPECT_EQ(again.result.figures.trace_hash, trace.recipe.expected->hash);
    EXPECT_EQ(again.result.figures.events, trace.records.size());
    EXPECT_EQ(again.result.marks, trace.recipe.expected->marks);
    ReplayVerdict const verdict = judge_end(trace, again.result, trace.recipe.tree_hash);
    EXPECT_TRUE(verdict.is_same) << verdict.text;
}

TEST(replay, choices_alone_make_a_seeded_schedule_again)
{
    test::Folder const folder;
    SimulationOptions options = test::options_for(kBusyPair);
    options.machine.seed = 7;
    options.machine.faults = {false, true, false, 50};
    Trace trace = record(options, folder / "t");
    RecordedChoices const choices = choices_of(trace.records);
    ASSERT_GT(choices.size(), 0u);
    trace.recipe.choices = choices;
    trace.recipe.faults = {};
    Replay const again = replay(trace);
    EXPECT_FALSE(again.difference) << *again.difference;
    EXPECT_EQ(again.result.figures.trace_hash, trace.recipe.expected->hash);
}

TEST(replay, stops_at_the_first_event_that_differs)
{
    test::Folder const folder;
    Trace const trace = record(test::options_for({"sh", "-c", "echo a | cat"}), folder / "t");
    for (u64 const at : {u64{0}, u64{1}, trace.records.size() / 2, trace.records.size() - 1}) {
        Trace altered = trace;
        altered.records[at].b += 1;
        EXPECT_EQ(replay(altered).difference, at);
    }
    Trace shorter = trace;
    shorter.records.pop_back();
    EXPECT_EQ(replay(shorter).difference, trace.records.size() - 1);
}

TEST(replay, what_was_typed_comes_at_the_same_time)
{
    Recipe recipe = recipe_of(test::options_for({"sh"}));
    for (bool& is_terminal : recipe.console.mode.is_terminal) is_terminal = true;
    recipe.console.typed = {{50'000'000'000, "echo $((6 * 7))\r"},
                            {90'000'000'000, "sleep 1; exi"},
                            {90'000'500'000, "t 3\r"}};
    std::string output;
    RunHooks hooks;
    hooks.output = [&output](ConsoleStream, std::string_view text) { output += text; };
    RunResult const first = run_recipe(recipe, hooks);
    EXPECT_EQ(first.outcome.exit_status, 3) << first.outcome.summary;
    EXPECT_NE(output.find("42\r\n"), std::string::npos) << output;
    RunResult const second = run_recipe(recipe, {});
    EXPECT_EQ(first.figures.trace_hash, second.figures.trace_hash);
    recipe.console.typed[0].time_ps += 1'000'000'000;
    EXPECT_NE(run_recipe(recipe, {}).figures.trace_hash, first.figures.trace_hash);
}

TEST(replay, input_of_a_pipe_is_in_the_header)
{
    MemoryConsole memory("one\ntwo\n");
    RecordingConsole console(memory);
    Simulation simulation(test::options_for({"cat"}), console, test::root_bytes());
    simulation.run();
    Recipe recipe = recipe_of(test::options_for({"cat"}));
    recipe.console = console.record();
    EXPECT_EQ(recipe.console.input, "one\ntwo\n");
    std::string output;
    RunHooks hooks;
    hooks.output = [&output](ConsoleStream, std::string_view text) { output += text; };
    hooks.slot = 1;
    EXPECT_EQ(run_recipe(recipe, hooks).figures.trace_hash, simulation.figures().trace_hash);
    EXPECT_EQ(output, "one\ntwo\n");
}

TEST(replay, another_end_is_no_success)
{
    test::Folder const folder;
    Trace trace = record(test::options_for({"false"}), folder / "t");
    trace.recipe.expected->status = 0;
    Replay const again = replay(trace);
    ReplayVerdict const verdict = judge_end(trace, again.result, trace.recipe.tree_hash);
    EXPECT_FALSE(verdict.is_same);
    EXPECT_NE(verdict.text.find("the recorded run ended: exited (status 0)"), std::string::npos);
    EXPECT_NE(verdict.text.find("this one ended:         exited (status 1)"), std::string::npos);
}

// Of a header, hashes count only where everything is as it was.
TEST(replay, a_header_of_another_kernel_is_compared_by_its_end)
{
    test::Folder const folder;
    Trace trace = record(test::options_for({"true"}), folder / "t");
    RunResult const result = replay(trace).result;
    trace.records.clear();
    trace.kind = TraceKind::HeaderOnly;
    trace.recipe.expected->hash = std::string(32, '0');
    EXPECT_FALSE(judge_end(trace, result, trace.recipe.tree_hash).is_same);
    trace.recipe.build.kernel = std::string(16, '0');
    EXPECT_TRUE(judge_end(trace, result, trace.recipe.tree_hash).is_same);
}

TEST(replay, other_versions_and_kernels_are_refused)
{
    test::Folder const folder;
    Trace const trace = record(test::options_for({"true"}), folder / "t");
    EXPECT_EQ(refusal_of(trace), "");
    EXPECT_EQ(kernel_change(trace), "");
    Trace other = trace;
    other.recipe.build.version = "9.9.9";
    EXPECT_NE(refusal_of(other), "");
    other = trace;
    other.recipe.costs = "guessed";
    EXPECT_NE(refusal_of(other), "");
    other = trace;
    other.recipe.build.kernel = std::string(16, '0');
    EXPECT_EQ(refusal_of(other), "");
    EXPECT_NE(kernel_change(other), "");
    other.kind = TraceKind::HeaderOnly;
    EXPECT_EQ(kernel_change(other), "");
}

TEST(replay, stop_points)
{
    EXPECT_EQ(parse_stop_point("17")->event, 17u);
    EXPECT_EQ(parse_stop_point("1.5s")->time_ns, 1'500'000'000u);
    EXPECT_EQ(parse_stop_point("20ms")->time_ns, 20'000'000u);
    EXPECT_EQ(parse_stop_point("300us")->time_ns, 300'000u);
    EXPECT_EQ(parse_stop_point("7ns")->time_ns, 7u);
    for (char const* const wrong : {"", "x", "-1", "1.5", "1h", "nan", "1e30s", "5 s", "0x10"}) {
        EXPECT_FALSE(parse_stop_point(wrong)) << wrong;
    }
}

// The same file with another header, sealed as drydock would.
void write_changed(Trace const& trace, std::string const& from, std::string const& to)
{
    MappedFile const file(from);
    std::string_view const rest = parse_recipe(file.text()).rest;
    write_file(to, print_recipe(trace.recipe, TraceKind::WithEvents) + std::string(rest));
}

TEST(replay_command, a_file_comes_again_and_says_so)
{
    test::Folder const folder;
    std::string const file = folder / "t";
    shell("run --trace " + file + " --seed 5 -- sh -c 'seq 9 | tail -n 1; exit 4'");
    test::Result const result = shell("replay " + file);
    EXPECT_EQ(result.status, 0);
    EXPECT_NE(result.output.find("the outcome came again: exited (status 4)"), std::string::npos)
        << result.output;
    EXPECT_EQ(shell("replay --show --quiet " + file).output, "9\n");
    shell("trace --header " + file + " > " + file + ".header");
    EXPECT_EQ(shell("replay " + file + ".header").status, 0);
    // The header's replay has the events of the run.
    EXPECT_EQ(shell("replay --quiet --trace " + file + ".2 " + file + ".header").status, 0);
    EXPECT_EQ(shell("trace --diff " + file + " " + file + ".2").status, 0);
}

TEST(replay_command, stops_where_it_is_told)
{
    test::Folder const folder;
    std::string const file = folder / "t";
    shell("run --trace " + file + " -- sh -c 'echo a | cat'");
    test::Result const event = shell("replay --until 40 " + file);
    EXPECT_EQ(event.status, 0);
    EXPECT_NE(event.output.find(" ns, 41 events\n"), std::string::npos) << event.output;
    test::Result const time = shell("replay --until 50us " + file);
    EXPECT_EQ(time.status, 0);
    EXPECT_NE(time.output.find("stopped\n  50"), std::string::npos) << time.output;
    EXPECT_EQ(shell("replay --until never " + file).status, 125);
    // A run that ends before tells how.
    EXPECT_NE(shell("replay --until 100s " + file).output.find("came again"), std::string::npos);
}

TEST(replay_command, refuses_in_one_line)
{
    test::Folder const folder;
    std::string const file = folder / "t";
    shell("run --trace " + file + " -- true");
    Trace const trace = read_trace(file);
    std::vector<std::string> files = {folder / "none", "/bin/true", "/etc"};
    auto const add = [&](std::string const& name, auto const& change) {
        Trace changed = trace;
        change(changed.recipe);
        write_changed(changed, file, folder / name);
        files.push_back(folder / name);
    };
    add("version", [](Recipe& recipe) { recipe.build.version = "0.0.9"; });
    add("kernel", [](Recipe& recipe) { recipe.build.kernel = std::string(16, '1'); });
    add("variant", [](Recipe& recipe) { recipe.build.kernel_variant = "no-such-kernel"; });
    add("costs", [](Recipe& recipe) { recipe.costs = "other"; });
    add("tree", [](Recipe& recipe) { recipe.tree_hash = std::string(16, '1'); });
    add("root", [](Recipe& recipe) { recipe.root = "/no/such/folder"; });
    write_file(folder / "cut", MappedFile(file).text().substr(0, 700));
    files.push_back(folder / "cut");
    for (std::string const& name : files) {
        test::Result const result = shell("replay " + name);
        EXPECT_EQ(result.status, 125) << name;
        EXPECT_EQ(result.output.find("drydock: " + name), 0u) << name << ": " << result.output;
        EXPECT_EQ(std::count(result.output.begin(), result.output.end(), '\n'), 1)
            << name << ": " << result.output;
    }
    EXPECT_EQ(shell("replay --any-kernel " + (folder / "kernel")).status, 0);
    EXPECT_EQ(shell("replay " + file).status, 0);
}

TEST(replay_command, shows_both_events_where_they_differ)
{
    test::Folder const folder;
    std::string const file = folder / "t";
    shell("run --trace " + file + " -- sh -c 'date +%s > /dev/null'");
    Trace changed = read_trace(file);
    changed.recipe.program.arguments[2] = "date +%S > /dev/null";
    write_changed(changed, file, folder / "changed");
    test::Result const result = shell("replay " + (folder / "changed"));
    EXPECT_EQ(result.status, 1);
    EXPECT_EQ(result.output.find("event "), 0u) << result.output;
    for (char const* const part : {" differs\nrecorded:\n", "\nnow:\n  > ", "  threads:\n"}) {
        EXPECT_NE(result.output.find(part), std::string::npos) << part << result.output;
    }
}

}  // namespace
}  // namespace drydock::sim
