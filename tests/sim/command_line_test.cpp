// The program as its users meet it.

#include "sim/stack_notice.h"
#include "tests/sim/program_support.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using drydock::sim::test::content_of;
using drydock::sim::test::Folder;
using drydock::sim::test::Result;
using drydock::sim::test::run_program;

namespace {

Result shell(std::string const& arguments) { return run_program(DRYDOCK_PROGRAM, arguments); }

TEST(command_line, exit_status_is_the_programs)
{
    EXPECT_EQ(shell("run -- true").status, 0);
    EXPECT_EQ(shell("run -- false").status, 1);
    EXPECT_EQ(shell("run -- sh -c 'exit 42'").status, 42);
    EXPECT_EQ(shell("run -- sh -c 'kill -9 $$'").status, 137);
    EXPECT_EQ(shell("run -- no-such-program").status, 127);
    EXPECT_EQ(shell("run -- /etc/passwd").status, 126);
}

TEST(command_line, mistakes_are_told_in_one_line)
{
    char const* const mistakes[] = {
        "",
        "run",
        "fly",
        "run --no-such-option -- true",
        "run --bogus=1 -- true",
        "run --kernel no-such-kernel -- true",
        "run --kernel ../sim/drydock -- true",
        "run --kernel-limit 0 -- true",
        "run --kernel-limit soon -- true",
        "run --seed x -- true",
        "run --seed -1 -- true",
        "run --seed 18446744073709551616 -- true",
        "run --memory 15 -- true",
        "run --memory 65537 -- true",
        "run --memory lots -- true",
        "run --stack soft -- true",
        "run --tags 13 -- true",
        "run --tags few -- true",
        "run --check luck -- true",
        "run --costs nothing -- true",
        "suite --costs nothing",
        "run --time-limit 0 -- true",
        "run --time-limit nan -- true",
        "run --faults storms -- true",
        "run --env novalue -- true",
        "run --root /nonexistent -- true",
        "run --root /etc/passwd -- true",
        "run --in /nonexistent -- true",
        "run --in /etc/passwd:relative -- true",
        "run --out nocolon -- true",
        "run --report /nonexistent/folder/report -- true",
        "run --trace /nonexistent/folder/trace -- true",
        "boot --accel fast -- true",
        "boot --accel kvm --icount -- true",
        "boot --cpus 2 -- true",
        "boot --cpus 0 -- true",
        "boot --memory 31 -- true",
        "boot --memory lots -- true",
        "boot --seed x -- true",
        "boot --time-limit 0 -- true",
        "boot --time-limit never -- true",
        "boot --stack soft -- true",
        "boot --env novalue -- true",
        "boot --root /nonexistent -- true",
        "boot --image /nonexistent -- true",
        "boot --write-initramfs /nonexistent/folder/file",
        "trace /nonexistent",
        "trace /etc/passwd",
    };
    for (char const* const mistake : mistakes) {
        Result const result = shell(mistake);
        EXPECT_EQ(result.status, 125) << mistake;
        EXPECT_EQ(result.output.rfind("drydock: ", 0), 0u) << mistake << ": " << result.output;
        EXPECT_EQ(std::count(result.output.begin(), result.output.end(), '\n'), 1)
            << mistake << ": " << result.output;
    }
}

TEST(command_line, much_memory_has_the_hole_of_a_pc)
{
    Result const result = shell("run --memory 6000 -- awk '/MemTotal/ {print $2}' /proc/meminfo");
    EXPECT_EQ(result.status, 0) << result.output;
    // Less the frame table, and the hole is not counted.
    int const kibibytes = std::atoi(result.output.c_str());
    EXPECT_GT(kibibytes, 6000 * 1018) << result.output;
    EXPECT_LT(kibibytes, 6000 * 1024) << result.output;
}

TEST(command_line, unknown_option_is_named)
{
    Result const result = shell("run --seed 1 --bogus -- true");
    EXPECT_EQ(result.status, 125);
    EXPECT_EQ(result.output,
              "drydock: unknown option --bogus; what is meant for the program stands after --; see "
              "drydock run --help\n");
    // What stands after -- belongs to the program, whatever it looks like.
    EXPECT_EQ(shell("run -- echo --bogus").output, "--bogus\n");
}

TEST(command_line, report_has_its_keys)
{
    Folder const folder;
    std::string const path = folder / "report.json";
    ASSERT_EQ(shell("run --report " + path + " -- sh -c 'echo x | cat'").status, 0);
    nlohmann::json const report = nlohmann::json::parse(content_of(path));
    for (char const* const key : {"trace_hash",
                                  "kernel",
                                  "seed",
                                  "processes",
                                  "system_calls",
                                  "user_instructions",
                                  "virtual_ns",
                                  "demand_faults",
                                  "avoidable_faults",
                                  "template",
                                  "page_cache",
                                  "peak_stack_bytes",
                                  "peak_stack_call",
                                  "frames",
                                  "unknown_system_calls",
                                  "outcome",
                                  "exit_status",
                                  "host"}) {
        EXPECT_TRUE(report.contains(key)) << key;
    }
    EXPECT_EQ(report["outcome"], "exited");
    EXPECT_EQ(report["frames"]["leaked"], 0);
    EXPECT_EQ(report["avoidable_faults"], 0);
    EXPECT_GE(report["processes"], 2);
    if (drydock::sim::kSanitizerStackBytes == 0) {
        EXPECT_GT(report["peak_stack_bytes"], 200);
    }
    EXPECT_LT(report["peak_stack_bytes"], 16384);
}

TEST(command_line, clocks_are_read_without_system_calls)
{
    Folder const folder;
    std::string const path = folder / "report.json";
    Result const result =
        shell("run --report " + path +
              " -- sh -c 'date -u -s \"2030-01-02 03:04:05\"; date -u +%F; time true'");
    ASSERT_EQ(result.status, 0) << result.output;
    // The kernel's answer to a new date is the page's too.
    EXPECT_NE(result.output.find("2030-01-02\n"), std::string::npos) << result.output;
    nlohmann::json const report = nlohmann::json::parse(content_of(path));
    nlohmann::json const& calls = report["system_calls_by_name"];
    EXPECT_TRUE(calls.contains("clock_settime") || calls.contains("settimeofday"));
    for (char const* const name : {"clock_gettime", "gettimeofday", "time"})
        EXPECT_FALSE(calls.contains(name)) << name;
}

TEST(command_line, files_go_in_and_come_out)
{
    Folder const folder;
    std::filesystem::create_directories(folder / "tree/sub");
    std::ofstream(folder / "tree/sub/a") << "contents of a\n";
    std::ofstream(folder / "tree/b") << std::string(200'000, 'b');
    std::filesystem::create_symlink("sub/a", folder / "tree/link");
    std::string const options =
        "--in " + (folder / "tree") + ":/data/tree --out /data/tree:" + (folder / "back") + " ";
    Result const result =
        shell("run " + options + "-- sh -c 'cat /data/tree/link; echo new > /data/tree/c'");
    EXPECT_EQ(result.status, 0) << result.output;
    EXPECT_EQ(result.output, "contents of a\n");
    EXPECT_EQ(content_of(folder / "back/sub/a"), "contents of a\n");
    EXPECT_EQ(content_of(folder / "back/b"), std::string(200'000, 'b'));
    EXPECT_EQ(content_of(folder / "back/c"), "new\n");
    EXPECT_EQ(std::filesystem::read_symlink(folder / "back/link"), "sub/a");
}

TEST(command_line, trace_is_printed_and_same_anywhere)
{
    Folder const folder;
    std::string const first = folder / "first";
    std::string const second = folder / "second";
    ASSERT_EQ(shell("run --trace " + first + " -- sh -c 'ls / | wc'").status, 0);
    std::string const copy = folder / "renamed-drydock";
    std::filesystem::copy_file(DRYDOCK_PROGRAM, copy);
    std::string const elsewhere = "cd / && env -i NOISE=1 " + copy + " run --trace " + second +
                                  " -- sh -c 'ls / | wc' > /dev/null < /dev/null";
    ASSERT_EQ(std::system(elsewhere.c_str()), 0);
    Result const printed = shell("trace " + first);
    EXPECT_EQ(printed.status, 0);
    EXPECT_NE(printed.output.find("execve("), std::string::npos);
    EXPECT_EQ(shell("trace " + second).output, printed.output);
    EXPECT_EQ(content_of(first), content_of(second));
}

TEST(command_line, nobody_reading_ends_the_writer)
{
    Result const result = shell("run -- sh -c 'yes; echo status $? >&2' 2>/dev/null | head -c 4");
    EXPECT_EQ(result.output, "y\ny\n");
}

}  // namespace
