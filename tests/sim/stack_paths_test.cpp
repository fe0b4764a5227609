// `drydock stack`: how deep each system call goes, by which path, and how deep it can go.

#include "sim/kernel_stacks.h"
#include "sim/stack/stack_path.h"
#include "sim/stack_notice.h"
#include "tests/sim/program_support.h"

#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <nlohmann/json.hpp>

namespace drydock::sim {
namespace {

using Json = nlohmann::json;
using test::Folder;

constexpr char const* kCommand =
    "sh -c 'seq 50 | sort -rn | head -n 3; ls -l /proc/self > /tmp/x; kill -9 $$'";

class StackCommandTest : public ::testing::Test {
protected:
    void SetUp() override
    {
        if (kSanitizerStackBytes > 0) GTEST_SKIP() << "stacks are larger in this build";
    }

    // The report of a run over a command.
    Json report_of(std::string const& command)
    {
        std::string const path = folder_ / "report";
        test::Result const result =
            test::run_program(DRYDOCK_PROGRAM, "stack --report " + path + " -- " + command);
        EXPECT_EQ(result.status, 0) << result.output;
        return Json::parse(test::content_of(path), nullptr, false);
    }

    Folder folder_{};
};

u64 bytes_of(Json const& path)
{
    u64 sum = 0;
    for (Json const& step : path) sum += step.at("bytes").get<u64>();
    return sum;
}

TEST_F(StackCommandTest, every_path_seen_is_whole_and_within_its_bound)
{
    Json const report = report_of(kCommand);
    u64 const start = report.at("start_bytes");
    std::map<std::string, u64> seen;
    for (Json const& call : report.at("calls")) {
        std::string const name = call.at("name");
        u64 const bound = call.at("bound").at("bytes");
        EXPECT_EQ(start + bytes_of(call.at("bound").at("path")), bound) << name;
        if (!call.contains("seen")) continue;
        Json const& use = call.at("seen");
        seen[name] = use.at("bytes");
        EXPECT_LE(seen[name], bound) << name;
        EXPECT_EQ(start + bytes_of(use.at("path")), seen[name]) << name;
        ASSERT_GE(use.at("path").size(), 2u) << name;
        std::string const first = use.at("path")[0].at("function");
        EXPECT_TRUE(first == "drydock::run_user_thread" ||
                    first == "drydock::Kernel::run_first_thread")
            << name << " starts in " << first;
    }
    for (char const* const name : {"pipe2", "clone", "read", "write", "kill", "openat", "fault"}) {
        bool const is_fork = std::string_view(name) == "clone";
        EXPECT_GT(seen[name] + (is_fork ? seen["fork"] + seen["vfork"] : 0), start) << name;
    }
}

TEST_F(StackCommandTest, the_deepest_function_of_a_path_is_what_the_call_does)
{
    Json const report = report_of(kCommand);
    for (Json const& call : report.at("calls")) {
        if (call.at("name") != "pipe2") continue;
        std::string const path = call.at("seen").at("path").dump();
        for (char const* const name : {"dispatch_syscall", "create_pipe"}) {
            EXPECT_NE(path.find(name), std::string::npos) << path;
        }
        // sys_pipe2 has one call, at its end: a compiler may make it a jump, which leaves no frame.
        bool const has_handler = path.find("sys_pipe2") != std::string::npos;
        EXPECT_TRUE(has_handler || path.find("make_pipe") != std::string::npos) << path;
    }
}

// Watching takes faults and single steps; what comes of it is still a function of the run.
TEST_F(StackCommandTest, two_runs_say_the_same)
{
    EXPECT_EQ(report_of(kCommand), report_of(kCommand));
}

TEST_F(StackCommandTest, one_call_with_its_paths)
{
    test::Result const result =
        test::run_program(DRYDOCK_PROGRAM, std::string("stack --call openat -- ") + kCommand);
    EXPECT_EQ(result.status, 0);
    EXPECT_EQ(result.output.rfind("openat: ", 0), 0u) << result.output;
    EXPECT_NE(result.output.find("sys_openat"), std::string::npos) << result.output;
    EXPECT_EQ(result.output.find("more than"), std::string::npos) << result.output;
}

TEST_F(StackCommandTest, unknown_calls_and_unwritable_reports_are_refused_in_one_line)
{
    test::Result const call = test::run_program(DRYDOCK_PROGRAM, "stack --call opn -- sh -c :");
    EXPECT_EQ(call.status, 125);
    EXPECT_EQ(call.output, "drydock: --call opn: the kernel has no such call\n");
    test::Result const report =
        test::run_program(DRYDOCK_PROGRAM, "stack --report /nowhere/r -- sh -c :");
    EXPECT_EQ(report.status, 125);
    EXPECT_EQ(std::count(report.output.begin(), report.output.end(), '\n'), 1) << report.output;
}

TEST(stack_path, names_lose_their_parameters_and_nothing_else)
{
    EXPECT_EQ(without_parameters("drydock::Vfs::open(drydock::Path)"), "drydock::Vfs::open");
    EXPECT_EQ(without_parameters("drydock::(anonymous namespace)::look((anonymous namespace)::A)"),
              "drydock::(anonymous namespace)::look");
    EXPECT_EQ(without_parameters("memset"), "memset");
}

}  // namespace
}  // namespace drydock::sim
