// Same inputs, same run; and runs do not see each other.

#include "tests/sim/run_support.h"

#include <gtest/gtest.h>

namespace drydock::sim {
namespace {

std::vector<std::string> const kPipeline = {
    "sh", "-c", "echo b a c | tr ' ' '\\n' | sort; ls / | wc -l"};
std::vector<std::string> const kLoop = {
    "sh", "-c", "i=0; while [ $i -lt 40 ]; do i=$((i+1)); done; echo $i"};
// Two processes that compute longer than a time slice, so that a scheduler has something to decide.
std::vector<std::string> const kBusyPair = {"sh",
                                            "-c",
                                            "count() { i=0; while [ $i -lt 20000 ]; do i=$((i+1)); "
                                            "done; echo $1; }; count a & count b; wait"};

TEST(determinism, same_run_has_the_same_hash)
{
    test::Finished const first = test::run(kPipeline);
    test::Finished const second = test::run(kPipeline);
    EXPECT_EQ(first.outcome.kind, OutcomeKind::Exited) << first.outcome.summary;
    EXPECT_EQ(first.output, second.output);
    EXPECT_EQ(first.figures.trace_hash, second.figures.trace_hash);
    EXPECT_GT(first.figures.events, 100u);
}

TEST(determinism, slot_and_stack_mode_do_not_show)
{
    test::Finished const first = test::run(kPipeline);
    SimulationOptions options = test::options_for(kPipeline, 3);
    options.machine.stack_mode = StackMode::Unguarded;
    test::Finished const second = test::run(options);
    EXPECT_EQ(first.figures.trace_hash, second.figures.trace_hash);
}

// What is cached is seen by nobody as long as every flush that is due is made: with 1 to 7 tags
// some are given again, with 4095 none.
TEST(determinism, address_space_tags_do_not_show)
{
    test::Finished const without = test::run(kPipeline);
    for (unsigned const bits : {1u, 2u, 3u, 12u}) {
        SimulationOptions options = test::options_for(kPipeline);
        options.machine.tag_bits = bits;
        options.machine.check_tlb = true;
        test::Finished const with = test::run(options);
        EXPECT_EQ(with.outcome.kind, OutcomeKind::Exited) << bits << ": " << with.outcome.summary;
        EXPECT_EQ(with.output, without.output) << bits;
    }
}

TEST(determinism, a_late_timer_is_a_decision_like_others)
{
    SimulationOptions options = test::options_for({"sleep", "0.01"});
    test::Finished const plain = test::run(options);
    options.machine.seed = 3;
    options.machine.faults.late_timers = true;
    options.machine.faults.rate = 1;
    test::Finished const late = test::run(options);
    EXPECT_EQ(late.outcome.exit_status, 0) << late.outcome.summary;
    EXPECT_EQ(late.figures.trace_hash, test::run(options).figures.trace_hash);
    EXPECT_GT(late.figures.virtual_ns, plain.figures.virtual_ns);
    // One by one.
    options.machine.faults = {};
    options.machine.recorded_choices = {{Choice::LateTimer, 0, 15}};
    EXPECT_GT(test::run(options).figures.virtual_ns, plain.figures.virtual_ns);
}

TEST(determinism, steps_do_not_show)
{
    test::Finished const whole = test::run(kLoop);
    MemoryConsole console;
    Simulation simulation(test::options_for(kLoop), console, test::root_bytes());
    u64 size = 1;
    while (!simulation.step({size, ~u64{0}})) size = size % 5000 + 7;
    simulation.conclude();
    EXPECT_EQ(simulation.figures().trace_hash, whole.figures.trace_hash);
    EXPECT_EQ(console.output(), whole.output);
}

TEST(determinism, interleaved_simulations_are_as_alone)
{
    test::Finished const alone_first = test::run(kPipeline);
    test::Finished const alone_second = test::run(kLoop);
    MemoryConsole first_console;
    MemoryConsole second_console;
    Simulation first(test::options_for(kPipeline, 0), first_console, test::root_bytes());
    Simulation second(test::options_for(kLoop, 1), second_console, test::root_bytes());
    for (bool is_over = false; !is_over;) {
        bool const is_first_over = first.step({10'000, 50});
        bool const is_second_over = second.step({7'000, 30});
        is_over = is_first_over && is_second_over;
    }
    first.conclude();
    second.conclude();
    EXPECT_EQ(first.figures().trace_hash, alone_first.figures.trace_hash);
    EXPECT_EQ(second.figures().trace_hash, alone_second.figures.trace_hash);
    EXPECT_EQ(first_console.output(), alone_first.output);
    EXPECT_EQ(second_console.output(), alone_second.output);
}

TEST(determinism, seeds_make_different_schedules)
{
    SimulationOptions options = test::options_for(kBusyPair);
    std::vector<std::string> hashes;
    for (u64 const seed : {u64{1}, u64{2}, u64{1}}) {
        options.machine.seed = seed;
        test::Finished const finished = test::run(options);
        EXPECT_EQ(finished.outcome.exit_status, 0) << finished.outcome.summary;
        hashes.push_back(finished.figures.trace_hash);
    }
    EXPECT_NE(hashes[0], hashes[1]);
    EXPECT_EQ(hashes[0], hashes[2]);
}

TEST(oracles, nobody_left_to_wake_anybody_is_reported)
{
    test::Finished const finished = test::run({"sh", "-c", "mkfifo /tmp/f; cat /tmp/f"});
    EXPECT_EQ(finished.outcome.kind, OutcomeKind::NoProgress) << finished.outcome.summary;
    EXPECT_EQ(finished.outcome.exit_status, 125);
    EXPECT_FALSE(finished.outcome.report.empty());
}

TEST(oracles, time_limit_ends_the_run)
{
    SimulationOptions options = test::options_for({"sh", "-c", "while true; do true; done"});
    options.machine.time_limit_ns = 20'000'000;
    test::Finished const finished = test::run(options);
    EXPECT_EQ(finished.outcome.kind, OutcomeKind::TimeLimit);
    EXPECT_GE(finished.figures.virtual_ns, 20'000'000u);
    EXPECT_LT(finished.figures.virtual_ns, 40'000'000u);
}

TEST(oracles, sleeping_costs_virtual_time_only)
{
    test::Finished const finished = test::run({"sleep", "1000"});
    EXPECT_EQ(finished.outcome.exit_status, 0) << finished.outcome.summary;
    EXPECT_GE(finished.figures.virtual_ns, 1'000'000'000'000u);
}

TEST(console, input_reaches_the_program)
{
    std::string input;
    for (int i = 0; i < 50'000; ++i) input += "line of input\n";
    test::Finished const finished = test::run(test::options_for({"wc", "-l"}), input);
    EXPECT_EQ(finished.output, "50000\n");
}

}  // namespace
}  // namespace drydock::sim
