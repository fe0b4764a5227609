// The suite as a whole, in the simulator.

#include "sim/machine_layout.h"
#include "sim/stack_notice.h"
#include "sim/suite/suite_run.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <gtest/gtest.h>
#include <map>
#include <string>
#include <sys/wait.h>

namespace drydock::sim {
namespace {

RootArchive const& suite_root()
{
    static RootArchive const root = build_root_archive({}, {{SUITE_PROGRAM, kSuitePath}});
    return root;
}

SuiteResult run_order(Order const& order, Program program, RootArchive const& root = suite_root())
{
    SuiteRecorder recorder(order);
    SimulationOptions options;
    options.machine.memory_bytes = kDefaultMemory;
    options.program = std::move(program);
    Simulation simulation(std::move(options), recorder, {root.bytes.data(), root.bytes.size()});
    return run_suite(simulation, recorder);
}

SuiteResult run_order(Order const& order) { return run_order(order, suite_program(order, false)); }

// What a benchmark gives apart from times: iterations, or why not, and output.
std::map<std::string, std::string> without_times(SuiteResult const& result)
{
    std::map<std::string, std::string> texts;
    for (BenchmarkRun const& run : result.runs) {
        texts[std::string(benchmarks()[run.result.benchmark].name)] =
            std::to_string(run.result.iterations) + run.result.reason + "|" + run.result.output;
    }
    return texts;
}

BenchmarkRun const& run_of(SuiteResult const& result, std::string_view name)
{
    for (BenchmarkRun const& run : result.runs) {
        if (benchmarks()[run.result.benchmark].name == name) return run;
    }
    throw std::runtime_error("no such benchmark");
}

SuiteResult const& whole_suite()
{
    static SuiteResult const result = run_order(suite_order());
    return result;
}

TEST(suite, all_44_run)
{
    SuiteResult const& result = whole_suite();
    EXPECT_TRUE(result.is_complete) << result.problem << "\n" << result.errors;
    EXPECT_EQ(result.errors, "");
    ASSERT_EQ(result.runs.size(), kBenchmarkCount);
    for (BenchmarkRun const& run : result.runs) {
        Benchmark const& benchmark = benchmarks()[run.result.benchmark];
        EXPECT_FALSE(run.result.is_skipped) << benchmark.name << run.result.reason;
        EXPECT_EQ(run.result.iterations, benchmark.quick) << benchmark.name;
        EXPECT_GT(run.result.total_ns, 0u) << benchmark.name;
        EXPECT_EQ(run.result.output, "") << benchmark.name;
        // Programs read the clock without a system call.
        bool const calls = benchmark.name != std::string_view("clock_gettime");
        // Stacks that are larger under a sanitizer are not measured.
        bool const is_measured = calls && kSanitizerStackBytes == 0;
        EXPECT_EQ(run.figures.peak_stack_bytes > 0, is_measured) << benchmark.name;
        EXPECT_LT(run.figures.peak_stack_bytes, kKernelStackSize) << benchmark.name;
        EXPECT_EQ(run.figures.avoidable_faults, 0u) << benchmark.name;
    }
}

TEST(suite, figures_belong_to_their_benchmark)
{
    SuiteResult const& result = whole_suite();
    EXPECT_EQ(run_of(result, "mmap_fault").figures.demand_faults, 256u);
    EXPECT_EQ(run_of(result, "getpid").figures.demand_faults, 0u);
    // The calls of the loop, and the clock readings around it where there is no vDSO.
    u64 const calls = run_of(result, "getpid").figures.system_calls;
    EXPECT_GE(calls, 10'000u);
    EXPECT_LE(calls, 10'002u);
    if (kSanitizerStackBytes == 0) {
        EXPECT_EQ(run_of(result, "getpid").figures.peak_stack_doing, 39u);
    }
    EXPECT_EQ(run_of(result, "fork_exit").figures.forks, 200u);
    EXPECT_EQ(run_of(result, "fork_exit").figures.execs, 0u);
    EXPECT_EQ(run_of(result, "exec_true").figures.execs, 100u);
    EXPECT_EQ(run_of(result, "pipe_grep").figures.execs, 100u);
    EXPECT_EQ(run_of(result, "pipe_grep").figures.first_execs.size(), kKeptExecs);
    EXPECT_TRUE(run_of(result, "fork_exit").figures.first_execs.empty());
    // BusyBox's shell runs rm, mkdir and sort without exec.
    EXPECT_EQ(run_of(result, "sort_uniq").figures.execs, 20u);
    EXPECT_EQ(run_of(result, "tar_extract").figures.execs, 20u);
}

TEST(suite, two_runs_are_the_same)
{
    SuiteResult const again = run_order(suite_order());
    EXPECT_EQ(again.output, whole_suite().output);
    EXPECT_EQ(again.figures.trace_hash, whole_suite().figures.trace_hash);
    EXPECT_NE(again.figures.trace_hash, "");
}

TEST(suite, order_changes_nothing_but_times)
{
    std::map<std::string, std::string> const expected = without_times(whole_suite());
    for (Order const& order : {square_row(17), shuffled_order(5)}) {
        SuiteResult const result = run_order(order);
        EXPECT_TRUE(result.is_complete) << describe(order) << "\n" << result.problem;
        EXPECT_EQ(without_times(result), expected) << describe(order);
    }
}

TEST(suite, a_benchmark_may_run_several_times)
{
    Order const order = parse_order("pipe,getpid,pipe,pipe,file_tree,tar_extract,tar_extract", "t");
    SuiteResult const result = run_order(order);
    EXPECT_TRUE(result.is_complete) << result.problem;
    EXPECT_EQ(result.runs.size(), order.size());
}

TEST(suite, names_come_from_standard_input_too)
{
    Order const order = {0, 3, 20};
    SuiteResult const result = run_order(order, suite_program_reading_names(false));
    EXPECT_TRUE(result.is_complete) << result.problem << result.errors;
    EXPECT_EQ(result.runs.size(), 3u);
}

TEST(suite, without_a_shell_workloads_are_skipped_and_say_why)
{
    // An archive with nothing but the suite in it.
    std::string const folder = testing::TempDir() + "drydock-suite-alone";
    std::string const make = "mkdir -p " + folder + "/tmp && cp " SUITE_PROGRAM " " + folder;
    ASSERT_EQ(std::system(make.c_str()), 0);
    RootArchive const root = build_root_archive(folder, {});
    Order const order =
        parse_order("exec_true,shell_noop,pipe_grep,getpid,sort_uniq,tar_extract", "t");
    SuiteResult const result = run_order(order, suite_program(order, false), root);
    EXPECT_TRUE(result.is_complete) << result.problem;
    ASSERT_EQ(result.runs.size(), order.size());
    EXPECT_EQ(result.runs[0].result.reason, "/bin/true: ENOENT");
    EXPECT_EQ(result.runs[1].result.reason, "/bin/sh: ENOENT");
    EXPECT_FALSE(result.runs[3].result.is_skipped);
    EXPECT_TRUE(result.runs[4].result.is_skipped);
    EXPECT_TRUE(result.runs[5].result.is_skipped);
}

// A root whose /bin/sh and /bin/true are scripts for BusyBox's applet `applet`.
RootArchive root_of_scripts(std::string const& applet)
{
    std::string const folder = testing::TempDir() + "drydock-suite-" + applet;
    std::string const make =
        "mkdir -p " + folder + "/tmp " + folder + "/bin && cp " SUITE_PROGRAM " " + folder +
        " && cp /bin/busybox " + folder + "/bin/busybox && cd " + folder +
        "/bin && echo '#!/bin/busybox " + applet + "' > sh && chmod 755 sh && cp sh true";
    if (std::system(make.c_str()) != 0) throw std::runtime_error("no folder for the test");
    return build_root_archive(folder, {});
}

TEST(suite, a_failing_program_is_never_timed)
{
    Order const order = parse_order("exec_true,shell_noop,pipe_grep,sort_uniq,tar_extract", "t");
    SuiteResult const result =
        run_order(order, suite_program(order, false), root_of_scripts("false"));
    EXPECT_TRUE(result.is_complete) << result.problem;
    ASSERT_EQ(result.runs.size(), order.size());
    for (BenchmarkRun const& run : result.runs) {
        EXPECT_TRUE(run.result.is_skipped) << run.result.benchmark;
        EXPECT_EQ(run.result.reason, "the program exited with status 1");
    }
}

TEST(suite, work_that_was_not_done_is_never_timed)
{
    Order const order = parse_order("sort_uniq,tar_extract", "t");
    SuiteResult const result =
        run_order(order, suite_program(order, false), root_of_scripts("true"));
    ASSERT_EQ(result.runs.size(), order.size());
    EXPECT_TRUE(result.runs[0].result.is_skipped);
    EXPECT_EQ(result.runs[1].result.reason, "tar left a file out");
}

struct Shell {
    int status = 0;
    std::string output{};
};

Shell shell(std::string const& command)
{
    std::FILE* const pipe = popen((command + " 2>&1 < /dev/null").c_str(), "r");
    Shell result;
    std::array<char, 4096> part{};
    for (usize size = 0; (size = std::fread(part.data(), 1, part.size(), pipe)) > 0;) {
        result.output.append(part.data(), size);
    }
    int const status = pclose(pipe);
    result.status = WIFEXITED(status) ? WEXITSTATUS(status) : 1000;
    return result;
}

TEST(suite, the_table_of_the_program_is_the_simulators)
{
    std::string expected;
    for (Benchmark const& benchmark : benchmarks()) {
        expected += std::string(benchmark.name) + " " + std::to_string(benchmark.full) + " " +
                    std::to_string(benchmark.quick) + "\n";
    }
    Shell const list = shell(SUITE_PROGRAM " --list");
    EXPECT_EQ(list.status, 0);
    EXPECT_EQ(list.output, expected);
}

TEST(suite, runs_on_this_machines_linux)
{
    Shell const run = shell(SUITE_PROGRAM " --quick getpid pipe getpid file_tree");
    EXPECT_EQ(run.status, 0) << run.output;
    ResultParser parser(parse_order("getpid,pipe,getpid,file_tree", "t"));
    parser.take(run.output);
    EXPECT_TRUE(parser.is_complete()) << parser.problem() << run.output;
    EXPECT_EQ(shell(SUITE_PROGRAM " getpid nosuch").status, 2);
    EXPECT_EQ(shell(SUITE_PROGRAM " --fly").status, 2);
    EXPECT_EQ(shell(SUITE_PROGRAM " - getpid").status, 2);
}

TEST(suite, mistakes_on_the_command_line_are_told_in_one_line)
{
    char const* const mistakes[] = {
        "--order nosuch",
        "--order getpid,nosuch",
        "--order /",
        "--order /bin/busybox",
        "--order /etc/passwd",
        "--order-row 44",
        "--order-row -1",
        "--order-row x",
        "--order-seed 18446744073709551616",
        "--order getpid --order-row 3",
        "--only nosuch",
        "--only pipe --order getpid",
        "--repeat 0",
        "--repeat 1000000",
        "--baseline /etc/passwd",
        "--baseline /nowhere",
        "--report /nowhere/report",
        "--trace /nowhere/trace",
        "--stack none",
        "--check nothing",
        "--memory 1",
        "--kernel nosuch",
        "--kernel ../drydock",
        "--kernel-limit 0",
        "--time-limit -1",
        "--fly",
        "getpid",
    };
    for (char const* const mistake : mistakes) {
        Shell const result = shell(std::string(DRYDOCK_PROGRAM " suite ") + mistake);
        EXPECT_EQ(result.status, 125) << mistake;
        EXPECT_EQ(std::count(result.output.begin(), result.output.end(), '\n'), 1) << result.output;
        EXPECT_EQ(result.output.rfind("drydock: ", 0), 0u) << result.output;
    }
}

TEST(suite, a_problem_names_the_benchmark_without_a_result)
{
    Order const order = parse_order("pipe,sort_uniq", "t");
    Outcome outcome;
    outcome.kind = OutcomeKind::Exited;
    outcome.exit_status = 0;
    EXPECT_EQ(describe_problem(order, 2, outcome), "");
    outcome.exit_status = 1;
    outcome.summary = "exited with status 1";
    EXPECT_EQ(describe_problem(order, 0, outcome),
              "in benchmark 1 of 2, pipe: the suite exited with status 1");
    outcome.kind = OutcomeKind::StackOverflow;
    outcome.summary = "kernel stack overflow in f";
    EXPECT_EQ(describe_problem(order, 1, outcome),
              "in benchmark 2 of 2, sort_uniq: kernel stack overflow in f");
    outcome.kind = OutcomeKind::FramesLeaked;
    outcome.summary = "2 frames";
    EXPECT_EQ(describe_problem(order, 2, outcome),
              "after the last benchmark: frames leaked: 2 frames");
}

TEST(suite, report_is_a_baseline_of_the_next_run)
{
    std::string const report = testing::TempDir() + "drydock-suite-report.json";
    std::string const command = DRYDOCK_PROGRAM " suite --quiet --only getpid,pipe ";
    EXPECT_EQ(shell(command + "--report " + report).status, 0);
    Shell const again = shell(command + "--baseline " + report);
    EXPECT_EQ(again.status, 0);
    EXPECT_NE(again.output.find("baseline"), std::string::npos) << again.output;
    EXPECT_NE(again.output.find("+0.0%"), std::string::npos) << again.output;
}

}  // namespace
}  // namespace drydock::sim
